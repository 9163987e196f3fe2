"""The coverage cube of a campaign: places below × its sectors × weeks or phases (M116).

All places come from the counters, those looked at are counted by the database: no row of either
is read, however many the campaign sees.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Count as Counted
from django.db.models import Q
from django.db.models.functions import Left

from bihuan.core.clock import day_end, local_date
from bihuan.core.orgs.models import Sector
from bihuan.core.orgs.rules import SEES_SECTORS
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place
from bihuan.core.places.types import prefix_range
from bihuan.safety.models import Campaign
from bihuan.safety.rules.coverage import Cell, week_ends
from bihuan.safety.selectors.inspections import campaign_hazards
from bihuan.safety.selectors.tallies import OPEN, Counts, Part, place_counts

MOST_WEEKS = 13
AXES = ("phase", "week")

# The first look of each place, by place below, sector, and how many of the moments had passed.
_SEEN = """
WITH seen AS (
    SELECT establishment_id, min(ended_at) AS first FROM safety_inspection
    WHERE campaign_id = %(campaign)s AND ended_at IS NOT NULL
        AND scope >= %(low)s AND scope < %(high)s
    GROUP BY 1
)
SELECT left(e.scope, %(depth)s), e.sector,
    width_bucket(seen.first, %(moments)s::timestamptz[]), count(*)
FROM seen JOIN safety_establishment e ON e.id = seen.establishment_id
WHERE e.closed_at IS NULL AND e.sector = ANY(%(sectors)s)
GROUP BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class Slice:
    """The end of a week or of a phase, and how far the campaign was by then."""

    key: str
    ends: date
    whole: Cell


@dataclass(frozen=True, slots=True)
class Line:
    """A place below, or what lies in none of them; its cells in the order of the sectors."""

    place: Place | None
    path: str
    cells: tuple[tuple[Sector, Cell], ...]
    whole: Cell
    found: int
    open: int


@dataclass(frozen=True, slots=True)
class Cube:
    """Coverage in the reader's part of a campaign, as it is now or was by the end of a slice."""

    place: Place
    sectors: tuple[Sector, ...]
    lines: tuple[Line, ...]
    sums: tuple[tuple[Sector, Cell], ...]
    whole: Cell
    now: Cell
    axes: tuple[str, ...]
    axis: str
    slices: tuple[Slice, ...]
    upto: str  # key of the slice it is read at; empty: now


Key = tuple[str, str]  # part and sector


@dataclass(frozen=True, slots=True)
class _Grid:
    """Everything the cube is read from: all places, and when each was first looked at."""

    counts: Counts
    sectors: tuple[Sector, ...]
    total: dict[Key, int]
    seen: dict[Key, Counter[int]]  # how many places by how many moments had passed

    @property
    def parts(self) -> tuple[Part, ...]:
        """The places below; the place itself where there are none."""
        return _parts(self.counts)

    def cell(self, keys: Iterable[Key], *, upto: int | None = None) -> Cell:
        """The sum of some cells: what was looked at before moment `upto` had passed, or by now."""
        whole = Cell()
        for key in keys:
            passed = self.seen.get(key, Counter()) if key in self.total else Counter()
            checked = sum(n for moments, n in passed.items() if upto is None or moments <= upto)
            whole += Cell(checked, self.total.get(key, 0))
        return whole

    def column(self, sector: Sector, *, upto: int | None) -> Cell:
        """The sum of a sector."""
        return self.cell([key for key in self.total if key[1] == sector.pk], upto=upto)


def cube(row: Campaign, *, by: Actor, at: datetime, axis: str = "", upto: str = "") -> Cube:
    """The cube of a campaign the reader has fetched. Seven queries."""
    phases = list(row.phases.order_by("starts"))
    axes = AXES if phases else AXES[1:]
    axis = axis if axis in axes else axes[0]
    ends = [(one.kind, one.ends) for one in phases if one.starts <= local_date(at)]
    if axis == "week":
        weeks = week_ends(row.starts, row.ends, local_date(at), most=MOST_WEEKS)
        ends = [(str(number), day) for number, day in weeks]
    grid = _grid(row, by, [day for _key, day in ends])
    slices = tuple(
        Slice(key, day, grid.cell(grid.total, upto=n)) for n, (key, day) in enumerate(ends)
    )
    chosen = next((n for n, one in enumerate(slices) if one.key == upto), None)
    found = _hazards(row, grid.counts, by)
    lines = (_line(part, grid, chosen, found.get(part.path, (0, 0))) for part in grid.parts)
    return Cube(
        grid.counts.place, grid.sectors,
        tuple(sorted((one for one in lines if one.whole.total), key=_least_first)),
        tuple((one, grid.column(one, upto=chosen)) for one in grid.sectors),
        grid.cell(grid.total, upto=chosen), grid.cell(grid.total), axes, axis, slices,
        slices[chosen].key if chosen is not None else "",
    )  # fmt: skip


def _least_first(line: Line) -> tuple[float, str]:
    return line.whole.checked / line.whole.total, line.path


def _grid(row: Campaign, by: Actor, ends: Sequence[date]) -> _Grid:
    """The reader's part of a campaign; its sectors that have places there. Five queries."""
    counts = place_counts(by=by, path=row.scope)
    sectors = _sectors(row, by)
    total = _total(counts, sectors)
    there = {sector for _part, sector in total}
    sectors = tuple(one for one in sectors if one.pk in there)
    return _Grid(counts, sectors, total, _seen(row, counts, sectors, ends))


def _sectors(row: Campaign, by: Actor) -> tuple[Sector, ...]:
    """The sectors of the campaign that the reader sees. One query."""
    codes = [code for code in row.sectors if by.role not in SEES_SECTORS or code in by.sectors]
    return tuple(Sector.objects.filter(pk__in=codes).order_by("name"))


def _parts(counts: Counts) -> tuple[Part, ...]:
    return counts.parts or (Part(None, counts.place.path, counts.whole.n),)


def _total(counts: Counts, sectors: Sequence[Sector]) -> dict[Key, int]:
    """All places by part and sector, where there are any."""
    codes = {one.pk for one in sectors}
    total: Counter[Key] = Counter()
    for part in _parts(counts):
        for (_kind, sector, bucket), n in part.n.items():
            if bucket in OPEN and sector in codes:
                total[part.path, sector] += n
    return {key: n for key, n in total.items() if n > 0}


def _depth(counts: Counts) -> int:
    below = [len(part.path) for part in counts.parts if part.place is not None]
    return max(below, default=len(counts.place.path))


def _part_of(scope: str, counts: Counts) -> str:
    """The part that a scope lies in: the place itself where no place below has it."""
    below = (part.path for part in counts.parts if part.place is not None)
    return next((path for path in below if scope.startswith(path)), counts.place.path)


def _seen(
    row: Campaign, counts: Counts, sectors: Sequence[Sector], ends: Sequence[date]
) -> dict[Key, Counter[int]]:  # fmt: skip
    """Places looked at, by part and sector. One query."""
    low, high = prefix_range(counts.place.path)
    moments = [day_end(day) for day in ends] or [day_end(row.ends)]
    asked: dict[str, Any] = {"campaign": row.pk, "low": low, "high": high, "depth": _depth(counts),
                             "moments": moments,
                             "sectors": [one.pk for one in sectors]}  # fmt: skip
    seen: dict[Key, Counter[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, asked)
        for scope, sector, passed, n in cursor.fetchall():
            seen.setdefault((_part_of(scope, counts), sector), Counter())[passed] += n
    return seen


def _line(part: Part, grid: _Grid, upto: int | None, found: tuple[int, int]) -> Line:
    keys = [(one, (part.path, one.pk)) for one in grid.sectors]
    cells = tuple((one, grid.cell([key], upto=upto)) for one, key in keys)
    whole = grid.cell([key for _one, key in keys], upto=upto)
    return Line(part.place, part.path, cells, whole, *found)


def _hazards(row: Campaign, counts: Counts, by: Actor) -> dict[str, tuple[int, int]]:
    """Hazards found and open by part. One query."""
    grouped = campaign_hazards(row).filter(sight(by)).annotate(
        part=Left("scope", max(_depth(counts), 1))
    ).values_list("part").annotate(
        n=Counted("pk"), open=Counted("pk", filter=Q(closed_at=None))
    ).order_by()  # fmt: skip
    told: dict[str, tuple[int, int]] = {}
    for scope, n, left in grouped:
        key = _part_of(scope, counts)
        had = told.get(key, (0, 0))
        told[key] = (had[0] + n, had[1] + left)
    return told
