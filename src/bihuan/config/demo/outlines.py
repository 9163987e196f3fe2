"""Draw an invented province: polygons of cities and counties that share their borders.

A mesh of hexagons is cut to an island, grown into cities and, inside each, into counties; growth
keeps every region in one piece. Corners are shaken and smoothed once for all regions, so that
neighbours have exactly the same border. The same plan and seed draw the same map everywhere.
"""

import heapq
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

WEST, NORTH = 150.0, 24.0  # in the open sea: nobody takes the map for a real province
DEGREES = 6.0  # its width
CELLS_PER_REGION = 42

Cell = tuple[int, int]
Corner = tuple[int, int]
Point = tuple[float, float]
Ring = list[Corner]

_CORNERS = ((0, 2), (-1, 1), (-1, -1), (0, -2), (1, -1), (1, 1))


@dataclass(frozen=True, slots=True)
class Region:
    """One invented area: its outline as a GeoJSON geometry, and points inside it."""

    geojson: dict[str, object]
    centre: Point
    inside: tuple[Point, ...]


def draw(province: str, plan: Mapping[str, Sequence[str]], random: Random) -> dict[str, Region]:
    """The map of a province: its own outline, each city's, each county's.

    `plan` names the counties of each city; a city without counties is drawn in one piece.
    """
    sheet = Sheet(sum(max(len(counties), 2) for counties in plan.values()), random)
    parts = sheet.grow(sheet.land, [max(len(counties), 2) for counties in plan.values()])
    leaves: dict[str, Collection[Cell]] = {}
    for (city, counties), cells in zip(plan.items(), parts, strict=True):
        inner = sheet.grow(cells, [1.0] * len(counties)) if counties else [cells]
        leaves |= dict(zip(counties or [city], inner, strict=True))
    regions: dict[str, Collection[Cell]] = {province: sheet.land, **leaves}
    regions |= dict(zip(plan, parts, strict=True))
    rings = {code: _rings(cells) for code, cells in regions.items()}
    points = sheet.corners(ring for code in leaves for ring in rings[code])
    return {code: sheet.region(rings[code], regions[code], points) for code in regions}


class Sheet:
    """The hexagons of the island, and where they lie on the globe."""

    def __init__(self, regions: int, random: Random) -> None:
        self.random = random
        self.size = math.isqrt(regions * CELLS_PER_REGION * 2)
        self.edge = DEGREES / (self.size * math.sqrt(3))
        waves = [(random.uniform(0.03, 0.2) / k, random.uniform(0, math.tau), k)
                 for k in range(2, 9)]  # fmt: skip
        self.land = self._island(waves)

    def _island(self, waves: Sequence[tuple[float, float, int]]) -> set[Cell]:
        middle = self.size
        found = set()
        for row in range(self.size):
            for column in range(self.size):
                x, y = _middle((column, row))
                dx, dy = x / middle - 1, y / (1.5 * middle) - 1
                angle = math.atan2(dy, dx)
                if math.hypot(dx, dy) < 0.84 + sum(
                    a * math.sin(k * angle + p) for a, p, k in waves
                ):
                    found.add((column, row))
        return found

    def grow(self, cells: Collection[Cell], shares: Sequence[float]) -> list[list[Cell]]:
        """Cut cells into one connected part for each share, larger for a larger share."""
        seeds = self._seeds(sorted(cells), len(shares))
        rough = {cell: self.random.uniform(0.5, 1.5) for cell in sorted(cells)}
        parts: list[list[Cell]] = [[] for _ in shares]
        queue = [(0.0, number, seed) for number, seed in enumerate(seeds)]
        while queue:
            cost, number, cell = heapq.heappop(queue)
            here = rough.pop(cell, None)
            if here is None:
                continue
            parts[number].append(cell)
            for beside in _near(cell):
                if beside in rough:
                    step = rough[beside] / math.sqrt(shares[number])
                    heapq.heappush(queue, (cost + step, number, beside))
        return parts

    def _seeds(self, cells: Sequence[Cell], count: int) -> list[Cell]:
        """Starting cells spread evenly, from the middle of the sheet outwards."""
        seeds = self.random.sample(cells, count)
        for _round in range(4):
            groups: dict[Cell, list[Cell]] = defaultdict(list)
            for cell in cells:
                groups[min((_far(seed, cell), seed) for seed in seeds)[1]].append(cell)
            seeds = [_centre(group) for group in groups.values()]
        return sorted(seeds, key=lambda seed: _far(seed, (self.size // 2, self.size // 2)))

    def corners(self, rings: Iterable[Ring]) -> dict[Corner, Point]:
        """Where each corner of these borders lies: shaken, then drawn towards its neighbours."""
        beside: dict[Corner, set[Corner]] = defaultdict(set)
        for ring in rings:
            for one, other in pairwise([*ring, ring[0]]):
                beside[one].add(other)
                beside[other].add(one)
        shaken = self.random.uniform
        points = {(x, y): (x + shaken(-0.5, 0.5), y + shaken(-0.7, 0.7)) for x, y in sorted(beside)}
        for _round in range(2):
            points = {
                corner: (
                    (here[0] + sum(points[c][0] for c in beside[corner]) / len(beside[corner])) / 2,
                    (here[1] + sum(points[c][1] for c in beside[corner]) / len(beside[corner])) / 2,
                )
                for corner, here in points.items()
            }
        return points

    def region(
        self, rings: Sequence[Ring], cells: Collection[Cell], points: Mapping[Corner, Point]
    ) -> Region:
        """A region from its border, outer ring first, and the cells inside."""
        drawn = [[self._globe(points[corner]) for corner in [*ring, ring[0]]] for ring in rings]
        inside = sorted(cells)
        return Region(
            {"type": "Polygon", "coordinates": drawn},
            self._globe(_middle(_centre(inside))),
            tuple(self._globe(_middle(cell)) for cell in inside),
        )

    def _globe(self, point: Point) -> Point:
        x, y = point
        lon = WEST + x * math.sqrt(3) / 2 * self.edge
        return round(lon, 4), round(NORTH - y / 2 * self.edge, 4)


def _middle(cell: Cell) -> Corner:
    """The middle of a cell in sheet units: half a width, half an edge."""
    return 2 * cell[0] + (cell[1] & 1), 3 * cell[1]


def _near(cell: Cell) -> list[Cell]:
    column, row = cell
    left = column - 1 + (row & 1)
    return [
        (column - 1, row), (column + 1, row), (left, row - 1), (left + 1, row - 1),
        (left, row + 1), (left + 1, row + 1),
    ]  # fmt: skip


def _far(one: Cell, other: Cell) -> int:
    """Squared distance between two cells."""
    (ax, ay), (bx, by) = _middle(one), _middle(other)
    return 3 * (ax - bx) ** 2 + (ay - by) ** 2


def _centre(cells: Sequence[Cell]) -> Cell:
    """The cell nearest to the mean of all."""
    column = sum(c for c, _ in cells) / len(cells)
    row = sum(r for _, r in cells) / len(cells)
    return min(cells, key=lambda cell: ((cell[0] - column) ** 2 + (cell[1] - row) ** 2, cell))


def _rings(cells: Collection[Cell]) -> list[Ring]:
    """The closed borders of connected cells; the first one is the outer border."""
    edges = set()
    for cell in cells:
        x, y = _middle(cell)
        corners = [(x + dx, y + dy) for dx, dy in _CORNERS]
        edges |= set(pairwise([*corners, corners[0]]))
    after = {one: other for one, other in edges if (other, one) not in edges}
    rings = []
    while after:
        start = min(after)
        ring = [start]
        while (corner := after.pop(ring[-1])) != start:
            ring.append(corner)
        rings.append(ring)
    return rings
