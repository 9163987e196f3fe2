"""Which cells of an additive table stay unpublished so that no small count can be worked out."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Bools, Floats, at_least, whole_counts
from bihuan_analytics.errors import NumericsError

Sum = tuple[int, Sequence[int]]


def hidden_cells(counts: npt.ArrayLike, sums: Sequence[Sum], *, least: int) -> Bools:
    """Hide small counts, and as many others as it takes to keep them hidden.

    Small counts (1 .. least - 1) are hidden; zeros are published. What somebody can then work out
    of a small count is the interval of the linear programmes min and max x_i subject to every sum
    and x >= 1 on hidden cells. While an interval is narrower than least - 1, the smallest
    published count of a sum through a hidden cell is hidden too, parts before totals.

    Args:
        counts: shape (N,), parts and totals alike, whole, >= 0.
        sums: (total, parts) as places in `counts`; counts[total] = sum of counts[parts].
        least: smallest count that may be published, >= 2.

    Returns:
        Hidden cells, shape (N,). All cells of one mark: which of them are small is not told.

    Raises:
        NumericsError: "sums.not_additive" with the place; "argument.too_small"; and what
            `whole_counts` raises.

    Source: Fischetti & Salazar-Gonzalez 2001, doi:10.1287/mnsc.47.7.1008.9805 (attacker's
        problem; the choice here is greedy).
    """
    at_least(least, 2, name="least")
    table = whole_counts(counts, name="counts")
    rows = _equations(table, sums)
    small = (table > 0) & (table < least)
    hidden: Bools = small.copy()
    totals = {total for total, _ in sums}
    while True:
        exposed = [at for at in np.flatnonzero(small).tolist()
                   if np.ptp(bounds(table, rows, hidden, at)) < least - 1]  # fmt: skip
        if not exposed:
            return hidden
        more = _next(table, rows, hidden, exposed, totals)
        if more is None:  # nothing left beside zeros: the sums say it all
            raise NumericsError("disclosure.impossible", place=exposed[0])
        hidden[more] = True


def bounds(table: Floats, rows: Floats, hidden: Bools, cell: int) -> tuple[float, float]:
    """Smallest and largest value of a hidden cell that agree with everything published."""
    from scipy.optimize import linprog

    places = np.flatnonzero(hidden)
    known = rows[:, ~hidden] @ table[~hidden]
    part = rows[:, places]
    used = np.abs(part).sum(axis=1) > 0
    goal = (places == cell).astype(np.float64)
    ends = []
    for sign in (1.0, -1.0):
        found = linprog(sign * goal, A_eq=part[used], b_eq=-known[used], bounds=(1, None))
        ends.append(float("inf") if found.status == 3 else sign * float(found.fun))
    return round(ends[0], 6), round(ends[1], 6)


def _equations(table: Floats, sums: Sequence[Sum]) -> Floats:
    """parts - total = 0, one row for each sum."""
    rows = np.zeros((len(sums), table.size))
    for at, (total, parts) in enumerate(sums):
        rows[at, list(parts)] = 1.0
        rows[at, total] = -1.0
    off = np.flatnonzero(np.abs(rows @ table) > 1e-9)
    if off.size:
        raise NumericsError("sums.not_additive", place=int(off[0]))
    return rows


def _next(
    table: Floats, rows: Floats, hidden: Bools, exposed: Sequence[int], totals: set[int]
) -> int | None:
    """The published, nonzero cell to hide next: of the sums of the exposed cells, or of any."""
    for touched in (exposed, np.flatnonzero(hidden).tolist()):
        through = np.abs(rows[:, touched]).sum(axis=1) > 0
        near = (np.abs(rows[through]).sum(axis=0) > 0) & ~hidden & (table > 0)
        if near.any():
            places = np.flatnonzero(near).tolist()
            return int(min(places, key=lambda at: (at in totals, table[at], at)))
    return None
