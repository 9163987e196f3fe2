"""Arrivals by gate and day as known at a moment, shortages, plans of schools and parks."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from bihuan.core.clock import local_date
from bihuan.core.errors import NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.rules import upper_paths
from bihuan.core.places.types import CITY, within
from bihuan.sensing.models import Expected, Gate, GateDay
from bihuan.sensing.rules.flows import GateDay as Day
from bihuan.sensing.rules.spread import Reach, Spread, spread

MOST = 200


def gates_seen(by: Actor) -> Q:
    """Gates of the place and below, and those of the levels above: people come through them too."""
    if not by.has("flow.read"):
        return Q(pk__in=())
    return within("scope", by.scope) | Q(scope__in=upper_paths(by.scope))


def fetch_gate(*, gate_id: int, by: Actor) -> Gate:
    """The one door to a gate. Raises NotFound("flow.not_found")."""
    row = Gate.objects.select_related("place").filter(gates_seen(by), pk=gate_id).first()
    if row is None:
        raise NotFound("flow.not_found", id=gate_id)
    return row


def number(key: str, at: datetime, scope: str) -> float:
    """A value of the pack of people flows."""
    return float(registry.value(key, at, scope=scope).value)


@dataclass(frozen=True, slots=True)
class GateRow:
    """A gate over the days ahead."""

    gate: Gate
    days: tuple[Day, ...]

    @property
    def peak(self) -> Day:
        """The day with most arrivals, the first of equals."""
        return max(self.days, key=lambda day: day.expected)

    @property
    def short(self) -> int:
        """People above capacity on all days together."""
        return sum(day.short for day in self.days)

    @property
    def expected(self) -> int:
        """People on all days together."""
        return sum(day.expected for day in self.days)


@dataclass(frozen=True, slots=True)
class Shortage:
    """A day on which a gate cannot take all, and how long before."""

    gate: Gate
    day: Day
    ahead: int  # days from today
    early: bool  # whether there is still time to spread the returns


@dataclass(frozen=True, slots=True)
class Plan:
    """What a school or a park plans in the days ahead."""

    source: str
    group: str
    total: int
    peak: date
    most: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """Arrivals of a place in the days ahead."""

    gates: tuple[GateRow, ...]
    plans: tuple[Plan, ...]
    shortages: tuple[Shortage, ...]
    first: date
    rooms: int  # isolation rooms that arrivals will ask for on the worst day

    @property
    def short(self) -> int:
        """People above capacity at all gates on all days."""
        return sum(one.day.short for one in self.shortages)


def outlook(*, by: Actor, at: datetime, gate: Gate | None = None) -> Outlook:
    """Arrivals by gate and day from today on, as known at `at`. Three queries."""
    first = local_date(at)
    days = [
        first + timedelta(days=n) for n in range(int(number("flow.horizon_days", at, by.scope)))
    ]
    rows = Gate.objects.filter(gates_seen(by), until=None).select_related("place")
    if gate is not None:
        rows = rows.filter(pk=gate.pk)
    gates = list(rows.order_by("scope", "name")[:MOST])
    told = _told([row.pk for row in gates], days, at)
    caps = _capacity([row.pk for row in gates], days, at)
    share = number("flow.test_share", at, by.scope)
    seen = tuple(
        GateRow(row, tuple(_day(day, row, told[row.pk, day], caps.get((row.pk, day)), share)
                           for day in days))
        for row in gates
    )  # fmt: skip
    worst = max((sum(row.days[n].expected for row in seen) for n in range(len(days))), default=0)
    rooms = round(worst * number("flow.isolation_share", at, by.scope))
    return Outlook(seen, _plans(told), _shortages(seen, first, at, by.scope), first, rooms)


Told = dict[tuple[int, date], list[Expected]]


def _told(gates: Sequence[int], days: Sequence[date], at: datetime) -> Told:
    """The latest word of each source about each gate and day. One query."""
    rows = Expected.objects.filter(gate__in=gates, day__range=(days[0], days[-1]), told_at__lte=at)
    newest = rows.order_by("gate", "day", "source", "group", "-told_at")
    found: Told = defaultdict(list)
    for row in newest.distinct("gate", "day", "source", "group"):
        found[row.gate_id, row.day].append(row)
    return found


def _capacity(
    gates: Sequence[int], days: Sequence[date], at: datetime
) -> dict[tuple[int, date], GateDay]:
    """Days on which a gate is not as usual. One query."""
    rows = GateDay.objects.filter(gate__in=gates, day__range=(days[0], days[-1]), set_at__lte=at)
    newest = rows.order_by("gate", "day", "-set_at").distinct("gate", "day")
    return {(row.gate_id, row.day): row for row in newest}


def _day(day: date, gate: Gate, told: list[Expected], cap: GateDay | None, share: float) -> Day:
    sums = {"school": 0, "enterprise": 0}
    total = None
    for row in told:
        if row.source == "total":
            total = row.n
        else:
            sums[row.source] += row.n
    checks = gate.checks_per_day if cap is None else cap.checks
    tests = gate.tests_per_day if cap is None else cap.tests
    return Day(day, total, sums["school"], sums["enterprise"], checks, tests, share, bool(told))


def _plans(told: Told) -> tuple[Plan, ...]:
    days: dict[tuple[str, str], dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for (_gate, day), rows in told.items():
        for row in rows:
            if row.source != "total":
                days[row.source, row.group][day] += row.n
    plans = [
        Plan(source, group, sum(by_day.values()), peak, by_day[peak])
        for (source, group), by_day in days.items()
        for peak in [min(by_day, key=lambda day: (-by_day[day], day))]
    ]
    return tuple(sorted(plans, key=lambda plan: (-plan.total, plan.group)))


def _shortages(
    gates: Sequence[GateRow], first: date, at: datetime, scope: str
) -> tuple[Shortage, ...]:
    least = number("flow.warn_days", at, scope)
    found = [
        Shortage(row.gate, day, ahead, ahead >= least)
        for row in gates
        for day in row.days
        if (day.short or day.untested)
        for ahead in [(day.day - first).days]
    ]
    return tuple(sorted(found, key=lambda one: (one.day.day, -one.day.short)))


def spread_of(seen: Outlook, *, by: Actor, at: datetime) -> Spread:
    """The returns spread over the days from tomorrow on and the gates of each city. No query."""
    tomorrow = seen.first + timedelta(days=1)
    cells = [(day, row.gate) for row in seen.gates for day in row.days if day.day >= tomorrow]
    near = {
        row.gate.pk: frozenset(
            other.gate.pk
            for other in seen.gates
            if other is not row and other.gate.scope[:CITY] == row.gate.scope[:CITY]
        )
        for row in seen.gates
    }
    reach = Reach(int(number("flow.window_days", at, by.scope)),
                  int(number("flow.other_gate_days", at, by.scope)), near)  # fmt: skip
    return spread(
        {(day.day, gate.pk): day.expected for day, gate in cells},
        {(day.day, gate.pk): day.checks for day, gate in cells},
        reach,
    )


def asks_of(*, row: GateRow, by: Actor, at: datetime) -> tuple[Obligation, ...]:
    """Tasks to spread the returns of a gate's days that the reader may open. One query."""
    sides = [side["key"] for side in registry.table("flow_side", at, scope=by.scope)]
    origins = [ask_origin(row.gate, day.day, side) for day in row.days for side in sides]
    rows = Obligation.objects.filter(sight(by), origin__in=origins)
    return tuple(rows.select_related("owner_post__org", "brief").order_by("-pk"))


def ask_origin(gate: Gate, day: date, side: str) -> str:
    """How a task to spread is known, so that it is asked once."""
    return f"flow:{gate.pk}:{day.isoformat()}:{side}"
