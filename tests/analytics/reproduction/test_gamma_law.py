"""Gamma quantiles against the general inverse."""

import numpy as np
import pytest
from scipy import special

from bihuan_analytics.reproduction.gamma_law import gamma_quantile


@pytest.mark.parametrize("level", [1e-6, 0.025, 0.5, 0.975, 1 - 1e-6])
def test_quantiles_are_those_of_the_general_inverse(level):
    shape = np.concatenate([np.linspace(0.1, 20, 300), np.geomspace(20, 1e7, 300)])
    np.testing.assert_allclose(
        gamma_quantile(shape, level), special.gammaincinv(shape, level), rtol=1e-11
    )
