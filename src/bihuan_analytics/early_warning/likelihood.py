"""Likelihood-ratio chart: has the mean risen since some unknown time, by some unknown factor?"""

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Floats, at_least, not_negative, positive, series_of_counts
from bihuan_analytics.early_warning.moving import reported
from bihuan_analytics.early_warning.result import Reason
from bihuan_analytics.early_warning.streams import (
    Memory,
    StreamDetection,
    joined,
    judgement,
    remembered,
)
from bihuan_analytics.errors import NumericsError


def likelihood_ratio(
    counts: npt.ArrayLike,
    expected: npt.ArrayLike,
    *,
    excess: float = 0.0,
    decision: float = 5.0,
    window: int = 26,
    known: npt.ArrayLike | None = None,
    memory: Memory | None = None,
) -> StreamDetection:
    """Generalised likelihood ratio of a lasting rise, negative binomial or Poisson.

    GLR_t = max over k in t-M+1 .. t of sup over kappa >= 0 of
    sum_(i = k..t) log f(y_i; m_i exp(kappa)) - log f(y_i; m_i), f with variance m + a m^2; alarm
    where GLR_t >= c, after which the chart starts again.

    Args:
        counts: shape (S, T) or (T,), cases, whole, >= 0.
        expected: m, in-control mean, shape (S, T), (T,) or a number, cases, > 0.
        excess: a >= 0; 0 is the Poisson law.
        decision: c > 0. window: M, times looked back on, >= 1.
        known: shape (S, T) or (T,), False where not reported; such times tell nothing.
        memory: of an earlier answer, when these times follow it.

    Returns:
        StreamDetection, shape (S, T); bound is the smallest count that brings GLR_t to c, score
        is GLR_t / c with alarms from 1 on; no p value.

    Raises:
        NumericsError: "expected.shape"; "array.not_positive" with the index; "argument.too_small";
            "array.negative"; "memory.shape"; and what `series_of_counts` raises.

    Source: Höhle & Paul 2008, doi:10.1016/j.csda.2008.02.015.
    """
    from bihuan_analytics.early_warning import likelihood_loop as compiled

    table = series_of_counts(counts)
    mean = _spread(positive(expected, name="expected"), table.shape)
    there = reported(known, table.shape)
    overdispersion = float(not_negative(excess, name="excess"))
    at_least(window, 1, name="window")
    if not decision > 0:
        raise NumericsError("argument.too_small", name="decision", value=decision, low=0)
    history = joined(memory, table, there, mean)
    first = history.counts.shape[1] - table.shape[1]
    age = np.nan_to_num(history.level).astype(np.int64)
    out = np.zeros((2, *history.counts.shape))
    rules = np.array([window, overdispersion, decision], dtype=np.float64)
    compiled.judged(
        np.array(history.counts), np.array(history.expected), np.array(history.known),
        rules, first, age, out,
    )  # fmt: skip
    reason = np.where(history.known, Reason.JUDGED, Reason.NOT_REPORTED).astype(np.int8)
    answers = {"expected": history.expected, "bound": out[1], "score": out[0] / decision}
    kept = remembered(history, times=window - 1, level=age.astype(np.float64))
    alarm = (out[0] >= decision) & history.known
    return judgement(history, kept, answers, reason, alarm, new=table.shape[1])


def _spread(mean: Floats, shape: tuple[int, ...]) -> Floats:
    try:
        return np.broadcast_to(mean, shape)
    except ValueError as fault:
        raise NumericsError("expected.shape", expected=shape, shape=mean.shape) from fault
