"""The offspring law: truth, direction, limits, bad input."""

import numpy as np
import pytest
from scipy import stats

from bihuan_analytics import NumericsError
from bihuan_analytics.reproduction import (
    extinction_probability,
    final_size,
    offspring_fit,
    share_of_spreaders,
)


def test_the_fit_finds_the_truth_inside_its_limits():
    rng = np.random.default_rng(6)
    found = offspring_fit(rng.negative_binomial(0.2, 0.2 / (0.2 + 1.5), 3000))
    assert found.reproduction == pytest.approx(1.5, rel=0.15)
    assert found.lower < 0.2 < found.upper
    assert found.lower < found.dispersion < found.upper


def test_the_likelihood_is_the_negative_binomial_one():
    counts = np.array([0, 0, 0, 1, 2, 9])
    found = offspring_fit(counts)
    k, r = found.dispersion, counts.mean()
    wanted = stats.nbinom.logpmf(counts, k, k / (k + r)).sum()
    assert found.log_likelihood == pytest.approx(wanted)
    for other in (0.9 * k, 1.1 * k):
        assert stats.nbinom.logpmf(counts, other, other / (other + r)).sum() < wanted


def test_even_counts_have_no_finite_dispersion():
    found = offspring_fit([1, 1, 1, 1, 1])
    assert found.dispersion == np.inf
    assert found.upper == np.inf
    assert 0 < found.lower < 10


def test_a_wider_level_gives_wider_limits():
    counts = np.random.default_rng(2).negative_binomial(0.5, 0.3, 200)
    narrow, wide = offspring_fit(counts, level=0.8), offspring_fit(counts, level=0.99)
    assert wide.lower < narrow.lower < narrow.upper < wide.upper


def test_extinction_has_its_known_limits():
    np.testing.assert_allclose(extinction_probability(2.0, 1.0), 0.5)  # geometric: 1 / R
    assert extinction_probability(0.9, 0.3) == 1
    assert extinction_probability(1.0, 0.3) == 1
    poisson = extinction_probability(2.0, 1e9)
    np.testing.assert_allclose(poisson, np.exp(-2 * (1 - poisson)), rtol=1e-6)
    np.testing.assert_allclose(
        extinction_probability(2.0, 0.4, seeds=3), extinction_probability(2.0, 0.4) ** 3
    )


def test_extinction_agrees_with_simulated_chains():
    rng = np.random.default_rng(12)
    died = 0
    for _ in range(2000):
        alive = 1
        while 0 < alive < 200:
            alive = rng.negative_binomial(0.4 * alive, 0.4 / (0.4 + 1.8))
        died += alive == 0
    assert died / 2000 == pytest.approx(extinction_probability(1.8, 0.4), abs=0.03)


def test_uneven_spread_dies_out_more_often_and_rests_on_fewer():
    k = np.array([0.1, 0.3, 1.0, 10.0])
    assert (np.diff(extinction_probability(2.0, k)) < 0).all()
    assert (np.diff(share_of_spreaders(k)) > 0).all()
    assert share_of_spreaders(0.1) == pytest.approx(0.098, abs=5e-4)


def test_final_size_solves_its_equation():
    r = np.array([0.5, 1.0, 1.01, 2.0, 15.0])
    z = final_size(r)
    np.testing.assert_allclose(z, 1 - np.exp(-r * z), atol=1e-12)
    assert z[0] == z[1] == 0
    assert z[2] > 0


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: offspring_fit([1]), "offspring.too_few"),
        (lambda: offspring_fit([0, 0]), "offspring.all_zero"),
        (lambda: offspring_fit([[1, 2]]), "counts.shape"),
        (lambda: offspring_fit([1, 2], level=1.0), "argument.out_of_range"),
        (lambda: extinction_probability(0.0, 1.0), "array.not_positive"),
        (lambda: extinction_probability(2.0, 1.0, seeds=0), "argument.too_small"),
        (lambda: share_of_spreaders(1.0, transmission=1.0), "argument.out_of_range"),
        (lambda: final_size(-1.0), "array.not_positive"),
    ],
)
def test_bad_input_is_refused_by_name(call, code):
    with pytest.raises(NumericsError) as refusal:
        call()
    assert refusal.value.code == code
