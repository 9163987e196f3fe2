"""Dorfman's optimum against the table of 21 prevalences."""

import numpy as np

from bihuan_analytics.screening import best_pool, fewest_tests
from tests.shared.reference_tables import column, rows


def test_the_optimum_pool_and_its_tests():
    table = rows("dorfman_optimum.csv")
    p = column(table, "prevalence")
    found = best_pool(p)
    np.testing.assert_array_equal(found.pool, column(table, "optimal_pool"))
    np.testing.assert_allclose(
        found.screening.tests, column(table, "expected_tests_per_person"), atol=6e-13
    )
    np.testing.assert_allclose(
        fewest_tests(p), column(table, "entropy_lower_bound_tests_per_person"), atol=6e-13
    )
