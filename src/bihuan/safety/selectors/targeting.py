"""The matrix that plans aim by, plans with their coverage and both rates, case load of inspectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count as Counted
from django.db.models import F, Q, Sum
from django.db.models.functions import ExtractMonth

from bihuan.core.clock import local_date
from bihuan.core.errors import NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.models import Sector
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.core.places.types import within
from bihuan.safety.models import Assignment, Establishment, Inspection, InspectionPlan, Staffing
from bihuan.safety.rules.targeting import Cell, Rates, key_cells, rates, staff_needed
from bihuan.safety.selectors.catalogue import HAZARD

YEAR = timedelta(days=365)


def cells(*, by: Actor, since: datetime, until: datetime) -> tuple[Cell, ...]:
    """Hazards and checks of a time by problem, month and sector, in the reader's sight. Two queries.

    Every problem known in a sector has a cell in each month in which the sector was inspected.
    """
    looked = Inspection.objects.filter(sight(by), ended_at__gte=since, ended_at__lt=until)
    visits = {
        (row["month"], row["sector"]): row["n"]
        for row in looked.exclude(sector="").annotate(month=ExtractMonth("ended_at"))
        .values("month", "sector").annotate(n=Counted("pk")).order_by()
    }  # fmt: skip
    found = Obligation.objects.filter(
        sight(by), flow="problem", origin__startswith=HAZARD, opened_at__gte=since,
        opened_at__lt=until, hazard__own_find=False,
    ).exclude(sector="")  # fmt: skip
    hits = {
        (row["problem__type_code"], row["month"], row["sector"]): row["n"]
        for row in found.annotate(month=ExtractMonth("opened_at"))
        .values("problem__type_code", "month", "sector").annotate(n=Counted("pk")).order_by()
    }  # fmt: skip
    known = {(problem, sector) for problem, _month, sector in hits}
    return tuple(
        Cell(problem, month, sector, hits.get((problem, month, sector), 0), n)
        for (month, sector), n in sorted(visits.items())
        for problem, of in sorted(known) if of == sector
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Matrix:
    """The key cells learnt from the year before last, and what they would have found in the last."""

    keys: tuple[tuple[Cell, float], ...]  # for the next plan, from both years
    cells: int
    learnt: Rates  # on the year they were learnt from
    real: Rates  # on the year after
    top: int
    share: int


def matrix(*, by: Actor, at: datetime) -> Matrix:
    """Aim by two years of one's own findings, and say how well last year's aim was. Six queries."""
    top, share = (
        int(registry.value(f"targeting.{name}", at, scope=by.scope).value)
        for name in ("top", "share")
    )
    before = cells(by=by, since=at - 2 * YEAR, until=at - YEAR)
    after = cells(by=by, since=at - YEAR, until=at)
    learnt = {cell.key for cell, _rate in key_cells(before, top=top)}
    both = cells(by=by, since=at - 2 * YEAR, until=at)
    return Matrix(
        key_cells(both, top=top), len(both), rates(before, learnt, share=share),
        rates(after, learnt, share=share), top, share,
    )  # fmt: skip


def plans(*, by: Actor) -> Sequence[InspectionPlan]:
    """Plans of the area and below, newest first. One query."""
    rows = InspectionPlan.objects.filter(within("scope", by.scope)).select_related("org")
    return list(rows.annotate(total=Counted("stops"), done=Counted("stops__inspection"))
                .order_by("-pk")[:50])  # fmt: skip


def fetch_plan(*, plan_id: int, by: Actor) -> InspectionPlan:
    """The one door to a plan of inspections. Raises NotFound("inspection_plan.not_found")."""
    rows = InspectionPlan.objects.filter(within("scope", by.scope), pk=plan_id)
    row = rows.select_related("org").first()
    if row is None:
        raise NotFound("inspection_plan.not_found", id=plan_id)
    return row


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One sector of a plan: how far it is, what it found."""

    sector: Sector | None
    total: int
    done: int
    late: int
    found: int


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """Coverage by sector, and the hit rates of the aimed and of the spread checks."""

    lines: tuple[PlanLine, ...]
    total: int
    done: int
    aimed: int
    aimed_done: int
    expected: float | None  # hazards for each aimed check, when it was planned
    real: float | None  # as found
    spread: float | None  # hazards for each check of the even spread


def plan_figures(row: InspectionPlan, *, at: datetime) -> PlanFigures:
    """How far a plan is. Three queries; the caller has seen the plan."""
    today = local_date(at)
    stops = Assignment.objects.filter(plan=row)
    grouped = stops.values(code=F("establishment__sector")).annotate(
        total=Counted("pk"), done=Counted("inspection"),
        late=Counted("pk", filter=Q(inspection=None, day__lt=today)),
        found=Sum("inspection__found"),
    )  # fmt: skip
    sectors = {one.pk: one for one in Sector.objects.all()}
    lines = tuple(
        PlanLine(sectors.get(one["code"]), one["total"], one["done"], one["late"],
                 one["found"] or 0)
        for one in grouped.order_by("-total", "code")
    )  # fmt: skip
    sums = stops.aggregate(
        planned=Counted("pk", filter=Q(aimed=True)),
        hoped=Sum("expected", filter=Q(aimed=True)),
        aimed_done=Counted("inspection", filter=Q(aimed=True)),
        hits=Sum("inspection__found", filter=Q(aimed=True)),
        spread_done=Counted("inspection", filter=Q(aimed=False)),
        spread=Sum("inspection__found", filter=Q(aimed=False)),
    )  # fmt: skip
    return PlanFigures(
        lines, sum(one.total for one in lines), sum(one.done for one in lines), sums["planned"],
        sums["aimed_done"], _share(sums["hoped"], sums["planned"]),
        _share(sums["hits"], sums["aimed_done"]), _share(sums["spread"], sums["spread_done"]),
    )  # fmt: skip


def _share(part: float | None, whole: int) -> float | None:
    return (part or 0) / whole if whole else None


@dataclass(frozen=True, slots=True)
class Load:
    """Case load of a place: places to look after, staff there is, staff it takes (M133)."""

    place: Place
    places: int
    staffing: Staffing | None
    guide: int

    @property
    def present(self) -> int:
        """Inspectors who are there."""
        return self.staffing.present if self.staffing else 0

    @property
    def load(self) -> float | None:
        """Places for each inspector; None where there is nobody."""
        return self.places / self.present if self.present else None

    @property
    def gap(self) -> int:
        """How many are missing."""
        return max(staff_needed(self.places, self.guide) - self.present, 0)


def fetch_town(*, place_id: int, by: Actor) -> Place:
    """The one door to a place whose staff is written down. Raises NotFound("place.not_found")."""
    rows = Place.objects.filter(within("path", by.scope), pk=place_id, valid_to=None)
    row = rows.first()
    if row is None:
        raise NotFound("place.not_found", id=place_id)
    return row


def case_load(*, by: Actor, at: datetime) -> tuple[Load, ...]:
    """Every township of the area with places to inspect, the widest gap first. Three queries."""
    guide = int(registry.value("inspector.guide", at, scope=by.scope).value)
    towns = list(Place.objects.filter(within("path", by.scope), level="township", valid_to=None))
    counted: dict[str, int] = {}
    rows = Establishment.objects.filter(within("scope", by.scope), closed_at=None)
    for scope, n in rows.values_list("scope").annotate(n=Counted("pk")).order_by():
        town = ".".join(scope.split(".")[:4]) + "."
        counted[town] = counted.get(town, 0) + n
    staff = {row.place_id: row for row in Staffing.objects.filter(place__in=towns)}
    found = (Load(town, counted.get(town.path, 0), staff.get(town.pk), guide) for town in towns)
    known = [one for one in found if one.places or one.staffing]
    return tuple(sorted(known, key=lambda one: (-one.gap, -one.places, one.place.path)))
