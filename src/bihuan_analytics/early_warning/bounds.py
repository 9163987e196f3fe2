"""Upper bounds and tail probabilities of a predicted count."""

import numpy as np
from scipy import special

from bihuan_analytics.arrays import Bools, Floats


def normal_quantile(alpha: float) -> float:
    """z with upper tail alpha."""
    return float(special.ndtri(1.0 - alpha))


def power_spread(mean: Floats, log_variance: Floats, dispersion: Floats) -> Floats:
    """Standard deviation of a predicted count on the two-thirds power scale.

    sqrt(4/9 mu^(1/3) tau), tau = phi + se^2 / mu, se = mu sqrt(log_variance).

    Source: Farrington et al. 1996, doi:10.2307/2983331.
    """
    tau = dispersion + mean * log_variance
    spread: Floats = np.sqrt(4.0 / 9.0 * np.cbrt(mean) * tau)
    return spread


def power_bound(mean: Floats, spread: Floats, *, alpha: float) -> Floats:
    """(mu^(2/3) + z spread)^(3/2)."""
    bound: Floats = np.maximum(mean ** (2 / 3) + normal_quantile(alpha) * spread, 0.0) ** 1.5
    return bound


def power_tail(observed: Floats, mean: Floats, spread: Floats) -> Floats:
    """Probability of a count at least as high on the power scale."""
    with np.errstate(divide="ignore", invalid="ignore"):
        tail: Floats = special.ndtr(-(observed ** (2 / 3) - mean ** (2 / 3)) / spread)
    return tail


def count_tail(count: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """P(Y > count) for a negative binomial with variance dispersion * mean; Poisson at 1."""
    over = dispersion > 1.0
    size = mean / np.where(over, dispersion - 1.0, 1.0)
    negative_binomial = special.betainc(
        count + 1.0, size, 1.0 - 1.0 / np.where(over, dispersion, 2.0)
    )
    poisson = special.gammainc(count + 1.0, mean)
    tail: Floats = np.where(count < 0, 1.0, np.where(over, negative_binomial, poisson))
    return tail


def count_quantile(mean: Floats, dispersion: Floats, *, alpha: float) -> Floats:
    """Smallest whole number with upper tail <= alpha, by bisection over all points at once."""
    low = np.full(mean.shape, -1.0)
    high = np.ceil(mean + 10.0 + 5.0 * np.sqrt(mean * dispersion))
    beyond: Bools = count_tail(high, mean, dispersion) > alpha
    while beyond.any():
        low = np.where(beyond, high, low)
        high = np.where(beyond, 2.0 * high, high)
        beyond = count_tail(high, mean, dispersion) > alpha
    while (high - low > 1.0).any():
        middle = np.floor((low + high) / 2.0)
        beyond = count_tail(middle, mean, dispersion) > alpha
        low = np.where(beyond, middle, low)
        high = np.where(beyond, high, middle)
    return high
