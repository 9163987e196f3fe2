"""A unit keeps its own roll, gates and declarations (M017). Nobody else writes or reads them.

Staff numbers stay with the unit. What it did not say today is kept as numbers for some days, then
as a count alone.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from bihuan.command.models import Entrance, EntranceDay, UnitAct, UnitDay, UnitRoll
from bihuan.command.rules import MOST_STAFF, missing_of, read_numbers
from bihuan.command.selectors.gates import fetch_entrance
from bihuan.command.types import ActKind
from bihuan.core.audit.services import record
from bihuan.core.clock import day_end, local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed
from bihuan.core.orgs.models import Org
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry


def _keeps(by: Actor) -> Org:
    """The unit whose gate it is. Raises NotAllowed for everybody above it."""
    if not by.has("gate.keep"):
        raise NotAllowed("not_allowed", duty="gate.keep")
    return Org.objects.get(pk=by.org_id)


def _until(day: date, org: Org, at: datetime) -> datetime:
    days = registry.value("gate.keep_days", at, scope=org.scope).value
    return day_end(day) + timedelta(days=float(days))


def _today(day: date, at: datetime) -> None:
    if day > local_date(at):
        raise Invalid("gate.day", field="day")


@transaction.atomic
def keep_roll(*, text: str, by: Actor, at: datetime) -> UnitRoll:
    """Write the roll anew by the unit's own staff numbers. The audit is told counts alone.

    Raises NotAllowed, Invalid("gate.no_numbers" | "gate.numbers" | "gate.too_many").
    """
    org = _keeps(by)
    read = read_numbers(text)
    if read.refused:
        raise Invalid("gate.numbers", field="text", numbers=list(read.refused[:5]))
    if not read.taken:
        raise Invalid("gate.no_numbers", field="text")
    if len(read.taken) > MOST_STAFF:
        raise Invalid("gate.too_many", field="text", most=MOST_STAFF)
    told = {"scope": org.scope, "numbers": list(read.taken), "changed_at": at,
            "changed_by": by.name}  # fmt: skip
    row, _new = UnitRoll.objects.update_or_create(org=org, defaults=told)
    record(action="gate.roll", subject=f"org:{org.pk}", by=by, at=at, scope=org.scope,
           facts={"staff": len(read.taken)})  # fmt: skip
    return row


@transaction.atomic
def declare_day(*, day: date, text: str, ill: int, by: Actor, at: datetime) -> UnitDay:
    """Say who of the roll has declared on a day, and how many told of an illness.

    Said again, the later one stands. Locks the roll. Raises NotAllowed, Conflict("gate.no_roll"),
    Invalid("gate.day" | "gate.ill" | "gate.numbers" | "gate.unknown").
    """
    org = _keeps(by)
    _today(day, at)
    roll = UnitRoll.objects.select_for_update().filter(org=org).first()
    if roll is None:
        raise Conflict("gate.no_roll")
    read = read_numbers(text)
    unknown = missing_of(read.taken, roll.numbers)
    if read.refused:
        raise Invalid("gate.numbers", field="text", numbers=list(read.refused[:5]))
    if unknown:
        raise Invalid("gate.unknown", field="text", numbers=list(unknown[:5]))
    if not 0 <= ill <= len(roll.numbers):
        raise Invalid("gate.ill", field="ill")
    missing = missing_of(roll.numbers, read.taken)
    told = {
        "scope": org.scope, "staff": len(roll.numbers), "ill": ill, "missing": list(missing),
        "declared": len(roll.numbers) - len(missing), "at": at, "by": by.name,
        "expires_at": _until(day, org, at),
    }  # fmt: skip
    row, _new = UnitDay.objects.update_or_create(org=org, day=day, defaults=told)
    record(action="gate.declare", subject=f"org:{org.pk}", by=by, at=at, scope=org.scope,
           facts={"day": day.isoformat(), "staff": row.staff,
                  "declared": row.declared})  # fmt: skip
    return row


@transaction.atomic
def open_entrance(*, name: str, by: Actor, at: datetime) -> Entrance:
    """Enter an entrance. Raises NotAllowed, Invalid("gate.name"), Conflict("gate.twice")."""
    org = _keeps(by)
    if not name.strip():
        raise Invalid("gate.name", field="name")
    try:
        with transaction.atomic():
            row = Entrance.objects.create(
                org=org, scope=org.scope, name=name.strip()[:60], opened_at=at
            )
    except IntegrityError as fault:
        raise Conflict("gate.twice", field="name", name=name.strip()) from fault
    record(action="gate.entrance", subject=f"org:{org.pk}", by=by, at=at, scope=org.scope,
           facts={"name": row.name})  # fmt: skip
    return row


@dataclass(frozen=True, slots=True)
class Watch:
    """Who stands at an entrance on a day, by staff number; how many visitors came."""

    day: date
    on_duty: str
    visitors: int = 0


@transaction.atomic
def keep_watch(*, entrance_id: int, given: Watch, by: Actor, at: datetime) -> EntranceDay:
    """Say who is on duty at an entrance, and count its visitors.

    Raises NotAllowed, NotFound, Invalid("gate.day" | "gate.visitors" | "gate.unknown").
    """
    org = _keeps(by)
    entrance = fetch_entrance(entrance_id=entrance_id, by=by)
    if given.visitors < 0:
        raise Invalid("gate.visitors", field="visitors")
    number = given.on_duty.strip()
    if not UnitRoll.objects.filter(org=org, numbers__contains=[number]).exists():
        raise Invalid("gate.unknown", field="on_duty", numbers=[number[:20]])
    told = {"on_duty": number, "visitors": given.visitors, "at": at, "by": by.name,
            "expires_at": _until(given.day, org, at)}  # fmt: skip
    row, _new = EntranceDay.objects.update_or_create(
        entrance=entrance, day=given.day, defaults=told
    )
    record(action="gate.watch", subject=f"org:{org.pk}", by=by, at=at, scope=org.scope,
           facts={"entrance": entrance.name, "visitors": given.visitors})  # fmt: skip
    return row


@transaction.atomic
def note_act(
    *, kind: str, day: date, topic: str, n: int, by: Actor, at: datetime
) -> UnitAct:  # fmt: skip
    """Say how many were trained, or offered a vaccination. Nobody by name or number.

    Raises NotAllowed, Invalid("gate.act" | "gate.day").
    """
    org = _keeps(by)
    _today(day, at)
    if kind not in ActKind.values or not topic.strip() or not 0 < n <= MOST_STAFF:
        raise Invalid("gate.act", field="n" if topic.strip() else "topic")
    row = UnitAct.objects.create(
        org=org, scope=org.scope, kind=kind, day=day, topic=topic.strip()[:120], n=n, at=at,
        by=by.name,
    )  # fmt: skip
    record(action="gate.act", subject=f"org:{org.pk}", by=by, at=at, scope=org.scope,
           facts={"kind": kind, "n": n})  # fmt: skip
    return row


def forget_numbers(*, at: datetime) -> int:
    """Take the staff numbers out of days whose time has come; the counts stay. Repeatable."""
    days = UnitDay.objects.filter(expires_at__lte=at).exclude(missing=[]).update(missing=[])
    watches = EntranceDay.objects.filter(expires_at__lte=at).exclude(on_duty="")
    return days + watches.update(on_duty="")
