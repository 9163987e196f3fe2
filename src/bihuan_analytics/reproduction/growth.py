"""Exponential growth: its rate, and the reproduction number it implies."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bihuan_analytics import special
from bihuan_analytics.arrays import Bools, Floats, at_least, finite, positive, series_of_counts
from bihuan_analytics.errors import NumericsError


@dataclass(frozen=True, slots=True)
class Growth:
    """rate and its standard error, per day, shape (S,); defined: False (and NaN) for series with
    fewer than two days with cases. dispersion: phi >= 1 used for the standard error.
    """

    rate: Floats
    error: Floats
    dispersion: Floats
    defined: Bools

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Lower and upper limit of the rate, per day."""
        room = float(special.ndtri(0.5 + level / 2)) * self.error
        return self.rate - room, self.rate + room

    def doubling_days(self) -> Floats:
        """log(2) / rate, days; negative: halving time; infinite at rate 0."""
        with np.errstate(divide="ignore"):
            days: Floats = np.log(2) / self.rate
        return days


def reproduction_number(
    growth_rate: npt.ArrayLike, *, mean_interval: float, sd_interval: float
) -> Floats:
    """Reproduction number implied by steady exponential growth.

    R = 1 / M(-r) = (1 + r s^2 / m)^(m^2 / s^2), where M is the moment generating function of a
    gamma generation interval with mean m and standard deviation s.

    Args:
        growth_rate: r, shape (...), per day; negative while the epidemic declines.
        mean_interval: m, days, > 0.
        sd_interval: s, days, > 0.

    Returns:
        R, same shape, dimensionless; 1 where r is 0.

    Raises:
        NumericsError: "interval.not_positive"; "growth.below_limit" where r <= -m / s^2, because
            M(-r) does not exist there.

    Source: Wallinga & Lipsitch 2007, doi:10.1098/rspb.2006.3754.
    """
    shape, scale = _gamma(mean_interval, sd_interval)
    base = 1.0 + finite(growth_rate, name="growth_rate") * scale
    if np.any(base <= 0):
        raise NumericsError("growth.below_limit", limit=-1.0 / scale)
    number: Floats = base**shape
    return number


def growth_rate(reproduction: npt.ArrayLike, *, mean_interval: float, sd_interval: float) -> Floats:
    """Growth rate implied by a reproduction number: the inverse of `reproduction_number`.

    r = (R^(s^2 / m^2) - 1) m / s^2.

    Args:
        reproduction: R, shape (...), > 0.
        mean_interval: m, days, > 0. sd_interval: s, days, > 0.

    Returns:
        r, same shape, per day.

    Raises:
        NumericsError: "interval.not_positive"; "array.not_positive".

    Source: Wallinga & Lipsitch 2007, doi:10.1098/rspb.2006.3754.
    """
    shape, scale = _gamma(mean_interval, sd_interval)
    rate: Floats = (positive(reproduction, name="reproduction") ** (1.0 / shape) - 1.0) / scale
    return rate


def fitted_growth(cases: npt.ArrayLike) -> Growth:
    """Growth rate of each series by quasi-Poisson regression, log mu_t = a + r t.

    Args:
        cases: shape (S, T) or (T,), T >= 3, cases a day, whole, >= 0.

    Returns:
        Growth.

    Raises:
        NumericsError: "argument.too_small" for T < 3; and what `series_of_counts` raises.

    Source: log-linear quasi-Poisson regression, log E y = a + r t; a textbook model.
    """
    table = series_of_counts(cases, name="cases")
    days = at_least(table.shape[1], 3, name="days")
    time = np.arange(days) - (days - 1) / 2
    total = table.sum(axis=1)
    pull = table @ time
    defined: Bools = (table > 0).sum(axis=1) >= 2
    rate = np.zeros(table.shape[0])
    for _ in range(100):
        weight = np.exp(rate[:, None] * time - np.abs(rate[:, None]) * days / 2)
        share = weight / weight.sum(axis=1, keepdims=True)
        centre = share @ time
        variance = share @ time**2 - centre**2
        step = np.where(defined, (pull - total * centre) / np.maximum(total * variance, 1e-300), 0)
        rate += np.clip(step, -0.5, 0.5)
        if np.abs(step).max() < 1e-12:
            break
    mean = total[:, None] * share
    excess = np.divide((table - mean) ** 2, mean, out=np.zeros_like(mean), where=mean > 0)
    phi = np.maximum(excess.sum(axis=1) / (days - 2), 1.0)
    error = np.sqrt(phi / np.maximum(total * variance, 1e-300))
    return Growth(
        rate=np.where(defined, rate, np.nan),
        error=np.where(defined, error, np.nan),
        dispersion=phi,
        defined=defined,
    )


def _gamma(mean: float, sd: float) -> tuple[float, float]:
    """Shape and scale of a gamma law."""
    if not (mean > 0 and sd > 0):
        raise NumericsError("interval.not_positive", mean=mean, sd=sd)
    return (mean / sd) ** 2, sd**2 / mean
