"""What every detector answers: expected value, bound, score, alarm, or why nothing can be said."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Bools, Days, Floats


class Reason(IntEnum):
    """Why a point has no judgement; JUDGED means that it has one."""

    JUDGED = 0
    TOO_FEW_CASES = 1
    SHORT_BASELINE = 2
    NOT_REPORTED = 3
    NO_FIT = 4
    NO_SPREAD = 5


@dataclass(frozen=True, slots=True)
class Detection:
    """Judgement of S series at T times.

    expected, bound, score, p_value: shape (S, T); NaN exactly where `reason` is not JUDGED, and
    p_value also where the method has none. score is (observed - expected) / (bound - expected):
    above 1 lies beyond the bound. alarm: shape (S, T), False where nothing could be said.
    """

    observed: Floats
    expected: Floats
    bound: Floats
    score: Floats
    p_value: Floats
    alarm: Bools
    reason: npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class FarringtonDetection(Detection):
    """A regression judgement: also the weeks judged (T,), and the fitted model of each point.

    dispersion: phi >= 1, shape (S, T). trend: per week, 0 where no trend was kept.
    """

    weeks: Days
    dispersion: Floats
    trend: Floats
    trend_kept: Bools


def exceedance(observed: Floats, expected: Floats, bound: Floats) -> Floats:
    """(observed - expected) / (bound - expected).

    Where the bound does not lie above the expected value: infinite beyond the bound, else 0.
    """
    room = bound - expected
    beyond = np.where(observed > bound, np.inf, 0.0)
    score: Floats = np.divide(observed - expected, room, out=beyond, where=room > 0)
    return score
