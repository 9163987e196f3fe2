"""Tell denominators, allowances and days of risk; notice attention that falls."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from bihuan.core.audit.services import SYSTEM, record
from bihuan.core.clock import day_end, local_date
from bihuan.core.errors import Invalid, NotAllowed, NotFound
from bihuan.core.loops.models import Domain, Obligation
from bihuan.core.loops.services import write_brief
from bihuan.core.loops.services.opening import Deadline
from bihuan.core.loops.services.raising import raise_loop
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.selectors import desk_of
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.core.places.types import under
from bihuan.safety.models import Allowance, DayRisk, DayStaff, Denominator
from bihuan.safety.rules.attention import meet
from bihuan.safety.selectors.attention import Rate, rates_of
from bihuan.safety.types import DayLevel, PerilFamily

MEASURES = ("deaths", "accidents")
NAMES = {"inspections": "检查", "hazards": "隐患上报", "near_misses": "未遂事件报告"}


def _place(place_id: int, by: Actor) -> Place:
    if not by.has("supervise.plan"):
        raise NotAllowed("not_allowed", duty="supervise.plan")
    place = Place.objects.filter(pk=place_id, valid_to=None).first()
    if place is None or not under(place.path, by.scope):
        raise NotFound("place.not_found", id=place_id)
    return place


@transaction.atomic
def set_denominator(
    *, place_id: int, key: str, year: int, value: int, source: str, by: Actor, at: datetime
) -> Denominator:
    """Tell how many a place has of what accidents are counted against; the former version stays.

    Raises NotFound, NotAllowed, Invalid("denominator.key" | "denominator.value" |
    "denominator.source").
    """
    place = _place(place_id, by)
    if key not in {row["key"] for row in registry.table("denominator", at, scope=place.path)}:
        raise Invalid("denominator.key", field="key")
    if value <= 0:
        raise Invalid("denominator.value", field="value")
    if not source.strip():
        raise Invalid("denominator.source", field="source")
    row = Denominator.objects.create(
        place=place, scope=place.path, key=key, year=year, value=value,
        source=source.strip()[:120], at=at, by=by.name,
    )  # fmt: skip
    record(action="attention.denominator", subject=f"place:{place.pk}", by=by, at=at,
           scope=place.path, facts={"key": key, "year": year, "value": value})  # fmt: skip
    return row


@transaction.atomic
def set_allowance(
    *, place_id: int, year: int, measure: str, most: int, by: Actor, at: datetime
) -> Allowance:
    """Set the yearly target of a place. Raises NotFound, NotAllowed, Invalid("allowance.wrong")."""
    place = _place(place_id, by)
    if measure not in MEASURES or most < 0:
        raise Invalid("allowance.wrong", field="most")
    row = Allowance.objects.create(
        place=place, scope=place.path, year=year, measure=measure, most=most, at=at, by=by.name
    )
    record(action="attention.allowance", subject=f"place:{place.pk}", by=by, at=at,
           scope=place.path, facts={"year": year, "measure": measure, "most": most})  # fmt: skip
    return row


@dataclass(frozen=True, slots=True)
class NewDay:
    """A family of risk on a day in a place, and the staff it needs; staff on hand, if known."""

    place_id: int
    day: date
    family: str
    level: str
    staff: int = 0
    source: str = ""
    on_hand: int | None = None


@transaction.atomic
def set_day(*, given: NewDay, by: Actor, at: datetime) -> DayRisk:
    """Tell a day's risk; a day on which several meet makes the desk owe a joint plan (M054).

    Raises NotFound, NotAllowed, Invalid("day_risk.wrong" | "day_risk.past").
    """
    place = _place(given.place_id, by)
    if given.family not in PerilFamily.values or given.level not in DayLevel.values:
        raise Invalid("day_risk.wrong", field="family")
    if given.staff < 0 or (given.on_hand or 0) < 0:
        raise Invalid("day_risk.wrong", field="staff")
    if given.day < local_date(at):
        raise Invalid("day_risk.past", field="day")
    row, _new = DayRisk.objects.update_or_create(
        place=place, day=given.day, family=given.family,
        defaults={"scope": place.path, "level": given.level, "staff": given.staff,
                  "source": given.source.strip()[:120], "at": at, "by": by.name},
    )  # fmt: skip
    hands, _new = DayStaff.objects.get_or_create(
        place=place, day=given.day, defaults={"scope": place.path}
    )
    if given.on_hand is not None:
        hands.on_hand = given.on_hand
    hands.task = hands.task or _joint_plan(place, given.day, hands.on_hand, at=at)
    hands.save()
    record(action="attention.day", subject=f"place:{place.pk}", by=by, at=at, scope=place.path,
           facts={"day": given.day.isoformat(), "family": given.family,
                  "level": given.level})  # fmt: skip
    return row


def _joint_plan(place: Place, day: date, on_hand: int | None, *, at: datetime) -> Obligation | None:
    """The task to plan jointly; None while the day is not compound or nobody has the desk."""
    rows = DayRisk.objects.filter(place=place, day=day)
    told = meet({row.family: (row.level, row.staff) for row in rows}, on_hand)
    desk = desk_of(place_ids=[place.pk]).get(place.pk)
    if not told.compound or desk is None:
        return None
    before = int(registry.value("calendar.plan_before_days", at, scope=place.path).value)
    names = "、".join(str(row.get_family_display()) for row in rows)
    return _raise(
        desk, f"{day.month}月{day.day}日风险叠加联合方案:{names}"[:200],
        f"需要 {told.needed} 人", "联合方案已定:各类风险各需多少人、从哪里来",
        Deadline(max(day_end(day - timedelta(days=before)), at + timedelta(hours=1))),
        f"day:{place.pk}", at,
    )  # fmt: skip


def _raise(
    desk: Post, title: str, text: str, criterion: str, due: Deadline, origin: str, at: datetime
) -> Obligation:
    brief = write_brief(
        given=BriefInput(title=title, text=text, domain=Domain.SAFETY, criterion=criterion),
        place=desk.place, at=at,
    )  # fmt: skip
    return raise_loop(flow="task", brief=brief, owner=desk, issuer=desk, deadline=due,
                      origin=origin, by=SYSTEM, at=at)  # fmt: skip


def watch_attention(*, at: datetime) -> int:
    """Look at the last whole week of every county; a fall is owed an explanation. Repeatable."""
    places = {
        place.pk: place
        for place in Place.objects.filter(level__in=("county", "city"), valid_to=None)
    }
    desks = desk_of(place_ids=places)
    told = rates_of(scopes=[places[place_id].path for place_id in desks], at=at)
    sent = 0
    for place_id, desk in desks.items():
        for rate in told[places[place_id].path]:
            if rate.decay.fallen:
                sent += _notice(desk, rate, at=at)
    return sent


@transaction.atomic
def _notice(desk: Post, rate: Rate, *, at: datetime) -> int:
    """One notice for a rate and week, however often the watch runs."""
    origin = f"attention:{rate.name}:{desk.place_id}"
    week = rate.weeks[-1][0]
    since = at - timedelta(days=7)
    if Obligation.objects.filter(origin=origin, opened_at__gt=since).exists():
        return 0
    name = NAMES[rate.name]
    due = registry.due("attention.answer", at, scope=desk.scope)
    _raise(
        desk, f"警觉度下降:{name}上周 {rate.decay.last},均值 {rate.decay.mean:.0f}",
        f"{week.isoformat()} 起的一周,{name}低于前几周均值。请说明原因,没有正当原因的补上。",
        "已说明原因,或已恢复到均值", Deadline(*due), origin, at,
    )  # fmt: skip
    return 1
