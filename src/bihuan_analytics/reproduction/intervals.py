"""The serial interval: from mean and standard deviation to daily probabilities."""

import numpy as np
import numpy.typing as npt

from bihuan_analytics import special
from bihuan_analytics.arrays import Floats, at_least, not_negative
from bihuan_analytics.errors import NumericsError


def discretised_gamma(*, mean: float, sd: float, length: int) -> Floats:
    """Daily probabilities of a gamma interval shifted by one day.

    w_k = k F_a(k) + (k-2) F_a(k-2) - 2(k-1) F_a(k-1)
          + a b (2 F_(a+1)(k-1) - F_(a+1)(k-2) - F_(a+1)(k)),
    a = ((m-1)/s)^2, b = s^2/(m-1), F_a the gamma(a, b) distribution function, floored at 0.

    Args:
        mean: m, days, > 1. sd: s, days, > 0. length: days 0 .. length - 1, >= 2.

    Returns:
        w, shape (length,), sum <= 1; w[0] = 0.

    Raises:
        NumericsError: "interval.mean_not_above_one"; "interval.not_positive"; "argument.too_small".

    Source: Cori et al. 2013, doi:10.1093/aje/kwt133, web appendix 11.
    """
    at_least(length, 2, name="length")
    if not mean > 1:
        raise NumericsError("interval.mean_not_above_one", mean=mean)
    if not sd > 0:
        raise NumericsError("interval.not_positive", mean=mean, sd=sd)
    a, b = ((mean - 1) / sd) ** 2, sd**2 / (mean - 1)
    k = np.arange(length, dtype=np.float64)

    def below(shape: float, days: Floats) -> Floats:
        distribution: Floats = special.gammainc(shape, np.maximum(days, 0.0) / b)
        return distribution

    w = k * below(a, k) + (k - 2) * below(a, k - 2) - 2 * (k - 1) * below(a, k - 1)
    w += a * b * (2 * below(a + 1, k - 1) - below(a + 1, k - 2) - below(a + 1, k))
    return np.maximum(w, 0.0)


def checked_interval(weights: npt.ArrayLike) -> Floats:
    """A given interval: w[k] is the probability of k days, w[0] = 0.

    Raises:
        NumericsError: "interval.shape"; "interval.day_zero"; "interval.not_one" where the sum
            differs from 1 by more than 0.01; and what `not_negative` raises.
    """
    w = not_negative(weights, name="interval")
    if w.ndim != 1 or w.size < 2:
        raise NumericsError("interval.shape", shape=w.shape)
    if w[0] != 0:
        raise NumericsError("interval.day_zero", value=float(w[0]))
    if abs(w.sum() - 1.0) > 0.01:
        raise NumericsError("interval.not_one", sum=float(w.sum()))
    return w


def infectiousness(cases: Floats, interval: Floats) -> Floats:
    """Total infectiousness Lambda_t = sum_(k >= 1) w_k I_(t-k), shape (S, T)."""
    pressure = np.zeros_like(cases)
    for k in np.flatnonzero(interval[: cases.shape[1]]):
        pressure[:, k:] += interval[k] * cases[:, :-k]
    return pressure
