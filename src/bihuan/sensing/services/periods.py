"""Draw up the plan of a festival or key period, change it, set it, end it; turn it by its days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.loops.models import Domain
from bihuan.core.orgs.models import Sector
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.models import Level
from bihuan.sensing.models import KeyPeriod, PeriodMeasure
from bihuan.sensing.rules.periods import DESK, OWN
from bihuan.sensing.selectors.periods import fetch_period
from bihuan.sensing.services.period_tasks import lapse, open_tasks

FAMILY = "key-periods"
LONGEST_LEAD = 120
WIDEST = 366  # days between a measure and the first day


@dataclass(frozen=True, slots=True)
class NewPeriod:
    """A key period; what is left out comes from its kind in the pack."""

    kind: str
    first: date
    last: date
    title: str = ""
    lead_days: int | None = None
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a measure is to say."""

    text: str
    owner: str
    level: str
    offset: int
    domain: str
    criterion: str


@transaction.atomic
def draw_period(*, given: NewPeriod, by: Actor, at: datetime) -> KeyPeriod:
    """A draft for one's own place and all below, with the measures its kind usually has.

    Raises NotAllowed, Invalid("period.…"), Conflict("period.exists").
    """
    _plans(by)
    pack = registry.edition(FAMILY, at, scope=by.scope)
    kind = pack.rows("period_kind").get(given.kind)
    if kind is None:
        raise Invalid("period.kind", field="kind")
    lead = int(kind["lead_days"]) if given.lead_days is None else given.lead_days
    ends = given.ends or given.last + timedelta(days=int(kind["after_days"]))
    _check_days(given, lead, ends, by, at)
    same = KeyPeriod.objects.filter(place=by.place_id, kind=given.kind, first=given.first).first()
    if same is not None:
        raise Conflict("period.exists", title=same.title)
    row = KeyPeriod.objects.create(
        kind=given.kind, title=given.title.strip()[:80] or f"{given.first.year} 年{kind['title']}",
        place_id=by.place_id, scope=by.scope, starts=given.first - timedelta(days=lead),
        first=given.first, last=given.last, ends=ends, edition=pack.ref, post_id=by.post_id,
        drawn_at=at,
    )  # fmt: skip
    PeriodMeasure.objects.bulk_create(
        PeriodMeasure(
            period=row, text=one["title"], text_en=one["title_en"], owner=one["owner"],
            level=one["level"], offset=one["offset"], domain=one["domain"],
            criterion=one["criterion"], mark=one.get("mark", pack.mark),
        )
        for one in pack.tables["period_measure"] if given.kind in one["kinds"]
    )  # fmt: skip
    _told("draw", row, by, at)
    return row


def _plans(by: Actor) -> None:
    if not by.has("period.plan"):
        raise NotAllowed("not_allowed", duty="period.plan")


def _check_days(given: NewPeriod, lead: int, ends: date, by: Actor, at: datetime) -> None:
    if not given.first <= given.last <= ends:
        raise Invalid("period.days", field="last")
    if ends < local_date(at):
        raise Invalid("period.over", field="ends", day=ends.isoformat())
    if not 0 <= lead <= LONGEST_LEAD:
        raise Invalid("period.lead", field="lead_days", most=LONGEST_LEAD)
    most = int(registry.value("period.most_days", at, scope=by.scope).value)
    if (ends - given.first).days > most:
        raise Invalid("period.long", field="ends", most=most)


def _told(act: str, row: KeyPeriod, by: Actor, at: datetime, **facts: object) -> None:
    record(action=f"period.{act}", subject=f"period:{row.pk}", by=by, at=at, scope=row.scope,
           facts=facts)  # fmt: skip


def _mine(period_id: int, by: Actor) -> KeyPeriod:
    """A plan of one's own place, locked."""
    row = fetch_period(period_id=period_id, by=by, lock=True)
    _plans(by)
    if row.scope != by.scope:
        raise NotAllowed("not_allowed", duty="period.plan")
    return row


def _draft(period_id: int, by: Actor) -> KeyPeriod:
    row = _mine(period_id, by)
    if row.set_at is not None:
        raise Conflict("period.set", title=row.title)
    return row


@transaction.atomic
def keep_measure(
    *, period_id: int, measure_id: int | None, given: Wanted, by: Actor, at: datetime
) -> PeriodMeasure:
    """Change a measure of a draft, or add one. Locks the plan.

    Raises NotFound, NotAllowed, Conflict("period.set"), Invalid("period.…").
    """
    period = _draft(period_id, by)
    row = PeriodMeasure(period=period, mark="default")
    if measure_id is not None:
        row = _measure(period, measure_id)
    if not given.text.strip() or not given.criterion.strip():
        raise Invalid("period.words", field="criterion" if given.text.strip() else "text")
    sector = Sector.objects.filter(code=given.owner).exists()
    level = given.level == OWN or given.level in Level.values
    if not (given.owner == DESK or sector) or not level or given.domain not in Domain.values:
        raise Invalid("period.owner", field="owner")
    if abs(given.offset) > WIDEST:
        raise Invalid("period.offset", field="offset", most=WIDEST)
    if row.text != given.text.strip():
        row.text, row.text_en = given.text.strip()[:200], ""
    row.owner, row.level, row.offset = given.owner, given.level, given.offset
    row.domain, row.criterion = given.domain, given.criterion.strip()[:200]
    row.save()
    _told("measure", period, by, at, text=row.text, owner=row.owner, offset=row.offset)
    return row


def _measure(period: KeyPeriod, measure_id: int) -> PeriodMeasure:
    row = period.measures.filter(pk=measure_id).first()
    if row is None:
        raise NotFound("period.no_measure", id=measure_id)
    return row


@transaction.atomic
def drop_measure(*, period_id: int, measure_id: int, by: Actor, at: datetime) -> None:
    """Take a measure out of a draft. Locks the plan. Raises what `keep_measure` raises."""
    period = _draft(period_id, by)
    row = _measure(period, measure_id)
    _told("drop_measure", period, by, at, text=row.text)
    row.delete()


@transaction.atomic
def set_period(*, period_id: int, by: Actor, at: datetime) -> int:
    """Let a plan hold: below it is seen, its tasks open when the lead begins; how many opened now.

    Locks the plan. Raises NotFound, NotAllowed, Conflict("period.set"), Invalid("period.empty" |
    "period.over").
    """
    row = _draft(period_id, by)
    if row.ends < local_date(at):
        raise Invalid("period.over", day=row.ends.isoformat())
    if not row.measures.exists():
        raise Invalid("period.empty")
    row.set_at = at
    row.save(update_fields=["set_at"])
    _told("set", row, by, at, starts=row.starts.isoformat(), ends=row.ends.isoformat())
    return open_tasks(row, at=at) if row.starts <= local_date(at) else 0


@transaction.atomic
def end_period(*, period_id: int, reason: str, by: Actor, at: datetime) -> int:
    """End all measures of a plan now, with a reason; how many tasks lapsed. Locks the plan.

    Raises NotFound, NotAllowed, Conflict("period.not_running"), Invalid("period.reason").
    """
    row = _mine(period_id, by)
    if row.set_at is None or row.lapsed_at is not None:
        raise Conflict("period.not_running", title=row.title)
    if not reason.strip():
        raise Invalid("period.reason", field="reason")
    row.ended_why = reason.strip()[:200]
    _told("end", row, by, at, reason=row.ended_why)
    return lapse(row, by=by, at=at)


@dataclass(frozen=True, slots=True)
class Turned:
    """What the days brought: plans whose tasks opened, plans whose measures lapsed."""

    opened: int
    lapsed: int


def turn_periods(*, at: datetime) -> Turned:
    """Open what has begun and lapse what is over, each plan in a transaction of its own.

    Safe to repeat, to run twice at a time and to cut short: a plan is turned whole or not at all.
    """
    today = local_date(at)
    running = KeyPeriod.objects.filter(set_at__isnull=False, lapsed_at=None)
    over = running.filter(ends__lt=today).order_by("pk").values_list("pk", flat=True)
    lapsed = sum(_turn(pk, at=at) for pk in list(over))
    begun = running.filter(starts__lte=today, opened_at=None).order_by("pk")
    opened = sum(_turn(pk, at=at) for pk in list(begun.values_list("pk", flat=True)))
    return Turned(opened, lapsed)


@transaction.atomic
def _turn(pk: int, *, at: datetime) -> bool:
    """Bring one plan to where it should be; whether anything was to be done. Locks it."""
    rows = KeyPeriod.objects.select_for_update(of=("self",)).select_related("place", "post")
    row = rows.get(pk=pk)
    if row.lapsed_at is not None:
        return False
    if row.ends < local_date(at):
        lapse(row, by=None, at=at)
        return True
    if row.opened_at is not None:
        return False
    open_tasks(row, at=at)
    return True
