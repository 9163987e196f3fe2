"""Short forecasts from the present reproduction number, and the turning point."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Bools, Floats, Ints, at_least, between, finite, series_of_counts
from bihuan_analytics.errors import NumericsError
from bihuan_analytics.reproduction.cori import Windows, cori
from bihuan_analytics.reproduction.intervals import checked_interval


@dataclass(frozen=True, slots=True)
class Forecast:
    """quantiles: cases a day, shape (S, horizon, levels). mean: (S, horizon)."""

    mean: Floats
    quantiles: Floats


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """turned: (S,). place: of the last window before R stayed below 1, -1 where it was below from
    the first window on. confirmed: place of the window that completes the run; -1 where none.
    """

    turned: Bools
    place: Ints
    confirmed: Ints


@dataclass(frozen=True, slots=True)
class Horizon:
    """days ahead, number of simulated paths, quantiles wanted, dispersion of a day's cases.

    dispersion: variance / mean of the cases of a day given their expectation, >= 1.
    """

    days: int = 14
    paths: int = 1000
    levels: tuple[float, ...] = (0.025, 0.25, 0.5, 0.75, 0.975)
    dispersion: float = 1.0

    def __post_init__(self) -> None:
        at_least(self.days, 1, name="days")
        at_least(self.paths, 100, name="paths")
        for level in self.levels:
            between(level, 0.0, 1.0, name="levels")
        if self.dispersion < 1:
            raise NumericsError("dispersion.below_one", value=self.dispersion)


def renewal_forecast(
    cases: npt.ArrayLike,
    interval: npt.ArrayLike,
    *,
    rng: np.random.Generator,
    horizon: Horizon | None = None,
    windows: Windows | None = None,
) -> Forecast:
    """Cases of the next days if the reproduction number stays as it is.

    Each path draws R from the posterior of the last window (`cori`), then
    I_t ~ Poisson or negative binomial with mean R sum_k w_k I_(t-k).

    Args:
        cases: shape (S, T) or (T,), cases a day, complete up to the last day.
        interval: w, shape (L,), w[0] = 0, sum 1.
        rng: source of the draws. horizon, windows: see Horizon and Windows.

    Returns:
        Forecast.

    Raises:
        NumericsError: "forecast.too_early" where the last window has no estimate; and what
            `cori` raises.

    Source: Cori et al. 2013, doi:10.1093/aje/kwt133; Nouvellet et al. 2018,
        doi:10.1016/j.epidem.2017.02.012.
    """
    rules = horizon or Horizon()
    table = series_of_counts(cases, name="cases")
    weights = checked_interval(interval)
    estimate = cori(table, weights, windows=windows)
    mean, sd = estimate.mean[:, -1], estimate.sd[:, -1]
    if np.isnan(mean).any():
        raise NumericsError("forecast.too_early", days=table.shape[1])
    number = rng.gamma((mean / sd) ** 2, sd**2 / mean, size=(rules.paths, table.shape[0]))
    length = table.shape[1]
    path = np.zeros((rules.paths, table.shape[0], length + rules.days))
    path[:, :, :length] = table
    for t in range(length, length + rules.days):
        reach = min(weights.size - 1, t)
        pressure = path[:, :, t - reach : t] @ weights[reach:0:-1]
        path[:, :, t] = _drawn(number * pressure, rules.dispersion, rng)
    ahead = path[:, :, length:]
    quantiles = np.moveaxis(np.quantile(ahead, rules.levels, axis=0), 0, -1)
    return Forecast(mean=ahead.mean(axis=0), quantiles=quantiles)


def _drawn(mean: Floats, dispersion: float, rng: np.random.Generator) -> Floats:
    """Counts with the given mean and variance dispersion * mean; 1e15 stands for more."""
    if dispersion > 1:
        shape = np.maximum(mean / (dispersion - 1.0), 1e-300)
        mean = np.where(mean > 0, rng.gamma(shape, dispersion - 1.0), 0.0)
    drawn: Floats = rng.poisson(np.minimum(mean, 1e15)).astype(np.float64)
    return drawn


def turning_point(reproduction: npt.ArrayLike, *, days: int = 7) -> TurningPoint:
    """Find when R stayed below 1 for `days` windows in a row, for the first time.

    Cases that peak on day 9 and fall on each of the seven days after turn on day 9, confirmed on
    day 16: day 9 is the last one with R at or above 1.

    Args:
        reproduction: R, shape (S, W) or (W,), one window a day; leave out windows without a
            number. To be sure rather than early, pass an upper limit of R.
        days: >= 1.

    Returns:
        TurningPoint.

    Raises:
        NumericsError: "argument.too_small"; "counts.shape"; and what `finite` raises.

    Source: own definition, requirement M053.
    """
    at_least(days, 1, name="days")
    number = np.atleast_2d(finite(reproduction, name="reproduction"))
    if number.ndim != 2:
        raise NumericsError("counts.shape", name="reproduction", shape=number.shape)
    run = np.zeros(number.shape[0], dtype=np.int64)
    confirmed = np.full(number.shape[0], -1, dtype=np.int64)
    for t in range(number.shape[1]):
        run = np.where(number[:, t] < 1, run + 1, 0)
        confirmed = np.where((confirmed < 0) & (run >= days), t, confirmed)
    turned: Bools = confirmed >= 0
    return TurningPoint(
        turned=turned, place=np.where(turned, confirmed - days, -1), confirmed=confirmed
    )
