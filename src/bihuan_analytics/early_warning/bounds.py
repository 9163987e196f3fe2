"""Upper bounds and tail probabilities of a predicted count on the two-thirds power scale."""

import numpy as np

from bihuan_analytics import special
from bihuan_analytics.arrays import Floats


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
