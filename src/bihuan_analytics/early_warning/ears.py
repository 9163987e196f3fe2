"""The detectors C1, C2 and C3 of the Early Aberration Reporting System."""

from typing import Literal

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Bools, Floats, series_of_counts
from bihuan_analytics.early_warning.control import Mode, checked_mode
from bihuan_analytics.early_warning.moving import moving_baseline, reported
from bihuan_analytics.early_warning.result import Reason, exceedance
from bihuan_analytics.early_warning.streams import (
    Memory,
    StreamDetection,
    joined,
    judgement,
    remembered,
)
from bihuan_analytics.errors import NumericsError

Method = Literal["C1", "C2", "C3"]
LAG = {"C1": 0, "C2": 2, "C3": 2}
THRESHOLD = {"C1": 3.0, "C2": 3.0, "C3": 2.0}
LOOKS_BACK = 11  # C3: two days before, each against the seven that end two days earlier


def ears(
    counts: npt.ArrayLike,
    *,
    method: Method,
    threshold: float | None = None,
    least_sd: float = 0.5,
    known: npt.ArrayLike | None = None,
    mode: Mode = "corrected",
    memory: Memory | None = None,
) -> StreamDetection:
    """Judge each time against the mean and standard deviation of the seven before it.

    C1: (y_t - m) / s > threshold over t-7..t-1. C2: over t-9..t-3. C3: the sum over t-2..t of
    max(0, C2 - 1) > threshold. s is at least `least_sd`. In r-compatible mode C3 repeats R's
    surveillance, which looks at the two earlier excesses only.

    Args:
        counts: shape (S, T) or (T,), cases a day (or week), whole, >= 0.
        method: "C1", "C2" or "C3".
        threshold: standard deviations; None: 3 for C1 and C2, 2 for C3.
        least_sd: floor of s, cases, >= 0.
        known: shape (S, T) or (T,), False where not reported; more than half of a baseline must
            be known, and for C3 both days before.
        mode: "corrected" or "r-compatible".
        memory: of an earlier answer, when these times follow it.

    Returns:
        StreamDetection, shape (S, T); expected is the mean, bound the count above which the alarm is
        raised, score for C3 the sum over the threshold; no p value. NO_SPREAD where s is 0
        (corrected mode with least_sd 0).

    Raises:
        NumericsError: "argument.unknown"; "argument.too_small"; "known.shape"; and what
            `series_of_counts` raises.

    Source: Hutwagner et al. 2003, doi:10.1007/pl00022319; Fricker et al. 2008,
        doi:10.1002/sim.3197.
    """
    if method not in LAG:
        raise NumericsError("argument.unknown", name="method", value=method)
    if least_sd < 0:
        raise NumericsError("argument.too_small", name="least_sd", value=least_sd, low=0)
    checked_mode(mode)
    table = series_of_counts(counts)
    there = reported(known, table.shape)
    limit = THRESHOLD[method] if threshold is None else threshold
    history = joined(memory, table, there)
    seen = history.counts
    base = moving_baseline(seen, history.known, length=7, lag=LAG[method])
    sd = np.maximum(base.sd, least_sd)
    reason = _reasons(base.enough, history.known, sd, mode)
    bound = base.mean + limit * sd
    score = exceedance(seen, base.mean, bound)
    if method == "C3":
        earlier, both = _earlier_excess(seen, base.mean, sd, reason == Reason.JUDGED)
        reason[(reason == Reason.JUDGED) & ~both] = Reason.SHORT_BASELINE
        start = seen if mode == "r-compatible" else base.mean + sd
        room = limit - earlier
        bound = np.where((room < 0) & (mode == "corrected"), 0.0, start + sd * room)
        bound = np.maximum(bound, 0.0)
        score = (earlier + _excess(seen, base.mean, sd)) / limit
    answers = {"expected": base.mean, "bound": bound, "score": score}
    alarm = (seen > bound) & (seen > 0)
    kept = remembered(history, times=LOOKS_BACK, level=history.level)
    return judgement(history, kept, answers, reason, alarm, new=table.shape[1])


def _reasons(enough: Bools, there: Bools, sd: Floats, mode: Mode) -> npt.NDArray[np.int8]:
    reason = np.full(there.shape, Reason.JUDGED, dtype=np.int8)
    if mode == "corrected":
        reason[sd <= 0] = Reason.NO_SPREAD
    reason[~enough] = Reason.SHORT_BASELINE
    reason[~there] = Reason.NOT_REPORTED
    return reason


def _excess(counts: Floats, mean: Floats, sd: Floats) -> Floats:
    """max(0, C2 - 1); 0 where there is no spread to measure by."""
    scaled = np.divide(counts - mean, sd, out=np.zeros_like(counts), where=sd > 0)
    excess: Floats = np.maximum(scaled - 1.0, 0.0)
    return excess


def _earlier_excess(
    counts: Floats, mean: Floats, sd: Floats, usable: Bools
) -> tuple[Floats, Bools]:
    """Sum of max(0, C2 - 1) at t-1 and t-2, and where both could be judged."""
    excess = np.where(usable, _excess(counts, mean, sd), 0.0)
    earlier, both = np.zeros_like(counts), np.zeros(counts.shape, dtype=np.bool_)
    earlier[:, 2:] = excess[:, 1:-1] + excess[:, :-2]
    both[:, 2:] = usable[:, 1:-1] & usable[:, :-2]
    return earlier, both
