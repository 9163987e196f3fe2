"""The reporting triangle: how many events of each day were reported with which delay."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Days, Floats, at_least, whole_counts
from bihuan_analytics.errors import NumericsError


@dataclass(frozen=True, slots=True)
class Triangle:
    """counts: shape (S, T, D + 1), events of day t reported with delay d; the last day is the
    present, so a cell with t + d > T - 1 is not known yet and holds 0. first_day: of the series.
    """

    counts: Floats
    first_day: np.datetime64

    @property
    def days(self) -> Days:
        """The day of each row, shape (T,)."""
        days: Days = self.first_day + np.arange(self.counts.shape[1])
        return days


def triangle_of_reports(
    events: npt.ArrayLike,
    reports: npt.ArrayLike,
    *,
    now: np.datetime64,
    days: int,
    longest_delay: int,
    series: npt.ArrayLike | None = None,
) -> Triangle:
    """Count the reports known at `now` by day of event and delay.

    Reports later than `now` are not known and left out; so are events before the `days` that end
    at `now`. A delay above `longest_delay` counts as the longest once it is reported.

    Args:
        events, reports: shape (N,), dates of event and report.
        now: the present day. days: rows T, >= 2. longest_delay: D, days, 1 .. days - 1.
        series: shape (N,), number of the series (area) of each event, 0, 1, ...; None: one series.

    Returns:
        Triangle.

    Raises:
        NumericsError: "report.before_event" with the index; "dates.not_dates" with the index;
            "report.shape"; "series.shape"; "argument.too_small"; "delay.too_long".

    Source: none: n_(t,d) counts the events of day t reported d days later.
    """
    at_least(days, 2, name="days")
    at_least(longest_delay, 1, name="longest_delay")
    if longest_delay > days - 1:
        raise NumericsError("delay.too_long", longest_delay=longest_delay, days=days)
    happened, told = _days(events, "events"), _days(reports, "reports")
    if happened.shape != told.shape or happened.ndim != 1:
        raise NumericsError("report.shape", events=happened.shape, reports=told.shape)
    delay = (told - happened).astype(np.int64)
    if (delay < 0).any():
        raise NumericsError("report.before_event", index=int(np.argmax(delay < 0)))
    number = np.zeros(delay.size, dtype=np.int64)
    if series is not None:
        number = whole_counts(series, name="series").astype(np.int64)
        if number.shape != delay.shape:
            raise NumericsError("series.shape", expected=delay.shape, shape=number.shape)
    present = now.astype("datetime64[D]")
    first = present - (days - 1)
    row = (happened - first).astype(np.int64)
    keep = (told <= present) & (row >= 0)
    counts = np.zeros((int(number.max(initial=0)) + 1, days, longest_delay + 1))
    # an overlong delay is filed where it became known: at the longest one, in a row already full
    column = np.minimum(delay, longest_delay)
    np.add.at(counts, (number[keep], row[keep], column[keep]), 1.0)
    return Triangle(counts=counts, first_day=first)


def checked_triangle(counts: npt.ArrayLike) -> Floats:
    """Counts as (S, T, D + 1), nothing in cells that are not known yet.

    Raises:
        NumericsError: "triangle.shape"; "triangle.future" with the index; and what `whole_counts`
            raises.
    """
    table = whole_counts(counts, name="triangle")
    if table.ndim == 2:
        table = table[None]
    if table.ndim != 3 or table.shape[1] < 2 or not 2 <= table.shape[2] <= table.shape[1]:
        raise NumericsError("triangle.shape", shape=table.shape)
    future = ~known_cells(table.shape[1], table.shape[2])
    bad = (table > 0) & future
    if bad.any():
        raise NumericsError("triangle.future", index=tuple(int(i) for i in np.argwhere(bad)[0]))
    return table


def known_cells(days: int, delays: int) -> npt.NDArray[np.bool_]:
    """Which cells (T, D + 1) are known on the last day."""
    known: npt.NDArray[np.bool_] = np.arange(days)[:, None] + np.arange(delays)[None, :] <= days - 1
    return known


def _days(values: npt.ArrayLike, name: str) -> Days:
    try:
        days = np.asarray(values, dtype="datetime64[D]")
    except (TypeError, ValueError) as fault:
        raise NumericsError("dates.not_dates", name=name) from fault
    if np.isnat(days).any():
        raise NumericsError("dates.not_dates", name=name, index=int(np.argmax(np.isnat(days))))
    return days
