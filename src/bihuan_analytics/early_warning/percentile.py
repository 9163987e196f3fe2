"""The moving percentile method of China's automated early warning system."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Bools, Days, Floats, Ints, at_least, between, series_of_counts
from bihuan_analytics.early_warning.moving import reported
from bihuan_analytics.early_warning.result import Detection, Reason
from bihuan_analytics.early_warning.weeks import anniversary, checked_days, checked_positions


@dataclass(frozen=True, slots=True)
class PercentileControl:
    """Choices of the method.

    percentile: share of the history, 0..1. years: of history. weeks_each_side: neighbours of the
    same date in each year. least_history: values needed. least_cases: cases needed for an alarm.
    """

    percentile: float = 0.8
    years: int = 5
    weeks_each_side: int = 2
    least_history: int = 15
    least_cases: int = 1

    def __post_init__(self) -> None:
        between(self.percentile, 0.0, 1.0, name="percentile")
        at_least(self.years, 1, name="years")
        at_least(self.weeks_each_side, 0, name="weeks_each_side")
        at_least(self.least_history, 1, name="least_history")
        at_least(self.least_cases, 1, name="least_cases")


def moving_percentile(
    counts: npt.ArrayLike,
    dates: npt.ArrayLike,
    *,
    judge: Sequence[int] | Ints,
    control: PercentileControl | None = None,
    known: npt.ArrayLike | None = None,
) -> Detection:
    """Judge the total of the last seven days against the same weeks of earlier years.

    The history of day t is the seven-day totals that end on the same date of each of the `years`
    before, and `weeks_each_side` weeks around it (5 x 5 = 25 values). Alarm where the current
    total is at or above the percentile of the history and at or above `least_cases`.

    Args:
        counts: shape (S, T) or (T,), cases a day or a week, whole, >= 0.
        dates: shape (T,), ascending; gaps count as not known.
        judge: positions in `dates`; negative ones count from the end.
        control: see PercentileControl.
        known: shape (S, T) or (T,), False where not reported or part of a known outbreak;
            totals that touch such a day are left out.

    Returns:
        Detection, shape (S, len(judge)); observed is the seven-day total, expected the median of
        the history, bound the percentile, score total / max(bound, least_cases) with alarms from
        1 on, p_value the share (1 + values >= total) / (1 + values).

    Raises:
        NumericsError: "judge.out_of_range"; "judge.empty"; "known.shape"; and what
            `series_of_counts` and `checked_days` raise.

    Source: Yang et al. 2011, doi:10.5365/WPSAR.2010.1.1.009.
    """
    rules = control or PercentileControl()
    table = series_of_counts(counts)
    days = checked_days(dates, length=table.shape[1])
    targets = days[checked_positions(judge, length=days.size)]
    totals, whole = _seven_day_totals(table, reported(known, table.shape), days)
    places = np.array([_history(target.item(), rules) for target in targets])
    place = (places - days[0]).astype(np.int64)
    inside = (place >= 0) & (place < totals.shape[1])
    place = np.where(inside, place, 0)
    usable = whole[:, place] & inside
    history = np.where(usable[:, :, 1:], totals[:, place][:, :, 1:], np.nan)
    return _judged(totals[:, place[:, 0]], usable[:, :, 0], history, rules)


def _seven_day_totals(counts: Floats, known: Bools, days: Days) -> tuple[Floats, Bools]:
    """Totals of the seven days up to each day of the calendar, and whether all were known.

    A weekly series (every step 7 days) carries its total on its own date.
    """
    place = (days - days[0]).astype(np.int64)
    daily = np.zeros((counts.shape[0], int(place[-1]) + 1))
    there = np.zeros(daily.shape, dtype=np.bool_)
    daily[:, place] = counts
    there[:, place] = known
    if days.size > 1 and (np.diff(place) % 7 == 0).all():
        return daily, there
    running = np.cumsum(np.pad(daily * there, ((0, 0), (7, 0))), axis=1)
    reports = np.cumsum(np.pad(there, ((0, 0), (7, 0))), axis=1)
    return running[:, 7:] - running[:, :-7], (reports[:, 7:] - reports[:, :-7]) == 7


def _history(day: date, rules: PercentileControl) -> list[np.datetime64]:
    """The judged day, then the ends of its historical weeks (same weekday, so weeks align)."""
    centres = [anniversary(day, years_back=back) for back in range(1, rules.years + 1)]
    around = range(-rules.weeks_each_side, rules.weeks_each_side + 1)
    ends = [centre + timedelta(days=7 * week) for centre in centres for week in around]
    return [np.datetime64(end, "D") for end in (day, *ends)]


def _judged(
    current: Floats, reported_now: Bools, history: Floats, rules: PercentileControl
) -> Detection:
    values = np.isfinite(history).sum(axis=2)
    reason = np.full(current.shape, Reason.JUDGED, dtype=np.int8)
    reason[values < rules.least_history] = Reason.SHORT_BASELINE
    reason[~reported_now] = Reason.NOT_REPORTED
    judged = reason == Reason.JUDGED
    usable = np.where(judged[:, :, None], history, 0.0)
    bound = np.nanquantile(usable, rules.percentile, axis=2)
    median = np.nanquantile(usable, 0.5, axis=2)
    score = current / np.maximum(bound, rules.least_cases)
    reached = (history >= current[:, :, None]).sum(axis=2)
    return Detection(
        observed=current,
        expected=np.where(judged, median, np.nan),
        bound=np.where(judged, bound, np.nan),
        score=np.where(judged, score, np.nan),
        p_value=np.where(judged, (1 + reached) / (1 + values), np.nan),
        alarm=judged & (score >= 1.0),
        reason=reason,
    )
