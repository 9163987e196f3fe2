"""The instantaneous reproduction number from daily cases and a serial interval."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from bihuan_analytics import special
from bihuan_analytics.arrays import (
    Bools,
    Floats,
    Ints,
    at_least,
    between,
    first_index,
    not_negative,
    series_of_counts,
)
from bihuan_analytics.errors import NumericsError
from bihuan_analytics.reproduction.gamma_law import gamma_quantile
from bihuan_analytics.reproduction.intervals import (
    checked_interval,
    discretised_gamma,
    infectiousness,
)


class Estimate(IntEnum):
    """What can be said of a window."""

    SOUND = 0
    FEW_CASES = 1
    TOO_EARLY = 2


@dataclass(frozen=True, slots=True)
class Windows:
    """Which windows and with which prior.

    days: length of a window. prior_mean, prior_sd: of R. levels: quantiles wanted, in (0, 1).
    largest_cv: posterior coefficient of variation from which cases count as few.
    """

    days: int = 7
    prior_mean: float = 5.0
    prior_sd: float = 5.0
    levels: tuple[float, ...] = (0.025, 0.5, 0.975)
    largest_cv: float = 0.3

    def __post_init__(self) -> None:
        at_least(self.days, 1, name="days")
        if not (self.prior_mean > 0 and self.prior_sd > 0):
            raise NumericsError("prior.not_positive", mean=self.prior_mean, sd=self.prior_sd)
        for level in self.levels:
            between(level, 0.0, 1.0, name="levels")


@dataclass(frozen=True, slots=True)
class Reproduction:
    """R of S series over W windows.

    start, end: first and last day of each window (W,), counted from 0. mean, sd: (S, W).
    quantiles: (S, W, levels). estimate: (S, W), see Estimate; the numbers are NaN exactly where
    it is TOO_EARLY.
    """

    start: Ints
    end: Ints
    mean: Floats
    sd: Floats
    quantiles: Floats
    estimate: npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class UncertainInterval:
    """A serial interval whose mean and sd are themselves uncertain (truncated normal laws).

    Each of mean and sd: centre, its standard deviation, smallest and largest value, in days.
    """

    mean: tuple[float, float, float, float]
    sd: tuple[float, float, float, float]
    intervals: int = 100
    samples: int = 100


def cori(
    cases: npt.ArrayLike,
    interval: npt.ArrayLike,
    *,
    windows: Windows | None = None,
    imported: npt.ArrayLike | None = None,
) -> Reproduction:
    """Posterior of R in sliding windows, R constant within each.

    R | I ~ gamma(a0 + sum I_local, 1 / (1/b0 + sum Lambda)), a0 = (mean/sd)^2, b0 = sd^2/mean,
    sums over the window, Lambda_t = sum_k w_k I_(t-k) over local and imported cases. All cases of
    the first day count as imported; windows start on the second day.

    Args:
        cases: I, shape (S, T) or (T,), T >= days + 1, whole, >= 0.
        interval: w, shape (L,), w[0] = 0, sum 1.
        windows: see Windows.
        imported: those of `cases` infected elsewhere, same shape, <= cases. None: only the first
            day's.

    Returns:
        Reproduction; FEW_CASES where 1 / sqrt(shape) > largest_cv, TOO_EARLY for windows that end
        not later than the mean interval.

    Raises:
        NumericsError: "imported.above_cases" with the index; "imported.shape"; "series.too_short";
            and what `series_of_counts` and `checked_interval` raise.

    Source: Cori et al. 2013, doi:10.1093/aje/kwt133; Thompson et al. 2019,
        doi:10.1016/j.epidem.2019.100356 for imported cases.
    """
    rules = windows or Windows()
    table = series_of_counts(cases, name="cases")
    weights = checked_interval(interval)
    local = _local(table, imported)
    total, pressure, start, end = _window_sums(table, local, weights, rules.days)
    shape = (rules.prior_mean / rules.prior_sd) ** 2 + total
    scale = 1.0 / (rules.prior_mean / rules.prior_sd**2 + pressure)
    early = end + 1 <= float(np.arange(weights.size) @ weights)
    estimate = _estimates(shape, early, rules)
    quantiles = np.empty((*shape.shape, len(rules.levels)))
    for place, level in enumerate(rules.levels):
        quantiles[:, :, place] = gamma_quantile(shape, level) * scale
    return Reproduction(
        start=start,
        end=end,
        mean=np.where(early, np.nan, shape * scale),
        sd=np.where(early, np.nan, np.sqrt(shape) * scale),
        quantiles=np.where(early[:, None], np.nan, quantiles),
        estimate=estimate,
    )


def cori_uncertain(
    cases: npt.ArrayLike,
    interval: UncertainInterval,
    *,
    rng: np.random.Generator,
    windows: Windows | None = None,
    imported: npt.ArrayLike | None = None,
) -> Reproduction:
    """As `cori`, pooled over draws of the serial interval and of R given each.

    Args:
        cases, windows, imported: as in `cori`.
        interval: laws of mean and sd; the drawn sd never exceeds the drawn mean.
        rng: source of the draws.

    Returns:
        Reproduction of the pooled posterior sample; TOO_EARLY where any drawn interval says so.

    Raises:
        NumericsError: "interval.law" where the limits leave no room; and what `cori` raises.

    Source: Cori et al. 2013, doi:10.1093/aje/kwt133.
    """
    rules = windows or Windows()
    table = series_of_counts(cases, name="cases")
    local = _local(table, imported)
    draws = []
    early: Bools = np.zeros(1, dtype=np.bool_)
    for mean, sd in _interval_draws(interval, rng):
        weights = discretised_gamma(mean=mean, sd=sd, length=table.shape[1])
        total, pressure, start, end = _window_sums(table, local, weights, rules.days)
        shape = (rules.prior_mean / rules.prior_sd) ** 2 + total
        scale = 1.0 / (rules.prior_mean / rules.prior_sd**2 + pressure)
        draws.append(rng.gamma(shape, scale, size=(interval.samples, *shape.shape)))
        early = early | (end + 1 <= float(np.arange(weights.size) @ weights))
    pooled = np.concatenate(draws)
    quantiles = np.moveaxis(np.quantile(pooled, rules.levels, axis=0), 0, -1)
    return Reproduction(
        start=start,
        end=end,
        mean=np.where(early, np.nan, pooled.mean(axis=0)),
        sd=np.where(early, np.nan, pooled.std(axis=0)),
        quantiles=np.where(early[:, None], np.nan, quantiles),
        estimate=_estimates(shape, early, rules),
    )


def _local(cases: Floats, imported: npt.ArrayLike | None) -> Floats:
    local = cases.copy()
    if imported is not None:
        foreign = np.atleast_2d(not_negative(imported, name="imported"))
        if foreign.shape != cases.shape:
            raise NumericsError("imported.shape", expected=cases.shape, shape=foreign.shape)
        if (foreign > cases).any():
            raise NumericsError("imported.above_cases", index=first_index(foreign > cases))
        local -= foreign
    local[:, 0] = 0.0
    return local


def _window_sums(
    cases: Floats, local: Floats, weights: Floats, days: int
) -> tuple[Floats, Floats, Ints, Ints]:
    """Local cases and infectiousness in each window, first and last day of the windows."""
    length = cases.shape[1]
    if length < days + 1:
        raise NumericsError("series.too_short", length=length, needed=days + 1)
    start = np.arange(1, length - days + 1)
    end = start + days - 1

    def summed(values: Floats) -> Floats:
        running = np.cumsum(np.pad(values, ((0, 0), (1, 0))), axis=1)
        window: Floats = running[:, end + 1] - running[:, start]
        return window

    return summed(local), summed(infectiousness(cases, weights)), start, end


def _estimates(shape: Floats, early: Bools, rules: Windows) -> npt.NDArray[np.int8]:
    few = 1.0 / np.sqrt(shape) > rules.largest_cv
    estimate = np.where(few, Estimate.FEW_CASES, Estimate.SOUND).astype(np.int8)
    estimate[:, early] = Estimate.TOO_EARLY
    return estimate


def _interval_draws(
    interval: UncertainInterval, rng: np.random.Generator
) -> list[tuple[float, float]]:
    """Mean and sd of each drawn interval: truncated normals, sd not above mean."""
    means = _truncated(interval.mean, interval.intervals, rng)
    draws = []
    for mean in means:
        centre, spread, low, high = interval.sd
        sd = _truncated((centre, spread, low, min(high, mean)), 1, rng)[0]
        draws.append((float(mean), float(sd)))
    return draws


def _truncated(
    law: tuple[float, float, float, float], number: int, rng: np.random.Generator
) -> Floats:
    centre, spread, low, high = law
    if not (spread > 0 and 0 < low < high):
        raise NumericsError("interval.law", centre=centre, spread=spread, low=low, high=high)
    edges = special.ndtr((np.array([low, high]) - centre) / spread)
    share = edges[0] + rng.random(number) * (edges[1] - edges[0])
    drawn: Floats = np.clip(centre + spread * special.ndtri(share), low, high)
    return drawn
