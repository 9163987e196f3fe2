"""Spread arrivals that a gate cannot take over neighbouring days and gates. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import heappop, heappush
from itertools import pairwise

Cell = tuple[date, int]  # a day and a gate
Node = tuple[str, int]  # "in": where people meant to arrive; "out": where they do
END: Node = ("end", 0)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a return may be moved: days either way, and which other gates, at what price."""

    days: int
    other_gate_days: int  # another gate counts as so many days
    near: Mapping[int, frozenset[int]]  # gate → the others people may use instead


@dataclass(frozen=True, slots=True)
class Shift:
    """People who arrive elsewhere than they meant to."""

    origin: Cell
    target: Cell
    n: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Arrivals after spreading, who moves, and what stays above capacity where it was."""

    after: dict[Cell, int]
    shifts: tuple[Shift, ...]
    remainder: dict[Cell, int]

    @property
    def moved(self) -> int:
        """People who arrive on another day or at another gate."""
        return sum(one.n for one in self.shifts)


def spread(arrivals: Mapping[Cell, int], capacity: Mapping[Cell, int], reach: Reach) -> Spread:
    """The plan that brings most people under capacity with the least displacement.

    A transport problem, solved by successive shortest paths (Dijkstra with potentials). At first
    everybody whom a cell can take stays. The rest is then placed, the earliest day first, each time
    along the cheapest chain to a free place; a chain may move somebody placed before, so that a
    full neighbour does not block the way. A day of displacement costs 1, another gate
    `reach.other_gate_days`; of equal ways the one to the earlier day is taken. Such plans are
    optimal: no other leaves fewer above capacity, and of those that leave as few none has less
    displacement. Each person moves within `reach`. Whoever fits nowhere stays, as the remainder.

    Args:
        arrivals: people by cell; cells without capacity count as 0.
        capacity: people by cell; the cells given are the only ones anybody is moved to.
    """
    return _Transport(arrivals, capacity, reach).solved()


class _Transport:
    def __init__(
        self, arrivals: Mapping[Cell, int], capacity: Mapping[Cell, int], reach: Reach
    ) -> None:
        self.cells = sorted({*arrivals, *capacity})
        self.at = {cell: i for i, cell in enumerate(self.cells)}
        self.reach = reach
        wanted = [arrivals.get(cell, 0) for cell in self.cells]
        room = [capacity.get(cell, 0) for cell in self.cells]
        stays = [min(pair) for pair in zip(wanted, room, strict=True)]
        self.left = [n - s for n, s in zip(wanted, stays, strict=True)]
        self.free = [n - s for n, s in zip(room, stays, strict=True)]
        self.open = [n > 0 for n in room]
        # flow[j][i]: people of cell i who arrive at cell j
        self.flow: list[dict[int, int]] = [{i: n} if n else {} for i, n in enumerate(stays)]
        self.price: dict[Node, int] = {}  # potentials; 0 where none is written
        self.ways: dict[int, list[tuple[int, int]]] = {}

    def solved(self) -> Spread:
        while any(self.left) and (path := self._shortest()) is not None:
            self._push(path)
        after = {
            cell: sum(self.flow[i].values()) + self.left[i] for i, cell in enumerate(self.cells)
        }
        shifts = [
            Shift(self.cells[i], self.cells[j], n)
            for j, held in enumerate(self.flow)
            for i, n in held.items()
            if i != j
        ]
        rest = {self.cells[i]: n for i, n in enumerate(self.left) if n}
        return Spread(after, tuple(sorted(shifts, key=lambda s: (s.origin, s.target))), rest)

    def _ways(self, i: int) -> list[tuple[int, int]]:
        """Cells that the people of one may use, and the displacement; written down once."""
        if i not in self.ways:
            day, gate = self.cells[i]
            other = self.reach.other_gate_days
            gates = ((gate, 0), *((one, other) for one in sorted(self.reach.near.get(gate, ()))))
            found = []
            for away in range(-self.reach.days, self.reach.days + 1):
                for where, cost in gates:
                    j = self.at.get((day + timedelta(days=away), where))
                    if j is not None and self.open[j]:
                        found.append((j, abs(away) + cost))
            self.ways[i] = found
        return self.ways[i]

    def _arcs(self, node: Node) -> Iterator[tuple[Node, int]]:
        """Where one may go on from a node, and at what cost; back where somebody came from."""
        kind, k = node
        if kind == "in":
            yield from ((("out", j), cost) for j, cost in self._ways(k))
            return
        if self.free[k]:
            yield END, 0
        for i in self.flow[k]:
            yield ("in", i), -next(cost for j, cost in self._ways(i) if j == k)

    def _shortest(self) -> list[Node] | None:
        """The cheapest way from somebody who is left to a free place, END not included."""
        far: dict[Node, int] = {("in", i): 0 for i, n in enumerate(self.left) if n}
        before: dict[Node, Node] = {}
        heap = [(0, node) for node in sorted(far)]
        done: set[Node] = set()
        while heap:
            dist, node = heappop(heap)
            if node in done:
                continue
            if node == END:
                self._reprice(far, done, dist)
                return self._path(before)
            done.add(node)
            here = dist + self.price.get(node, 0)
            for target, cost in self._arcs(node):
                new = here + cost - self.price.get(target, 0)
                if target not in far or new < far[target]:
                    far[target], before[target] = new, node
                    heappush(heap, (new, target))
        return None

    def _reprice(self, far: dict[Node, int], done: set[Node], reached: int) -> None:
        """Keep every cost of what is left of the network at least 0 (Johnson)."""
        for node in done:
            self.price[node] = self.price.get(node, 0) + far[node] - reached

    @staticmethod
    def _path(before: Mapping[Node, Node]) -> list[Node]:
        node, path = before[END], []
        while node in before:
            path.append(node)
            node = before[node]
        return [node, *reversed(path)]

    def _push(self, path: list[Node]) -> None:
        """Send as many as the way takes: in → out, back to the in of somebody there, and on."""
        steps = list(pairwise(path))
        back = [self.flow[a[1]][b[1]] for a, b in steps if a[0] == "out"]
        n = min(self.left[path[0][1]], self.free[path[-1][1]], *back)
        self.left[path[0][1]] -= n
        self.free[path[-1][1]] -= n
        for (kind, a), (_kind, b) in steps:
            if kind == "in":
                self.flow[b][a] = self.flow[b].get(a, 0) + n
            else:
                self.flow[a][b] -= n
                if not self.flow[a][b]:
                    del self.flow[a][b]
