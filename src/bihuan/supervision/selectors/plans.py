"""Plans, their coverage by area and step, the empty cells by name, and what was missed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Left

from bihuan.core.errors import NotFound
from bihuan.core.orgs.models import Venue
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place
from bihuan.core.places.types import prefix_range, within
from bihuan.supervision.models import Plan, PlanSite, PlanStep, Result
from bihuan.supervision.rules.coverage import Missed
from bihuan.supervision.types import (
    Coverage,
    EmptyCell,
    HeatCell,
    HeatRow,
    Outcome,
    PlanRow,
    StepHead,
)

PAGE = 50
_DEPTHS = (3, 6, 9, 13, 17)  # lengths of the paths from a province to a community


def visible_plans(by: Actor) -> Q:
    """Plans of the post's area, and plans from above that have places in it."""
    own = sight(by, owned=False)
    places = PlanSite.objects.filter(sight_sites(by), plan=OuterRef("pk"))
    return own | Q(Exists(places))


def sight_sites(by: Actor) -> Q:
    """The sites of a plan that the post may see: those of its area; a unit sees its own."""
    if by.role == "unit":
        return Q(venue__unit=by.org_id)
    area = within("scope", by.scope)
    if by.role == "department":
        return area & Q(venue__sector__in=by.sectors)
    return area if by.has("loop.read") else Q(pk__in=())


def plans(*, by: Actor, after: str = "", size: int = PAGE) -> tuple[tuple[PlanRow, ...], str]:
    """Plans with the coverage of the reader's own part, newest first. Two queries."""
    rows = Plan.objects.filter(visible_plans(by)).select_related("place").order_by("-pk")
    if after.isdecimal():
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.annotate(n_steps=Count("steps"))[: size + 1])
    more = str(found[size - 1].pk) if len(found) > size else ""
    own = (
        PlanSite.objects.filter(sight_sites(by), plan__in=found[:size])
        .values("plan_id")
        .annotate(n=Count("pk"), done=Sum("filled"))
    )
    part = {row["plan_id"]: (row["done"], row["n"]) for row in own}
    return tuple(
        PlanRow(
            p.pk, p.title, p.place.name, p.starts, p.ends,
            Coverage(part.get(p.pk, (0, 0))[0], part.get(p.pk, (0, 0))[1] * p.n_steps),
            p.first_id is not None,
        )
        for p in found[:size]
    ), more  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cube:
    """A plan as its page shows it: totals, the heat table, the first empty cells by name."""

    plan: Plan
    coverage: Coverage
    sites: int
    steps: tuple[StepHead, ...]
    rows: tuple[HeatRow, ...]
    under: str
    trail: tuple[tuple[str, str], ...]  # (path, name) of the areas drilled into
    empty: tuple[EmptyCell, ...]
    gaps: int
    open_now: bool


EMPTY_SHOWN = 50


def fetch_plan(*, plan_id: int, by: Actor) -> Plan:
    """The one door to a plan. Raises NotFound("plan.not_found")."""
    plan = Plan.objects.filter(visible_plans(by), pk=plan_id).select_related("place").first()
    if plan is None:
        raise NotFound("plan.not_found", id=plan_id)
    return plan


def cube(*, plan_id: int, by: Actor, on: date, under: str = "") -> Cube:
    """A plan by area and step; `under` narrows it to one area. Eight queries.

    Coverage comes from the maintained counts of each site, the heat from its results.
    """
    plan = fetch_plan(plan_id=plan_id, by=by)
    steps = tuple(
        StepHead(s.pk, s.link, s.name)
        for s in PlanStep.objects.filter(plan=plan).order_by("position")
    )
    root = max(plan.scope, by.scope, key=len)
    area = under if under.startswith(root) else root
    sites = PlanSite.objects.filter(sight_sites(by), within("scope", area), plan=plan)
    areas = _areas(sites.values_list("scope", "filled"), area)
    heat = _heat(plan.pk, sites.values("pk"), depth=_below(area))
    names = dict(
        Place.objects.filter(path__in={*areas, *_trail_paths(root, area)}, valid_to=None)
        .values_list("path", "name")
    )  # fmt: skip
    rows = tuple(
        _heat_row(path, names.get(path, path), areas[path], steps, heat) for path in sorted(areas)
    )
    n = sum(row.sites for row in rows)
    return Cube(
        plan=plan, coverage=Coverage(sum(r.coverage.filled for r in rows), n * len(steps)),
        sites=n, steps=steps, rows=rows, under=area,
        trail=tuple((path, names.get(path, path)) for path in _trail_paths(root, area)),
        empty=empty_cells(plan=plan, by=by, under=area, size=EMPTY_SHOWN),
        gaps=sum(cell.gaps for row in rows for cell in row.cells),
        open_now=plan.starts <= on <= plan.ends,
    )  # fmt: skip


def _below(area: str) -> int:
    """The length of the paths one level below an area."""
    return next((depth for depth in _DEPTHS if depth > len(area)), len(area))


def _trail_paths(root: str, area: str) -> list[str]:
    return [area[:depth] for depth in _DEPTHS if len(root) <= depth <= len(area)]


def _areas(sites: Iterable[tuple[str, int]], area: str) -> dict[str, tuple[int, int]]:
    """Sites and filled cells of each area right below, from the counts kept at each site."""
    depth = _below(area)
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for scope, filled in sites:
        group = found[scope[:depth]]
        group[0] += 1
        group[1] += filled
    return {path: (n, filled) for path, (n, filled) in found.items()}


def _heat(
    plan_id: int, sites: QuerySet[Any], *, depth: int
) -> dict[tuple[str, int], tuple[int, int]]:
    """Filled cells and gaps by area and step. One query."""
    rows = (
        Result.objects.filter(plan=plan_id, first=True, site__in=sites)
        .annotate(area=Left("scope", depth))
        .values_list("area", "step_id")
        .annotate(n=Count("pk"), gaps=Count("pk", filter=Q(outcome=Outcome.GAP)))
    )  # fmt: skip
    return {(area, step): (n, gaps) for area, step, n, gaps in rows}


def _heat_row(
    path: str,
    name: str,
    counted: tuple[int, int],
    steps: tuple[StepHead, ...],
    heat: dict[tuple[str, int], tuple[int, int]],
) -> HeatRow:
    n, filled = counted
    cells = [heat.get((path, step.id), (0, 0)) for step in steps]
    return HeatRow(
        path, name, n, Coverage(filled, n * len(steps)),
        tuple(HeatCell(Coverage(done, n), gaps) for done, gaps in cells),
    )  # fmt: skip


_EMPTY = """
SELECT s.id, s.name, t.id, t.link, t.name
FROM supervision_plansite s
JOIN supervision_planstep t ON t.plan_id = s.plan_id
WHERE s.plan_id = %(plan)s AND s.scope >= %(low)s AND s.scope < %(high)s
  AND s.filled < %(steps)s AND s.id = ANY(%(sites)s)
  AND NOT EXISTS (SELECT 1 FROM supervision_result r
                  WHERE r.site_id = s.id AND r.step_id = t.id AND r.first)
ORDER BY s.scope, s.id, t.position
LIMIT %(size)s
"""


def empty_cells(*, plan: Plan, by: Actor, under: str = "", size: int) -> tuple[EmptyCell, ...]:
    """The cells without a result, by name, in the order of the places. Two queries."""
    steps = PlanStep.objects.filter(plan=plan).count()
    unfinished = PlanSite.objects.filter(
        sight_sites(by), within("scope", under), plan=plan, filled__lt=steps
    ).order_by("scope", "pk")
    sites = list(unfinished.values_list("pk", flat=True)[:size])  # each has an empty cell
    low, high = prefix_range(under)
    asked: dict[str, Any] = {"plan": plan.pk, "low": low, "high": high, "steps": steps,
                             "sites": sites, "size": size}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_EMPTY, asked)
        return tuple(EmptyCell(*row) for row in cursor.fetchall())


def kinds(*, by: Actor) -> list[tuple[str, int]]:
    """The kinds of supervised places in the post's area with their number. One query."""
    rows = Venue.objects.filter(within("scope", by.scope)).values_list("kind")
    return list(rows.annotate(n=Count("pk")).order_by("kind"))


_MISSED = """
WITH again AS (
    SELECT f.venue_id, st.link, st.name, r.outcome, r.existed
    FROM supervision_result r
    JOIN supervision_plansite f ON f.id = r.site_id
    JOIN supervision_planstep st ON st.id = r.step_id
    WHERE r.plan_id = %(second)s AND r.first AND r.scope >= %(low)s AND r.scope < %(high)s
), before AS (
    SELECT f.venue_id, st.link, st.name, r.outcome, r.team
    FROM supervision_result r
    JOIN supervision_plansite f ON f.id = r.site_id
    JOIN supervision_planstep st ON st.id = r.step_id
    WHERE r.plan_id = %(first)s AND r.first
)
SELECT before.team, count(DISTINCT venue_id),
       count(*) FILTER (WHERE before.outcome = 'gap'),
       count(*) FILTER (WHERE before.outcome <> 'gap' AND again.outcome = 'gap' AND again.existed)
FROM again JOIN before USING (venue_id, link, name)
GROUP BY 1 ORDER BY 4 DESC, 1
"""


def missed(*, plan: Plan, by: Actor) -> tuple[Missed, ...]:
    """What each group of the first pass overlooked, as the second pass shows it. One query."""
    if plan.first_id is None:
        return ()
    low, high = prefix_range(max(plan.scope, by.scope, key=len))
    with connection.cursor() as cursor:
        cursor.execute(
            _MISSED, {"second": plan.pk, "first": plan.first_id, "low": low, "high": high}
        )
        return tuple(Missed(*row) for row in cursor.fetchall())


@dataclass(frozen=True, slots=True)
class SecondPass:
    """A second pass and what it says about the first."""

    id: int
    title: str
    first_id: int
    first: str
    coverage: Coverage
    missed: tuple[Missed, ...]


def second_passes(*, by: Actor, size: int = 20) -> tuple[SecondPass, ...]:
    """Second passes, newest first. One query, and one for each."""
    rows = Plan.objects.filter(visible_plans(by), first__isnull=False).select_related("first")
    return tuple(
        SecondPass(
            p.pk, p.title, p.first.pk, p.first.title, Coverage(p.filled, p.cells),
            missed(plan=p, by=by),
        )
        for p in rows.order_by("-pk")[:size]
        if p.first is not None
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SiteSheet:
    """One site with all its steps: the phone's checklist."""

    plan: Plan
    site_id: int
    name: str
    steps: tuple[tuple[StepHead, str, str], ...]  # step, last outcome or "", its note


def site_sheet(*, plan_id: int, site_id: int, by: Actor, at: datetime) -> SiteSheet:
    """The steps of one site with what was found so far. Four queries. Raises NotFound."""
    plan = fetch_plan(plan_id=plan_id, by=by)
    site = PlanSite.objects.filter(sight_sites(by), plan=plan, pk=site_id).first()
    if site is None:
        raise NotFound("plan.no_such_cell", id=site_id)
    found = {
        r.step_id: (r.outcome, r.note)
        for r in Result.objects.filter(site=site, at__lte=at).order_by("pk")
    }
    steps = PlanStep.objects.filter(plan=plan).order_by("position")
    lines = tuple((StepHead(s.pk, s.link, s.name), *found.get(s.pk, ("", ""))) for s in steps)
    return SiteSheet(plan, site.pk, site.name, lines)
