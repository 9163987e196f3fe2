"""The weekly calendar: an even grid, reference weeks of earlier years, seasonal groups."""

from calendar import isleap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Bools, Days, Floats, Ints, at_least, first_index, whole_numbers
from bihuan_analytics.errors import NumericsError

Value = TypeVar("Value", bound=np.generic)


@dataclass(frozen=True, slots=True)
class WeekGrid:
    """Weekly series without holes in the calendar; weeks that were absent are not `known`."""

    weeks: Days
    counts: Floats
    known: Bools
    population: Floats


class Design(NamedTuple):
    """The rows of the grid that enter the regression of one judged week (shared by all series).

    rows: positions in the grid; group: seasonal group 0..groups-1; time: weeks since the first
    row; target: position of the judged week, whose group is the last one.
    """

    rows: Ints
    group: Ints
    time: Ints
    groups: int
    target: int
    target_time: int


def checked_days(dates: npt.ArrayLike, *, length: int) -> Days:
    """Dates as datetime64[D], strictly ascending.

    Raises:
        NumericsError: "dates.length"; "dates.not_dates"; "dates.duplicated" or "dates.unsorted"
            with the index of the later one.
    """
    try:
        days = np.asarray(dates, dtype="datetime64[D]")
    except (TypeError, ValueError) as fault:
        raise NumericsError("dates.not_dates") from fault
    if days.shape != (length,):
        raise NumericsError("dates.length", expected=length, shape=days.shape)
    if np.isnat(days).any():
        raise NumericsError("dates.not_dates", index=first_index(np.isnat(days))[0])
    step = np.diff(days).astype(np.int64)
    if (step == 0).any():
        raise NumericsError("dates.duplicated", index=first_index(step == 0)[0] + 1)
    if (step < 0).any():
        raise NumericsError("dates.unsorted", index=first_index(step < 0)[0] + 1)
    return days


def week_grid(
    counts: Floats,
    dates: npt.ArrayLike,
    *,
    known: npt.ArrayLike | None = None,
    population: npt.ArrayLike | None = None,
) -> WeekGrid:
    """Lay series on the full weekly calendar between their first and last date.

    Args:
        counts: shape (S, T). dates: shape (T,), one a week, the same weekday, gaps allowed.
        known: shape (S, T) or (T,); False where a count was not reported. None: all known.
        population: shape (S, T) or (T,), > 0. None: constant.

    Raises:
        NumericsError: "dates.not_weekly" with the index; "known.shape"; "population.shape";
            "population.not_positive" with the index; and what `checked_days` raises.
    """
    days = checked_days(dates, length=counts.shape[1])
    offset = (days - days[0]).astype(np.int64)
    if (offset % 7 != 0).any():
        raise NumericsError("dates.not_weekly", index=first_index(offset % 7 != 0)[0])
    place = offset // 7
    length = int(place[-1]) + 1
    reported = _spread(known, counts.shape, name="known").astype(np.bool_)
    people = _spread(population, counts.shape, name="population").astype(np.float64)
    if not (people > 0).all():
        raise NumericsError("population.not_positive", index=first_index(~(people > 0)))
    return WeekGrid(
        weeks=days[0] + 7 * np.arange(length),
        counts=_laid_out(counts, place, length, 0.0),
        known=_laid_out(reported, place, length, False),
        population=_laid_out(people, place, length, 1.0),
    )


def _laid_out(
    values: npt.NDArray[Value], place: Ints, length: int, absent: float
) -> npt.NDArray[Value]:
    """Columns at their place in the full calendar, `absent` in the weeks between."""
    if length == values.shape[1]:
        return np.ascontiguousarray(values)
    full = np.full((values.shape[0], length), absent, dtype=values.dtype)
    full[:, place] = values
    return full


def _spread(
    values: npt.ArrayLike | None, shape: tuple[int, ...], *, name: str
) -> npt.NDArray[np.generic]:
    """One row for all series, or one row for each."""
    if values is None:
        return np.ones((1, shape[1]))
    array = np.atleast_2d(np.asarray(values))
    if array.shape not in (shape, (1, shape[1])):
        raise NumericsError(f"{name}.shape", expected=shape, shape=array.shape)
    return array


def anniversary(day: date, *, years_back: int) -> date:
    """The same weekday nearest to the same date some years back (29 February counts as 1 March)."""
    year = day.year - years_back
    leap_day = (day.month, day.day) == (2, 29)
    same = date(year, 3, 1) if leap_day and not isleap(year) else day.replace(year=year)
    ahead = (day.weekday() - same.weekday()) % 7
    return same + timedelta(days=ahead if ahead <= 3 else ahead - 7)


def checked_positions(judge: Sequence[int] | Ints, *, length: int) -> Ints:
    """Positions to be judged, counted from the start.

    Raises:
        NumericsError: "judge.empty"; "array.not_whole"; "judge.out_of_range" with the position.
    """
    wanted = np.atleast_1d(np.asarray(judge))
    if wanted.size == 0:
        raise NumericsError("judge.empty")
    places = whole_numbers(wanted, name="judge")
    bad = (places < -length) | (places >= length)
    if bad.any():
        raise NumericsError("judge.out_of_range", index=int(places[bad][0]), length=length)
    return np.where(places < 0, places + length, places)


def reference_positions(weeks: Days, target: int, *, years: int) -> list[int]:
    """Positions of the judged week and of its reference weeks 1..years back; may be negative."""
    day: date = weeks[target].item()
    first: date = weeks[0].item()
    return [(anniversary(day, years_back=j) - first).days // 7 for j in range(years + 1)]


def seasonal_design(
    weeks: Days, target: int, *, years: int, half_window: int, seasons: int, excluded: int
) -> Design | None:
    """Rows and seasonal groups of one judged week; None where the series is too short for it.

    Weeks within `half_window` of a reference week form the last group; the weeks between two
    windows are cut, forward in time, into seasons - 1 runs of equal length, the first ones one
    week longer where it does not divide. The judged week and the `excluded` ones before it stay
    out.

    Source: Noufaily et al. 2013, doi:10.1002/sim.5595.
    """
    at_least(seasons, 1, name="seasons")
    centres = reference_positions(weeks, target, years=years)
    if centres[-1] - half_window < 0:
        return None
    group = np.full(target + 1, -1, dtype=np.int64)
    for newer, older in pairwise(centres):
        start, stop = older + half_window + 1, newer - half_window
        if seasons > 1:
            runs = np.array_split(np.arange(start, stop), seasons - 1)
            for season, run in enumerate(runs):
                group[run] = season
    for centre in centres:
        group[max(centre - half_window, 0) : centre + half_window + 1] = seasons - 1
    rows = np.flatnonzero(group[: max(target - excluded, 0)] >= 0)
    if rows.size == 0:
        return None
    return Design(
        rows=rows.astype(np.int64),
        group=group[rows],
        time=rows - rows[0],
        groups=seasons,
        target=target,
        target_time=target - int(rows[0]),
    )
