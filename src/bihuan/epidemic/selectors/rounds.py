"""Checklists of a house and what they found; its staff's tests; how long it was clean."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, OuterRef, Prefetch, Subquery

from bihuan.core.clock import local_date
from bihuan.core.loops.models import Obligation
from bihuan.core.packs import registry
from bihuan.epidemic.models import Facility, FacilityStep, Room, Round, RoundItem, StaffTests
from bihuan.epidemic.rules.rounds import Record, infection_record, round_due, still_owed

RECENT = 20
ORIGIN = "rounds:"  # of the task for a list that was missed: rounds:house:list


def checklists_of(facility: Facility, at: datetime) -> list[dict[str, Any]]:
    """The checklists that a house of its kind goes through."""
    rows = registry.table("site_checklist", at, scope=facility.scope)
    return [row for row in rows if row["for"] == facility.kind]


def items_of(checklist: str, scope: str, at: datetime) -> list[dict[str, Any]]:
    """What a checklist asks, in its order."""
    rows = registry.table("site_check_item", at, scope=scope)
    return [row for row in rows if row["checklist"] == checklist]


def wards_of(facility: Facility) -> list[str]:
    """The wards of a hospital, by its rooms. One query."""
    rows = facility.rooms.exclude(ward="").values_list("ward", flat=True)
    return sorted(set(rows))


@dataclass(frozen=True, slots=True)
class DueRound:
    """A checklist of a house or ward: when it was gone through, and when it is due."""

    checklist: Mapping[str, Any]
    ward: str
    last: date | None
    due: date
    overdue: bool


def due_rounds(facility: Facility, at: datetime) -> tuple[DueRound, ...]:
    """Every checklist of a house, the most urgent first. Two queries."""
    made = facility.rounds.filter(at__lte=at).values("checklist", "ward").annotate(last=Max("day"))
    last = {(row["checklist"], row["ward"]): row["last"] for row in made}
    return _due(facility, wards_of(facility), last, at)


def _due(
    facility: Facility, wards: list[str], last: Mapping[tuple[str, str], date], at: datetime
) -> tuple[DueRound, ...]:
    today, since, found = local_date(at), local_date(facility.registered_at), []
    for line in checklists_of(facility, at):
        for ward in wards if line["wards"] else [""]:
            done = last.get((line["key"], ward))
            due = round_due(done, since=since, days=int(line["days"]))
            found.append(DueRound(line, ward, done, due, due < today))
    return tuple(sorted(found, key=lambda row: (row.due, row.ward)))


IN_USE = ("ready", "active", "draining")  # an empty house goes through nothing
Missed = tuple[Facility, str, list[DueRound]]  # a house, one of its lists, where it was missed


def missed_rounds(at: datetime) -> list[Missed]:
    """What houses in use did not go through in time, by list. Three queries."""
    step = FacilityStep.objects.filter(facility=OuterRef("pk"), at__lte=at).order_by("-at", "-pk")
    rows = Facility.objects.annotate(step=Subquery(step.values("step")[:1]))
    held = list(rows.filter(step__in=IN_USE).select_related("place").order_by("pk"))
    wards: dict[int, set[str]] = defaultdict(set)
    beds = Room.objects.filter(facility__in=held).exclude(ward="")
    for pk, ward in beds.values_list("facility_id", "ward").distinct():
        wards[pk].add(ward)
    last: dict[int, dict[tuple[str, str], date]] = defaultdict(dict)
    made = Round.objects.filter(facility__in=held, at__lte=at)
    for pk, key, ward, day in made.values_list("facility_id", "checklist", "ward").annotate(
        last=Max("day")
    ):
        last[pk][key, ward] = day
    found: dict[tuple[int, str], Missed] = {}
    for house in held:
        for row in _due(house, sorted(wards[house.pk]), last[house.pk], at):
            if row.overdue:
                key = str(row.checklist["key"])
                found.setdefault((house.pk, key), (house, key, []))[2].append(row)
    return list(found.values())


def round_tasks(facility: Facility) -> dict[str, Obligation]:
    """The open task of each list that was missed. One query."""
    origin = f"{ORIGIN}{facility.pk}:"
    rows = Obligation.objects.filter(origin__startswith=origin, closed_at=None)
    return {row.origin.removeprefix(origin): row for row in rows}


@dataclass(frozen=True, slots=True)
class Fault:
    """An item that failed and is not mended yet."""

    item: str
    ward: str
    note: str
    day: date
    problem_id: int
    number: str


def open_faults(facility: Facility) -> list[Fault]:
    """Failed items whose problem is open, each once, the latest first. Two queries."""
    failed = RoundItem.objects.filter(round__facility=facility, passed=False)
    rows = list(failed.select_related("round").order_by("-round__day", "-pk")[:400])
    ids = {row.problem_id for row in rows if row.problem_id is not None}
    loops = {o.pk: o.number for o in Obligation.objects.filter(pk__in=ids, closed_at=None)}
    found: dict[int, Fault] = {}
    for row in rows:
        if row.problem_id in loops and row.problem_id not in found:
            found[row.problem_id] = Fault(row.item, row.round.ward, row.note, row.round.day,
                                          row.problem_id, loops[row.problem_id])  # fmt: skip
    return list(found.values())


def recent_rounds(facility: Facility, at: datetime) -> list[Round]:
    """The last rounds with their items. Two queries."""
    rows = facility.rounds.filter(at__lte=at).prefetch_related("items")
    return list(rows.order_by("-day", "-pk")[:RECENT])


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group of a ward: how many are tested how often, and how many are still owed today."""

    id: int
    ward: str
    group: str
    people: int
    days: int
    tested: int
    owed: int
    today: int  # counted today
    positive: int  # of the last month


def staff_schedule(facility: Facility, at: datetime) -> tuple[GroupRow, ...]:
    """Tested and owed by ward and group, as of today. Two queries; counts alone."""
    today = local_date(at)
    every = {str(row["key"]): int(row["days"]) for row in
             registry.table("staff_group", at, scope=facility.scope)}  # fmt: skip
    recent = StaffTests.objects.filter(day__gt=today - timedelta(days=31), day__lte=today)
    rows = facility.staff_groups.prefetch_related(Prefetch("tests", queryset=recent))
    found = []
    for row in rows.order_by("ward", "group"):
        days, made = every.get(row.group, 1), list(row.tests.all())
        tested, owed = still_owed(
            row.people, [(t.day, t.tested) for t in made], days=days, on=today
        )
        found.append(GroupRow(row.pk, row.ward, row.group, row.people, days, tested, owed,
                              sum(t.tested for t in made if t.day == today),
                              sum(t.positive for t in made)))  # fmt: skip
    return tuple(found)


def record_of(facility: Facility, at: datetime) -> Record:
    """Days since the last infection inside a hospital, and how many this year. One query."""
    found = facility.ward_files.filter(opened_at__lte=at).values_list("opened_at", flat=True)
    return infection_record([local_date(moment) for moment in found], on=local_date(at))
