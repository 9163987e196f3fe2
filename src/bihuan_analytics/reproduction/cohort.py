"""The case reproduction number: how many each case went on to infect."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Floats, series_of_counts
from bihuan_analytics.errors import NumericsError
from bihuan_analytics.reproduction.intervals import checked_interval, infectiousness


@dataclass(frozen=True, slots=True)
class CohortReproduction:
    """daily: R of the cases of each day (S, T), NaN where a day has no case. windowed: mean over
    the cases of the window that ends on each day (S, T), NaN before the first full window and
    where it has no case. followed: share of the interval that lies within the series (T,); near
    the end it is below 1 and R is still too low.
    """

    daily: Floats
    windowed: Floats
    followed: Floats


def wallinga_teunis(
    cases: npt.ArrayLike, interval: npt.ArrayLike, *, days: int = 7
) -> CohortReproduction:
    """Mean number of secondary cases of the cases of each day.

    p_ij = w(t_i - t_j) / sum_k w(t_i - t_k), R_j = sum_i p_ij.

    Args:
        cases: shape (S, T) or (T,), cases a day, whole, >= 0.
        interval: w, shape (L,), w[0] = 0, sum 1.
        days: length of the windows of the mean, 1 .. T.

    Returns:
        CohortReproduction.

    Raises:
        NumericsError: "series.too_short"; and what `series_of_counts` and `checked_interval` raise.

    Source: Wallinga & Teunis 2004, doi:10.1093/aje/kwh255.
    """
    table = series_of_counts(cases, name="cases")
    weights = checked_interval(interval)
    length = table.shape[1]
    if not 1 <= days <= length:
        raise NumericsError("series.too_short", length=length, needed=days)
    pressure = infectiousness(table, weights)
    caught = np.divide(table, pressure, out=np.zeros_like(table), where=pressure > 0)
    backward = infectiousness(caught[:, ::-1], weights)[:, ::-1]
    caused = np.cumsum(np.pad(backward * table, ((0, 0), (1, 0))), axis=1)
    total = np.cumsum(np.pad(table, ((0, 0), (1, 0))), axis=1)
    windowed = np.full_like(table, np.nan)
    number = total[:, days:] - total[:, :-days]
    windowed[:, days - 1 :] = np.divide(
        caused[:, days:] - caused[:, :-days],
        number,
        out=np.full_like(number, np.nan),
        where=number > 0,
    )
    within = np.cumsum(np.pad(weights, (0, max(length - weights.size, 0)))[:length])
    return CohortReproduction(
        daily=np.where(table > 0, backward, np.nan),
        windowed=windowed,
        followed=within[::-1] / weights.sum(),
    )
