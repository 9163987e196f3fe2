"""Pooled testing: truth, direction, limits, bad input."""

import numpy as np
import pytest

from bihuan_analytics import NumericsError
from bihuan_analytics.screening import (
    Assay,
    array_testing,
    best_pool,
    best_pool_for_sample,
    confidence_of_freedom,
    dorfman,
    fewest_tests,
    nested_tests,
)

REAL = Assay(sensitivity=0.95, specificity=0.99, cycles_mean=30.0, cycles_sd=4.0)


def simulated_dorfman(p, k, assay, pools=40000, seed=1):
    rng = np.random.default_rng(seed)
    infected = rng.random((pools, k)) < p
    s = float(assay.diluted_sensitivity(k))
    seen = (infected & (rng.random((pools, k)) < s)).any(axis=1)
    positive = seen | (rng.random(pools) > assay.specificity)
    single = np.where(
        infected,
        rng.random((pools, k)) < assay.sensitivity,
        rng.random((pools, k)) > assay.specificity,
    )
    reported = positive[:, None] & single
    tests = (pools + positive.sum() * k) / (pools * k)
    return tests, reported[infected].mean(), 1 - reported[~infected].mean()


@pytest.mark.parametrize("assay", [Assay(), REAL])
def test_dorfman_agrees_with_simulated_pools(assay):
    tests, sensitivity, specificity = simulated_dorfman(0.03, 8, assay)
    found = dorfman(0.03, 8, assay=assay)
    assert found.tests == pytest.approx(tests, rel=0.02)
    assert found.sensitivity == pytest.approx(sensitivity, rel=0.02)
    assert found.specificity == pytest.approx(specificity, abs=2e-3)


@pytest.mark.parametrize(
    ("p", "pool", "tests"),
    [(0.01, 11, 0.20), (0.02, 8, 0.27), (0.05, 5, 0.43), (0.10, 4, 0.59), (0.30, 3, 0.99)],
)
def test_the_table_of_1943(p, pool, tests):
    found = best_pool(p)
    assert found.pool == pool
    assert round(float(found.screening.tests), 2) == tests


def test_nested_pools_of_27_9_3_need_a_fifth_of_the_tests_at_two_percent():
    assert nested_tests(0.02, [27, 9, 3]) == pytest.approx(0.20, abs=0.005)
    np.testing.assert_allclose(nested_tests([0.01, 0.1], [5]), dorfman([0.01, 0.1], 5).tests)


def test_array_testing_agrees_with_simulated_squares():
    rng = np.random.default_rng(3)
    infected = rng.random((8000, 6, 6)) < 0.04
    both = infected.any(axis=2)[:, :, None] & infected.any(axis=1)[:, None, :]
    found = array_testing(0.04, 6)
    assert found.tests == pytest.approx(2 / 6 + both.mean(), rel=0.02)
    assert found.sensitivity == 1
    assert found.missed == 0


def test_single_tests_do_what_the_assay_does():
    found = dorfman(0.1, 1, assay=REAL)
    assert found.tests == 1
    assert found.sensitivity == pytest.approx(0.95)
    assert found.specificity == pytest.approx(0.99)
    assert found.false_alarms == pytest.approx(0.9 * 0.01)


def test_dilution_costs_sensitivity_and_pools_spare_false_alarms():
    sizes = np.array([1, 5, 10, 20, 50])
    found = dorfman(0.01, sizes, assay=REAL)
    assert (np.diff(found.sensitivity) < 0).all()
    assert (found.false_alarms[1:] < found.false_alarms[0]).all()
    assert (np.diff(found.missed) > 0).all()


def test_no_scheme_beats_the_entropy():
    p = np.linspace(0.001, 0.3, 40)
    assert (best_pool(p).screening.tests > fewest_tests(p)).all()
    assert fewest_tests([0.0, 0.5, 1.0]).tolist() == [0, 1, 0]


def test_a_demand_on_sensitivity_makes_pools_smaller():
    free = best_pool(0.005, assay=REAL)
    bound = best_pool(0.005, assay=REAL, least_sensitivity=0.88)
    assert bound.pool < free.pool
    assert bound.screening.sensitivity >= 0.88
    assert best_pool(0.005, assay=REAL, least_sensitivity=0.99).pool == 1


def test_an_uncertain_prevalence_is_averaged_over():
    sure = best_pool_for_sample(2000, 100_000)
    unsure = best_pool_for_sample(2, 100)
    assert sure.pool == best_pool(0.02).pool
    assert sure.screening.tests == pytest.approx(best_pool(0.02).screening.tests, rel=0.01)
    assert unsure.screening.tests > sure.screening.tests


def test_freedom_is_certain_when_all_are_tested_and_nothing_without():
    assert confidence_of_freedom(100, 100, infected=1) == 1
    assert confidence_of_freedom(0, 100, infected=5) == 0
    assert confidence_of_freedom(1000, 10_000, infected=30, sensitivity=0.9) == pytest.approx(
        1 - (1 - 0.09) ** 30
    )


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: dorfman(1.2, 5), "prevalence.out_of_range"),
        (lambda: dorfman(np.nan, 5), "array.not_finite"),
        (lambda: dorfman([], 5), "array.empty"),
        (lambda: dorfman(0.1, 0), "pool.not_whole"),
        (lambda: dorfman(0.1, np.nan), "array.not_finite"),
        (lambda: fewest_tests(-0.1), "prevalence.out_of_range"),
        (lambda: best_pool(np.nan), "array.not_finite"),
        (lambda: best_pool_for_sample(-1, 2), "argument.too_small"),
        (lambda: best_pool_for_sample(0, 0), "argument.too_small"),
        (lambda: Assay(specificity=np.nan), "assay.out_of_range"),
        (lambda: confidence_of_freedom(np.nan, 10, infected=1), "array.not_finite"),
        (lambda: dorfman(0.1, 2.5), "pool.not_whole"),
        (lambda: array_testing(0.1, 1), "pool.too_small"),
        (lambda: nested_tests(0.1, [9, 4]), "pool.not_nested"),
        (lambda: Assay(sensitivity=0.0), "assay.out_of_range"),
        (lambda: Assay(cycles_sd=-1.0), "assay.out_of_range"),
        (lambda: best_pool(0.1, largest=0), "argument.too_small"),
        (lambda: best_pool_for_sample(3, 2), "sample.infected_above_tested"),
        (lambda: confidence_of_freedom(11, 10, infected=1), "sample.tested_above_population"),
        (
            lambda: confidence_of_freedom(1, 10, infected=1, sensitivity=0.0),
            "argument.out_of_range",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, code):
    with pytest.raises(NumericsError) as refusal:
        call()
    assert refusal.value.code == code
