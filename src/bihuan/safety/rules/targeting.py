"""Where hazards are to be expected: problem × period × industry, against an even spread. Pure.

A check looks for one problem in one month in one sector. Its expected hit rate is what earlier
checks found there, drawn towards the mean of all cells by as much weight as `PRIOR` checks have,
so that one lucky visit makes no key cell.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import ceil

PRIOR = 10.0


@dataclass(frozen=True, slots=True)
class Cell:
    """Hazards of one type found in one month of the year in one sector, and the checks there."""

    problem: str
    month: int
    sector: str
    hits: int
    visits: int

    @property
    def key(self) -> tuple[str, int, str]:
        """Which cell it is, in whatever year."""
        return self.problem, self.month, self.sector


@dataclass(frozen=True, slots=True)
class Rates:
    """Hazards found for each check: as an even spread finds them, and aimed at the key cells."""

    even: float
    aimed: float

    @property
    def gain(self) -> float | None:
        """How many times the even spread; None where it found nothing."""
        return self.aimed / self.even if self.even else None


def mean_rate(cells: Sequence[Cell]) -> float:
    """Hits for each check over all cells: what an even spread finds."""
    visits = sum(cell.visits for cell in cells)
    return sum(cell.hits for cell in cells) / visits if visits else 0.0


def expected(cell: Cell, mean: float) -> float:
    """The rate to expect in a cell."""
    return (cell.hits + PRIOR * mean) / (cell.visits + PRIOR)


def key_cells(cells: Sequence[Cell], *, top: int) -> tuple[tuple[Cell, float], ...]:
    """The top per cent of cells with their expected rates, the highest first; at least one."""
    mean = mean_rate(cells)
    ranked = sorted(((cell, expected(cell, mean)) for cell in cells),
                    key=lambda pair: (-pair[1], pair[0].key))  # fmt: skip
    return tuple(ranked[: ceil(len(ranked) * top / 100)])


def rates(cells: Sequence[Cell], keys: Collection[tuple[str, int, str]], *, share: int) -> Rates:
    """Both rates on the cells of a year, `share` per cent of the checks given to the key cells."""
    even = mean_rate(cells)
    inside = [cell for cell in cells if cell.key in keys]
    part = share / 100
    return Rates(even, part * mean_rate(inside) + (1 - part) * even)


def shared_out(total: int, weights: Sequence[float]) -> tuple[int, ...]:
    """A whole number of checks over cells by weight, by largest remainder."""
    whole = sum(weights)
    if not whole:
        return tuple(0 for _ in weights)
    exact = [total * weight / whole for weight in weights]
    given = [int(part) for part in exact]
    rest = sorted(range(len(exact)), key=lambda n: (given[n] - exact[n], n))
    for place in rest[: total - sum(given)]:
        given[place] += 1
    return tuple(given)


def staff_needed(places: int, guide: int) -> int:
    """Inspectors that so many places take, by the guide."""
    return ceil(places / guide)
