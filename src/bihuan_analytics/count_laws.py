"""Tails and quantiles of counts with a given mean and dispersion."""

import numpy as np

from bihuan_analytics import special
from bihuan_analytics.arrays import Bools, Floats

LARGEST = 1e12
DOUBLINGS = 60


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
    """Smallest whole number with upper tail <= alpha, by bisection over all points at once.

    Means above 1e12, where whole numbers are no longer told apart, use the normal law; an
    infinite mean has an infinite quantile.
    """
    large = ~(mean <= LARGEST)
    small = np.where(large, 1.0, mean)
    low = np.full(mean.shape, -1.0)
    high = np.ceil(small + 10.0 + 5.0 * np.sqrt(small * dispersion))
    for _ in range(DOUBLINGS):
        beyond: Bools = count_tail(high, small, dispersion) > alpha
        if not beyond.any():
            break
        low = np.where(beyond, high, low)
        high = np.where(beyond, 2.0 * high, high)
    for _ in range(DOUBLINGS):
        if not (high - low > 1.0).any():
            break
        middle = np.floor((low + high) / 2.0)
        beyond = count_tail(middle, small, dispersion) > alpha
        low = np.where(beyond, middle, low)
        high = np.where(beyond, high, middle)
    wide = mean + float(special.ndtri(1.0 - alpha)) * np.sqrt(mean * dispersion)
    return np.where(large, wide, high)
