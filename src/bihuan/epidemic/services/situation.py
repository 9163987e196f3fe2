"""The situation of an event at a place and moment; judgements of it, written and signed."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.models import Place, Population
from bihuan.core.places.selectors import population_of
from bihuan.epidemic.models import Event, Judgement
from bihuan.epidemic.rules.ledgers import Ledger, ledger
from bihuan.epidemic.rules.situation import (
    Flow,
    Line,
    ReboundRule,
    Zero,
    ZeroRule,
    flows,
    rebound,
    tally,
    zero,
)
from bihuan.epidemic.selectors.sight import fetch_event
from bihuan.epidemic.selectors.situation import contacts_placed, fetch_judgement, known_cases
from bihuan.epidemic.services.cases import edition_of
from bihuan.epidemic.types import Origin

if TYPE_CHECKING:  # the site starts half a second sooner without the numerics
    from bihuan.epidemic.analysis.situation import Estimate, Parameters

SHOWN_DAYS = 21
LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything the page and the reports say, as known at `at`."""

    at: datetime
    day: date
    edition: str
    lines: tuple[Line, ...]
    flows: tuple[Flow, ...]  # oldest first, the last one is the day
    week: Ledger  # seven days up to the day
    contacts: tuple[int, int]  # placed a week ago, placed now
    share_week: tuple[int, int]  # found under control, of all of seven days
    origins: tuple[tuple[str, int], ...]
    areas: dict[str, tuple[int, int]]  # path of a county: new on the day, all
    zero: Zero
    population: Population | None  # the denominator, with its year and source
    rebound: tuple[str, int, int]
    strategy: dict[str, Any] | None
    estimate: "Estimate"
    parameters: "Parameters"

    @property
    def today(self) -> Flow:
        """The day itself."""
        return self.flows[-1]


def situation(*, event: Event, place: Place, at: datetime) -> Situation:
    """What was known at a moment of an event in a place, its population too. Five queries."""
    from bihuan.epidemic.analysis.situation import estimate

    day = local_date(at)
    pack = edition_of(event, at, scope=place.path)
    cases = known_cases(at=at, scope=place.path, event=event)
    kinds = [row["key"] for row in pack.tables.get("case_class", ())]
    given = parameters(at, scope=place.path, disease=event.disease)
    days = flows(cases, first=day - timedelta(days=given.history_days - 1), last=day)
    week = days[-7:]
    community = [(flow.day, flow.community) for flow in days]
    people = population_of(place.pk, at)
    placed = partial(contacts_placed, scope=place.path, event=event)
    by_county: dict[str, Counter[date]] = {}
    for case in cases:
        if case.origin in {Origin.KNOWN, Origin.UNKNOWN}:
            by_county.setdefault(case.county, Counter())[case.reported] += 1
    return Situation(
        at=at, day=day, edition=pack.ref, lines=tally(cases, day=day, kinds=kinds),
        flows=days[-SHOWN_DAYS:],
        week=ledger(cases, first=day - timedelta(days=6), last=day),
        contacts=(placed(at=at - timedelta(days=7)), placed(at=at)),
        share_week=(sum(f.controlled for f in week), sum(f.new for f in week)),
        origins=tuple((key, sum(c.origin == key for c in cases)) for key in Origin.values),
        areas={
            path: (sum(c.reported == day for c in cases if c.county == path), n)
            for path, n in Counter(c.county for c in cases).items()
        },
        zero=zero(community, _zero_rule(at, place.path, event.disease),
                  population=people.value if people else 0),
        population=people,
        rebound=rebound(by_county, _rebound_rule(at, place.path), day=day),
        strategy=strategy(at), estimate=estimate(cases, day=day, given=given), parameters=given,
    )  # fmt: skip


def strategy(at: datetime) -> dict[str, Any] | None:
    """The strategy in force on a day with its source; None where there is none (M194)."""
    try:
        pack = registry.edition("strategy", at)
    except NotFound:
        return None
    return {**pack.tables["strategy"][0], "source": pack.source, "edition": pack.ref}


def parameters(at: datetime, *, scope: str, disease: str) -> "Parameters":
    """What an estimate rests on, from the packs in force."""
    from bihuan.epidemic.analysis.situation import Parameters

    def said(key: str) -> Any:
        return registry.value(key, at, scope=scope, disease=disease).value

    return Parameters(
        window_days=int(said("r.window_days")), least_cases=int(said("r.least_cases")),
        turning_days=int(said("turning.days")), forecast_days=int(said("forecast.days")),
        longest_delay=int(said("nowcast.longest_delay")),
        complete_share=float(said("nowcast.complete_share")),
        history_days=int(said("history.days")), serial_mean=float(said("serial.mean_days")),
        serial_sd=float(said("serial.sd_days")),
    )  # fmt: skip


def _zero_rule(at: datetime, scope: str, disease: str) -> ZeroRule:
    run, near, rate = (
        registry.value(f"zero.{key}", at, scope=scope, disease=disease).value
        for key in ("run_days", "near_days", "near_per_100k")
    )
    return ZeroRule(int(run), int(near), float(rate))


def _rebound_rule(at: datetime, scope: str) -> ReboundRule:
    days, cases, counties, share = (
        registry.value(f"rebound.{key}", at, scope=scope).value
        for key in ("window_days", "cases", "counties", "amber_share")
    )
    return ReboundRule(int(days), int(cases), int(counties), float(share))


@transaction.atomic
def write_judgement(
    *, event_id: int, place: Place, text: str, known_at: datetime, by: Actor, at: datetime
) -> Judgement:
    """Write the judgement of a day, or its next version. Locks the event.

    Raises NotAllowed, NotFound, Invalid("judgement.empty" | "judgement.future").
    """
    if not by.has("situation.judge"):
        raise NotAllowed("not_allowed", duty="situation.judge")
    event = fetch_event(event_id=event_id, by=by)
    if len(text.strip()) < 10 or len(text) > LONGEST:
        raise Invalid("judgement.empty", field="text", most=LONGEST)
    if known_at > at:
        raise Invalid("judgement.future", field="known_at")
    Event.objects.select_for_update().get(pk=event.pk)
    day = local_date(known_at)
    versions = Judgement.objects.filter(event=event, place=place, day=day)
    last = versions.aggregate(last=Max("version"))["last"] or 0
    row = Judgement.objects.create(
        event=event, place=place, scope=place.path, day=day, version=last + 1, text=text.strip(),
        known_at=known_at, written_at=at, written_by_id=by.person_id, written_by=by.name,
    )  # fmt: skip
    record(action="judgement.write", subject=f"judgement:{row.pk}", by=by, at=at, scope=row.scope,
           facts={"day": day.isoformat(), "version": row.version})  # fmt: skip
    return row


@transaction.atomic
def sign_judgement(*, judgement_id: int, by: Actor, at: datetime) -> Judgement:
    """Sign a judgement; whoever wrote it may not. Only the latest version. Locks it.

    Raises NotAllowed, NotFound, Conflict("judgement.signed" | "judgement.superseded"),
    MoveBlocked("judgement.same_person").
    """
    if not by.has("situation.sign"):
        raise NotAllowed("not_allowed", duty="situation.sign")
    row = fetch_judgement(judgement_id=judgement_id, by=by, lock=True)
    if row.signed_at is not None:
        raise Conflict("judgement.signed")
    if row.written_by_id == by.person_id:
        raise MoveBlocked("judgement.same_person")
    later = Judgement.objects.filter(event=row.event, place=row.place, day=row.day)
    if later.filter(version__gt=row.version).exists():
        raise Conflict("judgement.superseded")
    row.signed_at, row.signed_by_id, row.signed_by = at, by.person_id, by.name
    row.save(update_fields=["signed_at", "signed_by_id", "signed_by"])
    record(action="judgement.sign", subject=f"judgement:{row.pk}", by=by, at=at, scope=row.scope,
           after="signed", facts={"version": row.version})  # fmt: skip
    return row
