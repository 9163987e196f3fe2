"""Gamma quantiles: their tails are the levels asked for."""

import numpy as np
import pytest
from scipy import special

from bihuan_analytics.reproduction.gamma_law import gamma_quantile


@pytest.mark.parametrize("level", [1e-6, 0.025, 0.5, 0.975, 1 - 1e-6])
def test_the_tails_of_a_quantile_are_its_level(level):
    shape = np.concatenate([np.linspace(0.1, 20, 300), np.geomspace(20, 1e6, 300)])
    found = gamma_quantile(shape, level)
    np.testing.assert_allclose(special.gammainc(shape, found), level, rtol=1e-9)
    np.testing.assert_allclose(special.gammaincc(shape, found), 1 - level, rtol=1e-9)


def test_common_quantiles_equal_the_general_inverse():
    shape = np.linspace(0.5, 5000, 500)
    np.testing.assert_allclose(
        gamma_quantile(shape, 0.975), special.gammaincinv(shape, 0.975), rtol=1e-12
    )
