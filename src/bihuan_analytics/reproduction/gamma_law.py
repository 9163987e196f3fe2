"""Quantiles of the gamma law, many at once."""

import numpy as np

from bihuan_analytics import special
from bihuan_analytics.arrays import Floats


def gamma_quantile(shape: Floats, level: float) -> Floats:
    """Quantile of the gamma law with scale 1.

    From a = shape >= 5 on the start is a (1 - 1/(9a) + z / (3 sqrt(a)))^3, and a few steps of
    third order bring it to the last digits; below, the general inverse is called.

    Args:
        shape: a, any shape, > 0. level: in (0, 1).

    Returns:
        x with P(a, x) = level, same shape.

    Source: Wilson & Hilferty 1931, doi:10.1073/pnas.17.12.684.
    """
    quantile = np.empty_like(shape)
    small = shape < 5.0
    quantile[small] = special.gammaincinv(shape[small], level)
    a = shape[~small]
    x = a * (1.0 - 1.0 / (9.0 * a) + special.ndtri(level) / (3.0 * np.sqrt(a))) ** 3
    x = np.maximum(x, 1e-3 * a)
    constant = special.gammaln(a)
    for _ in range(8):
        density = np.exp((a - 1.0) * np.log(x) - x - constant)
        error = (special.gammainc(a, x) - level) / np.maximum(density, 1e-300)
        x = x - error / (1.0 - 0.5 * error * ((a - 1.0) / x - 1.0))
        if np.abs(error).max(initial=0.0) < 1e-9 * np.min(x, initial=1.0):
            break
    quantile[~small] = x
    return quantile
