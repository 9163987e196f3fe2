"""Register gates, say what they can take, take forecasts, ask for returns to be spread."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.clock import day_start, local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed
from bihuan.core.loops.models import Domain, Obligation
from bihuan.core.loops.services import issue, write_brief
from bihuan.core.loops.services.opening import Deadline
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.selectors import desk_of
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.core.places.types import under
from bihuan.sensing.models import Expected, Gate, GateDay
from bihuan.sensing.rules.flows import Fault, Line, read_flow_lines
from bihuan.sensing.selectors.flows import ask_origin, fetch_gate, gates_seen, outlook, spread_of
from bihuan.sensing.types import GateKind


@dataclass(frozen=True, slots=True)
class NewGate:
    """A gate to be registered."""

    name: str
    kind: str
    place_id: int
    checks_per_day: int
    tests_per_day: int | None = None


def _writes(by: Actor) -> None:
    if not by.has("flow.write"):
        raise NotAllowed("not_allowed", duty="flow.write")


@transaction.atomic
def register_gate(*, given: NewGate, by: Actor, at: datetime) -> Gate:
    """A gate of one's own place. Raises NotAllowed, Invalid("flow.…"), Conflict("flow.exists")."""
    _writes(by)
    place = Place.objects.filter(pk=given.place_id, valid_to=None).first()
    if place is None or not under(place.path, by.scope):
        raise Invalid("flow.place", field="place")
    name = given.name.strip()
    if not name or given.kind not in GateKind.values:
        raise Invalid("flow.no_name", field="name")
    if Gate.objects.filter(place=place, name=name, until=None).exists():
        raise Conflict("flow.exists", name=name)
    row = Gate.objects.create(
        name=name[:80], kind=given.kind, place=place, scope=place.path, since=local_date(at),
        checks_per_day=given.checks_per_day, tests_per_day=given.tests_per_day,
    )  # fmt: skip
    record(action="gate.register", subject=f"gate:{row.pk}", by=by, at=at, scope=row.scope)
    return row


@dataclass(frozen=True, slots=True)
class DayCapacity:
    """What a gate can take on a day that is not as usual."""

    day: date
    checks: int
    tests: int | None
    reason: str


@transaction.atomic
def set_gate_day(*, gate_id: int, given: DayCapacity, by: Actor, at: datetime) -> GateDay:
    """Another capacity for one day, with its reason; the earlier word is kept.

    Raises NotFound, NotAllowed, Invalid("flow.day" | "flow.reason").
    """
    gate = _own(gate_id, by)
    if given.day < local_date(at):
        raise Invalid("flow.day", field="day")
    if not given.reason.strip():
        raise Invalid("flow.reason", field="reason")
    row = GateDay.objects.create(
        gate=gate, day=given.day, checks=given.checks, tests=given.tests,
        reason=given.reason.strip()[:200], set_at=at, set_by=by.name,
    )  # fmt: skip
    record(action="gate.day", subject=f"gate:{gate.pk}", by=by, at=at, scope=gate.scope,
           facts={"day": given.day.isoformat(), "checks": given.checks})  # fmt: skip
    return row


def _own(gate_id: int, by: Actor) -> Gate:
    gate = fetch_gate(gate_id=gate_id, by=by)
    if not by.has("flow.write") or not under(gate.scope, by.scope):
        raise NotAllowed("not_allowed", duty="flow.write")
    return gate


@dataclass(frozen=True, slots=True)
class Filled:
    """What a text of forecasts would write or wrote: new, corrected, as known, refused and why."""

    added: int
    changed: int
    same: int
    faults: tuple[Fault, ...]


@transaction.atomic
def fill_forecast(*, text: str, keep: bool, by: Actor, at: datetime) -> Filled:
    """Take forecasts; without `keep` only say what would happen. The same again writes nothing.

    Another number is a correction and stands beside the first. For a gate of a level above only
    plans of schools and enterprises are taken. Raises NotAllowed.
    """
    _writes(by)
    lines, faults = read_flow_lines(text, local_date(at))
    gates = {row.name.casefold(): row for row in _named(by)}
    taken: list[tuple[Gate, Line]] = []
    refused = list(faults)
    for line in lines:
        gate = gates.get(line.gate.casefold())
        if gate is None:
            refused.append(Fault(line.row, line.gate, "flow.row_gate"))
        elif line.source == "total" and not under(gate.scope, by.scope):
            refused.append(Fault(line.row, line.gate, "flow.row_above"))
        else:
            taken.append((gate, line))
    known = _known(taken)
    fresh = [(gate, line) for gate, line in taken if known.get(_key(gate, line)) != line.n]
    changed = sum(_key(gate, line) in known for gate, line in fresh)
    if keep and fresh:
        Expected.objects.bulk_create(
            [Expected(gate=gate, day=line.day, source=line.source, group=line.group, n=line.n,
                      told_at=at, told_by=by.name) for gate, line in fresh], batch_size=1_000,
        )  # fmt: skip
        record(action="flow.fill", subject=f"place:{by.place_id}", by=by, at=at, scope=by.scope,
               facts={"new": len(fresh) - changed, "changed": changed})  # fmt: skip
    told = tuple(sorted(refused, key=lambda one: one.row))
    return Filled(len(fresh) - changed, changed, len(taken) - len(fresh), told)


def _named(by: Actor) -> list[Gate]:
    """Gates a post may name; one of its own place wins over one of a level above."""
    return list(Gate.objects.filter(gates_seen(by), until=None).order_by("scope"))


Key = tuple[int, date, str, str]


def _key(gate: Gate, line: Line) -> Key:
    return gate.pk, line.day, line.source, line.group


def _known(taken: list[tuple[Gate, Line]]) -> dict[Key, int]:
    """The latest number about each of these. One query."""
    rows = Expected.objects.filter(
        gate__in={gate.pk for gate, _line in taken}, day__in={line.day for _gate, line in taken}
    )
    newest = rows.order_by("gate", "day", "source", "group", "-told_at")
    return {(row.gate_id, row.day, row.source, row.group): row.n
            for row in newest.distinct("gate", "day", "source", "group")}  # fmt: skip


@transaction.atomic
def ask_to_spread(
    *, gate_id: int, day: date, side: str, by: Actor, at: datetime
) -> Obligation:  # fmt: skip
    """Make the department of schools or of enterprises agree other days with them; the task.

    Raises NotFound, NotAllowed, Invalid("flow.side" | "flow.no_shortage" | "flow.no_plan"),
    Conflict("flow.asked").
    """
    gate = fetch_gate(gate_id=gate_id, by=by)
    if not by.has("directive.issue") or not under(gate.scope, by.scope):
        raise NotAllowed("not_allowed", duty="directive.issue")
    sides = {row["key"]: row for row in registry.table("flow_side", at, scope=by.scope)}
    if side not in sides:
        raise Invalid("flow.side", field="side")
    origin = ask_origin(gate, day, side)
    if Obligation.objects.filter(origin=origin, closed_at=None).exists():
        raise Conflict("flow.asked", gate=gate.name, day=day.isoformat())
    brief = write_brief(given=_brief(gate, day, sides[side], by, at), place=gate.place, at=at)
    due, rule = registry.due("flow.spread", at, scope=by.scope)
    begins = day_start(day)
    deadline = Deadline(due, rule) if due < begins else Deadline(begins)
    return issue(brief=brief, owner_post_id=_owner(by, sides[side]["sector"]).pk, by=by, at=at,
                 deadline=deadline, origin=origin)  # fmt: skip


def _owner(by: Actor, sector: str) -> Post:
    """The department of the asking place that has the sector, else its desk."""
    posts = Post.objects.filter(place=by.place_id, role=Role.DEPARTMENT.value, valid_to=None)
    for post in posts.filter(org__attached=False).select_related("org").order_by("order", "pk"):
        if sector in {*post.sectors, *post.org.sectors}:
            return post
    return desk_of(place_ids=[by.place_id]).get(by.place_id) or Post.objects.get(pk=by.post_id)


def _brief(gate: Gate, day: date, side: dict[str, str], by: Actor, at: datetime) -> BriefInput:
    """What is asked: how many are too many, how many are planned, and where there is room."""
    seen = outlook(by=by, at=at)
    row = next((one for one in seen.gates if one.gate.pk == gate.pk), None)
    here = next((one for one in row.days if one.day == day), None) if row else None
    if here is None or not here.short:
        raise Invalid("flow.no_shortage", gate=gate.name, day=day.isoformat())
    planned = here.school if side["key"] == "school" else here.enterprise
    if not planned:
        raise Invalid("flow.no_plan", gate=gate.name, day=day.isoformat())
    names = {one.gate.pk: one.gate.name for one in seen.gates}
    ways = [
        f"{one.target[0]:%m-%d} 经{names[one.target[1]]} {one.n} 人"
        for one in spread_of(seen, by=by, at=at).shifts
        if one.origin == (day, gate.pk)
    ]
    where = "、".join(ways) or "近日各卡口都没有余量,请推后更多天"
    return BriefInput(
        title=f"错峰返程:{day:%m-%d} {gate.name}",
        text=(
            f"{day:%Y-%m-%d} {gate.name}预计到达 {here.expected} 人,通行能力 {here.checks} 人,"
            f"超出 {here.short} 人。{side['title']}当日计划返程 {planned} 人,请商定错峰。"
            f"可改到:{where}。"
        ),
        domain=Domain.ENTRY, sector=side["sector"], basis="flow.spread",
        criterion="与学校或企业商定的改期人数,预报已更新",
    )  # fmt: skip
