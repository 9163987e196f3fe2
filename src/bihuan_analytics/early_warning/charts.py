"""Control charts that remember: cumulative sum and exponentially weighted average."""

from typing import Literal

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import (
    Bools,
    Floats,
    at_least,
    between,
    finite,
    first_index,
    series_of_counts,
)
from bihuan_analytics.early_warning.control import Mode, checked_mode
from bihuan_analytics.early_warning.moving import moving_baseline, reported
from bihuan_analytics.early_warning.result import Reason
from bihuan_analytics.early_warning.streams import (
    Memory,
    StreamDetection,
    joined,
    judgement,
    remembered,
)
from bihuan_analytics.errors import NumericsError

Scale = Literal["rossi", "anscombe", "plain"]


def cusum(
    counts: npt.ArrayLike,
    expected: npt.ArrayLike,
    *,
    reference: float = 1.04,
    decision: float = 2.26,
    scale: Scale = "rossi",
    known: npt.ArrayLike | None = None,
    mode: Mode = "corrected",
    memory: Memory | None = None,
) -> StreamDetection:
    """Cumulative sum of standardised Poisson counts.

    S_t = max(0, S_(t-1) + x_t - k), alarm where S_t >= h and the count is not 0. In corrected
    mode the sum starts again from 0 after an alarm; R's surveillance never resets it
    (r-compatible). x is (y - 3 m + 2 sqrt(m y)) / (2 sqrt(m)) for "rossi",
    1.5 (y^(2/3) - m^(2/3)) / m^(1/6) for "anscombe", (y - m) / sqrt(m) for "plain".

    Args:
        counts: shape (S, T) or (T,), cases, whole, >= 0.
        expected: m, in-control mean, shape (S, T), (T,) or a number, cases, > 0.
        reference: k, standard deviations, > 0. decision: h, > 0.
        known: shape (S, T) or (T,), False where not reported; the sum then waits.
        memory: of an earlier answer, when these times follow it. None: the sum starts at 0.
        scale: "rossi", "anscombe" or "plain", see above. mode: "corrected" or "r-compatible".

    Returns:
        StreamDetection, shape (S, T); bound is the count at which S_t reaches h, score is S_t / h with
        alarms from 1 on; no p value.

    Raises:
        NumericsError: "expected.shape"; "expected.not_positive" with the index;
            "argument.unknown"; "argument.too_small"; and what `series_of_counts` raises.

    Source: Rossi et al. 1999, Stat Med 18:2111.
    """
    checked_mode(mode)
    table = series_of_counts(counts)
    mean = _expected(expected, table.shape)
    there = reported(known, table.shape)
    for name, value in (("reference", reference), ("decision", decision)):
        if not value > 0:
            raise NumericsError("argument.too_small", name=name, value=value, low=0)
    history = joined(memory, table, there)
    step = np.where(there, _standardised(table, mean, scale) - reference, 0.0)
    total, alarm = np.nan_to_num(history.level), np.zeros(table.shape, dtype=np.bool_)
    sums, bound = np.zeros_like(table), np.zeros_like(table)
    for t in range(table.shape[1]):
        bound[:, t] = _count_at(decision + reference - total, mean[:, t], scale)
        total = np.maximum(total + step[:, t], 0.0)
        sums[:, t] = total
        alarm[:, t] = there[:, t] & (total >= decision) & (table[:, t] > 0)
        if mode == "corrected":
            total = np.where(alarm[:, t], 0.0, total)
    answers = {"expected": mean, "bound": bound, "score": sums / decision}
    kept = remembered(history, times=0, level=total)
    return judgement(history, kept, answers, _reasons(there), alarm, new=table.shape[1])


def _expected(expected: npt.ArrayLike, shape: tuple[int, ...]) -> Floats:
    array = finite(expected, name="expected")
    try:
        mean = np.broadcast_to(array, shape)
    except ValueError as fault:
        raise NumericsError("expected.shape", expected=shape, shape=array.shape) from fault
    if not (mean > 0).all():
        raise NumericsError("expected.not_positive", index=first_index(mean <= 0))
    return mean


def _standardised(counts: Floats, mean: Floats, scale: Scale) -> Floats:
    if scale == "rossi":
        x: Floats = (counts - 3 * mean + 2 * np.sqrt(mean * counts)) / (2 * np.sqrt(mean))
    elif scale == "anscombe":
        x = 1.5 * (counts ** (2 / 3) - mean ** (2 / 3)) / mean ** (1 / 6)
    elif scale == "plain":
        x = (counts - mean) / np.sqrt(mean)
    else:
        raise NumericsError("argument.unknown", name="scale", value=scale)
    return x


def _count_at(x: Floats, mean: Floats, scale: Scale) -> Floats:
    """The count whose standardised value is x; 0 where none is that low."""
    root = np.sqrt(mean)
    if scale == "rossi":
        count: Floats = np.maximum(np.sqrt(np.maximum(4 * mean + 2 * root * x, 0)) - root, 0) ** 2
    elif scale == "anscombe":
        count = np.maximum(mean ** (2 / 3) + x * mean ** (1 / 6) / 1.5, 0.0) ** 1.5
    else:
        count = np.maximum(mean + x * root, 0.0)
    return count


def ewma(
    counts: npt.ArrayLike,
    *,
    smoothing: float = 0.4,
    limit: float = 3.0,
    length: int = 28,
    guard: int = 2,
    least_sd: float = 0.5,
    known: npt.ArrayLike | None = None,
    memory: Memory | None = None,
) -> StreamDetection:
    """Exponentially weighted moving average against a moving baseline.

    z_t = lambda y_t + (1 - lambda) z_(t-1), z_0 = y_0; alarm where
    z_t > m_t + L s_t sqrt(lambda / (2 - lambda)), with mean and standard deviation of the
    `length` steps that end `guard` steps before t.

    Args:
        counts: shape (S, T) or (T,), cases, whole, >= 0.
        smoothing: lambda in (0, 1). limit: L, standard deviations, > 0.
        length, guard: steps. least_sd: floor of s, cases, > 0.
        known: shape (S, T) or (T,), False where not reported; the average then waits.
        memory: of an earlier answer, when these times follow it.

    Returns:
        StreamDetection, shape (S, T); bound is the count above which z_t passes its limit, score is
        (z_t - m_t) over its limit; no p value.

    Raises:
        NumericsError: "argument.out_of_range"; "argument.too_small"; "known.shape"; and what
            `series_of_counts` raises.

    Source: Roberts 1959, doi:10.1080/00401706.1959.10489860; for outbreaks Kuang et al. 2012.
    """
    table = series_of_counts(counts)
    there = reported(known, table.shape)
    between(smoothing, 0.0, 1.0, name="smoothing")
    at_least(length, 2, name="length")
    at_least(guard, 0, name="guard")
    for name, value in (("limit", limit), ("least_sd", least_sd)):
        if not value > 0:
            raise NumericsError("argument.too_small", name=name, value=value, low=0)
    history = joined(memory, table, there)
    base = moving_baseline(history.counts, history.known, length=length, lag=guard)
    room = limit * np.maximum(base.sd, least_sd) * np.sqrt(smoothing / (2.0 - smoothing))
    averages, bound = np.zeros_like(history.counts), np.zeros_like(history.counts)
    average = history.level
    for t in range(history.counts.shape[1] - table.shape[1], history.counts.shape[1]):
        now, seen = history.counts[:, t], history.known[:, t]
        carried = (1.0 - smoothing) * np.where(np.isnan(average), now, average)
        bound[:, t] = np.maximum((base.mean[:, t] + room[:, t] - carried) / smoothing, 0.0)
        average = np.where(seen, smoothing * now + carried, average)
        averages[:, t] = average
    alarm = base.enough & (averages > base.mean + room) & (history.counts > 0)
    answers = {
        "expected": base.mean,
        "bound": bound,
        "score": (averages - base.mean) / room,
    }
    kept = remembered(history, times=length + guard, level=average)
    reason = _reasons(history.known, base.enough)
    return judgement(history, kept, answers, reason, alarm, new=table.shape[1])


def _reasons(there: Bools, enough: Bools | None = None) -> npt.NDArray[np.int8]:
    reason = np.full(there.shape, Reason.JUDGED, dtype=np.int8)
    if enough is not None:
        reason[~enough] = Reason.SHORT_BASELINE
    reason[~there] = Reason.NOT_REPORTED
    return reason
