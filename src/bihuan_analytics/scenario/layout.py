"""What a day of the province model works on."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Floats

S, FAILED, E, I, ISOLATED, RECOVERED, WARD, ICU, DEAD, DOSED = range(10)  # noqa: E741
# Lines of the log, in the order of the fields of Course.
INFECTIONS, FOUND, DEATHS, INFECTIOUS, IN_WARD, IN_ICU, DOSES = range(7)


class Chances(NamedTuple):
    """laws (A, 2, 12): first p, the daily chance to leave each state up to ICU, 0 for immunity and
    where it depends on the force of infection, then shares severe, of ward deaths, of deaths in
    intensive care, critical; second log(max(p, 1 - p)).
    """

    traced: float
    efficacy: float
    laws: Floats


class Today(NamedTuple):
    """What a day's measures are in each run and area: (R, P) or (1, P); capacities (P,)."""

    detection: Floats
    doses: Floats
    detection_capacity: Floats
    tracing_capacity: Floats


class Region(NamedTuple):
    """State (R, A, 10, P), log (R, days, 7, P), infectious for the next day's force (R, A, P),
    and a seed for each run; without seeds numbers are expected ones.
    """

    state: Floats
    log: Floats
    infectious: Floats
    seeds: npt.NDArray[np.uint64]
