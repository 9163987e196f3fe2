"""The three queues with their denominators, the rates, and the forecast of rooms."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from bihuan.core.clock import day_end, local_date
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.types import within
from bihuan.epidemic.models import Case, Charge, Contact, Stay
from bihuan.epidemic.rules.care import NEED_AT, Rates, need_of
from bihuan.epidemic.rules.plans import timeline
from bihuan.epidemic.rules.sites import Reserve, Supply, plan_supply, rooms_needed
from bihuan.epidemic.selectors.care import FacilityRow, facility_rows, icu_kinds, inside
from bihuan.epidemic.selectors.files import care_of
from bihuan.epidemic.selectors.sight import NOTHING, apart

QUEUES = ("isolation", "bed", "icu")
MOST = 2000  # people not yet taken into care that a board counts
URGENT = frozenset({"severe", "critical", "warning"})


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits; the link is for whoever may open it."""

    id: int
    number: str
    since: datetime
    severity: str
    flags: tuple[str, ...]
    rule: str

    @property
    def severe(self) -> bool:
        """Whether the rule or the score calls it severe."""
        return self.severity in URGENT


@dataclass(frozen=True, slots=True)
class Queue:
    """Those who should be somewhere by the rule of the day: in, or waiting."""

    need: str
    should: int
    placed: int
    unopened: int  # the rule asks for it, and nobody took them into care yet
    waiting: tuple[Waiting, ...]
    longest: timedelta

    @property
    def severe(self) -> int:
        """Severe ones among those who wait."""
        return sum(row.severe for row in self.waiting)


def care_of_place(by: Actor) -> Q:
    """People of the place, for whoever reads the figures of care."""
    return within("scope", by.scope) if by.has("care.read") else NOTHING


def open_charges(by: Actor, at: datetime) -> QuerySet[Charge]:
    """People of the place who are in care at a moment."""
    rows = Charge.objects.filter(care_of_place(by), opened_at__lte=at)
    return rows.filter(Q(closed_at=None) | Q(closed_at__gt=at))


def queues(*, by: Actor, at: datetime) -> tuple[Queue, ...]:
    """Isolation, bed, ICU: denominator first; severe before early before late. Three queries."""
    here = Stay.objects.filter(inside(at), charge=OuterRef("pk"))
    rows = open_charges(by, at).annotate(
        in_site=Exists(here.filter(facility__kind="site")),
        in_hospital=Exists(here.filter(facility__kind="hospital")),
        in_icu=Exists(here.filter(room__kind__in=icu_kinds(at))),
    )
    told: dict[str, list[tuple[Charge, bool]]] = {need: [] for need in QUEUES}
    for row in rows.exclude(need="none"):
        placed = {"isolation": row.in_site, "bed": row.in_hospital, "icu": row.in_icu}
        told[row.need].append((row, placed[row.need]))
    unopened = _unopened(by, at)
    return tuple(_queue(need, told[need], unopened.count(need), at) for need in QUEUES)


def _unopened(by: Actor, at: datetime) -> list[str]:
    """What the editions ask for those whom nobody took into care yet. Two queries."""
    contacts = Contact.objects.filter(
        care_of_place(by), found_at__lte=at, release_at__gt=at, became_case=None, charge=None
    )
    today, found = local_date(at), []
    for row in contacts[:MOST]:
        plan = timeline(registry.by_edition(row.edition), row.risk, anchor=row.last_exposure)
        found.append(NEED_AT.get(plan.place_on(today) if plan else "", "none"))
    cases = Case.objects.filter(
        care_of_place(by), apart(at), reported_at__lte=at, treated_at=None, isolated_at=None,
        charge=None,
    ).exclude(kind="excluded")  # fmt: skip
    for case in cases.select_related("event")[:MOST]:
        care = care_of(case, at)
        if care is not None and care.place:
            found.append(need_of(care))
    return found


def _queue(need: str, rows: list[tuple[Charge, bool]], unopened: int, at: datetime) -> Queue:
    waiting = [
        Waiting(c.pk, c.number, c.need_since, c.severity, tuple(c.flags), c.need_rule)
        for c, placed in rows if not placed
    ]  # fmt: skip
    waiting.sort(key=lambda w: (not w.severe, not w.flags, w.since))
    longest = max((at - w.since for w in waiting), default=timedelta(0))
    return Queue(need, len(rows) + unopened, len(rows) - len(waiting), unopened, tuple(waiting),
                 longest)  # fmt: skip


def rates(*, by: Actor, at: datetime) -> Rates:
    """Admission, cure and fatality of the place as of a moment. One query."""
    was = Stay.objects.filter(charge=OuterRef("pk"), facility__kind="hospital", starts_at__lte=at)
    rows = Charge.objects.filter(care_of_place(by), opened_at__lte=at).annotate(was=Exists(was))
    told = rows.filter(Q(need__in=("bed", "icu")) | Q(was=True)).values_list(
        "was", "outcome", "closed_at"
    )
    ended = [outcome for was_in, outcome, closed in told if was_in and closed and closed <= at]
    return Rates(len(told), sum(was_in for was_in, *_rest in told), ended.count("cured"),
                 ended.count("died"))  # fmt: skip


def supply_of_rooms(*, by: Actor, at: datetime) -> Supply:
    """Demand for isolation rooms in the coming days, and which sites to raise. Seven queries."""
    window, days = span_of(at)
    sites = facility_rows(by=by, at=at, kind="site")
    (isolation, *_rest) = queues(by=by, at=at)
    fresh = Charge.objects.filter(
        care_of_place(by), need="isolation", opened_at__gt=at - timedelta(days=window),
        opened_at__lte=at,
    ).count()  # fmt: skip
    mine = [row.id for row in sites]
    running = Stay.objects.filter(inside(at), facility__in=mine)
    ends = [end for end in running.values_list("ends_at", flat=True) if end is not None]
    leaving = [_ending(ends, at, number) for number in range(days)]
    demand = rooms_needed(waiting=len(isolation.waiting) + isolation.unopened, inside=running.count(),
                          per_day=fresh / window, leaving=leaving)  # fmt: skip
    return plan_supply(demand, ready=sum(row.ready for row in sites), reserves=_reserves(sites))


def span_of(at: datetime) -> tuple[int, int]:
    """Days looked back and days forecast."""
    said = (registry.value(key, at).value for key in ("forecast.window_days", "forecast.days"))
    window, days = said
    return int(window), int(days)


def _ending(ends: list[datetime], at: datetime, number: int) -> int:
    """How many leave in the day that ends so many days from now."""
    first = at if number == 0 else day_end(local_date(at) + timedelta(days=number - 1))
    last = day_end(local_date(at) + timedelta(days=number))
    return sum(first < end <= last for end in ends)


def _reserves(sites: tuple[FacilityRow, ...]) -> list[Reserve]:
    return [
        Reserve(s.id, s.name, s.beds, s.activation_hours) for s in sites if s.beds and not s.ready
    ]
