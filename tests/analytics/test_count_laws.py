"""Quantiles of counts at the ends of their range."""

import numpy as np
from scipy import stats

from bihuan_analytics.count_laws import count_quantile


def test_tiny_and_huge_means_have_quantiles_too():
    mean = np.array([0.0, 1e-9, 1e11, 1e13, np.inf])
    found = count_quantile(mean, np.full(5, 2.0), alpha=0.01)
    assert found[:2].tolist() == [0.0, 0.0]
    np.testing.assert_allclose(found[2:4], mean[2:4] + 2.3263 * np.sqrt(2 * mean[2:4]), rtol=1e-9)
    assert found[4] == np.inf


def test_the_quantile_is_the_smallest_that_will_do():
    mean = np.linspace(0.1, 60, 200)
    np.testing.assert_array_equal(
        count_quantile(mean, np.ones(200), alpha=0.05), stats.poisson.ppf(0.95, mean)
    )
