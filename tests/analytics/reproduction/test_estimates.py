"""Cori, Wallinga-Teunis and growth: truth, direction, limits, bad input."""

import numpy as np
import pytest
from scipy import integrate, stats

from bihuan_analytics import NumericsError
from bihuan_analytics.reproduction import (
    Estimate,
    UncertainInterval,
    Windows,
    cori,
    cori_uncertain,
    discretised_gamma,
    fitted_growth,
    growth_rate,
    reproduction_number,
    wallinga_teunis,
)

INTERVAL = np.array([0.0, 0.2, 0.5, 0.2, 0.1])


def renewal(reproduction, *, days, seed=1, first=50):
    """Cases of a renewal process with a given R on each day."""
    rng = np.random.default_rng(seed)
    cases = np.zeros(days)
    cases[0] = first
    for t in range(1, days):
        past = cases[max(t - 4, 0) : t][::-1]
        cases[t] = rng.poisson(reproduction[t] * (INTERVAL[1 : past.size + 1] @ past))
    return cases


def test_the_discretised_interval_keeps_mean_and_mass():
    w = discretised_gamma(mean=6.5, sd=3.0, length=80)
    assert w[0] == 0
    assert w.sum() == pytest.approx(1.0)
    assert np.arange(80) @ w == pytest.approx(6.5, rel=1e-3)


def test_a_day_of_the_interval_is_the_integral_of_a_triangle():
    gamma = stats.gamma(a=(5.5 / 3) ** 2, scale=9 / 5.5)
    wanted, _ = integrate.quad(lambda u: (1 - abs(u - 5 + 1)) * gamma.pdf(u), 3, 5, points=[4])
    assert discretised_gamma(mean=6.5, sd=3.0, length=20)[5] == pytest.approx(wanted, rel=1e-8)


def test_the_posterior_is_the_gamma_law_by_hand():
    cases = np.array([4, 2, 3, 5, 6, 4])
    found = cori(cases, INTERVAL, windows=Windows(days=2, levels=(0.5,)))
    pressure = [sum(INTERVAL[k] * cases[t - k] for k in range(1, min(t, 4) + 1)) for t in (4, 5)]
    law = stats.gamma(a=1 + 6 + 4, scale=1 / (1 / 5 + sum(pressure)))
    assert found.mean[0, -1] == pytest.approx(law.mean())
    assert found.sd[0, -1] == pytest.approx(law.std())
    assert found.quantiles[0, -1, 0] == pytest.approx(law.ppf(0.5))


def test_the_true_number_lies_inside_the_interval():
    truth = np.r_[np.full(20, 1.6), np.full(25, 0.8)]
    inside = []
    for seed in range(30):
        found = cori(renewal(truth, days=45, seed=seed), INTERVAL)
        lower, upper = found.quantiles[0, [5, 30], 0], found.quantiles[0, [5, 30], 2]
        inside += [lower[0] < 1.6 < upper[0], lower[1] < 0.8 < upper[1]]
    assert np.mean(inside) > 0.85


def test_imported_cases_lower_the_number():
    cases = renewal(np.full(20, 1.2), days=20)
    imported = np.zeros(20)
    imported[10:15] = np.floor(cases[10:15] / 2)
    assert (
        cori(cases, INTERVAL, imported=imported).mean[0, 8:12] < cori(cases, INTERVAL).mean[0, 8:12]
    ).all()


def test_few_cases_and_early_windows_are_named():
    found = cori(np.r_[1, 0, 1, np.zeros(9)], INTERVAL, windows=Windows(days=1))
    assert found.estimate[0, 0] == Estimate.TOO_EARLY
    assert np.isnan(found.mean[0, 0])
    assert (found.estimate[0, 1:] == Estimate.FEW_CASES).all()
    assert np.isfinite(found.mean[0, 1:]).all()


def test_a_batch_equals_its_series():
    cases = np.stack([renewal(np.full(30, r), days=30, seed=3) for r in (0.9, 1.3)])
    both = cori(cases, INTERVAL)
    np.testing.assert_allclose(both.quantiles[1], cori(cases[1], INTERVAL).quantiles[0])


def test_an_uncertain_interval_widens_the_answer_and_repeats_by_seed():
    cases = renewal(np.full(40, 1.5), days=40)
    law = UncertainInterval(mean=(3.2, 0.6, 2.0, 5.0), sd=(1.0, 0.2, 0.5, 2.0))
    found = cori_uncertain(cases, law, rng=np.random.default_rng(1))
    again = cori_uncertain(cases, law, rng=np.random.default_rng(1))
    sure = cori(cases, discretised_gamma(mean=3.2, sd=1.0, length=40))
    np.testing.assert_array_equal(found.quantiles, again.quantiles)
    assert found.sd[0, -1] > sure.sd[0, -1]
    assert found.mean[0, -1] == pytest.approx(sure.mean[0, -1], rel=0.1)


def test_every_case_has_one_infector():
    cases = renewal(np.full(40, 1.1), days=40)
    found = wallinga_teunis(cases, INTERVAL)
    assert np.nansum(found.daily[0] * cases) == pytest.approx(cases[1:].sum())


def test_two_days_of_cases_are_all_the_work_of_the_first():
    found = wallinga_teunis([4, 0, 10], [0.0, 0.5, 0.5], days=3)
    assert found.daily[0, 0] == pytest.approx(2.5)
    assert np.isnan(found.daily[0, 1])
    assert found.windowed[0, 2] == pytest.approx(10 / 14)
    assert found.followed.tolist() == [1.0, 0.5, 0.0]


@pytest.mark.parametrize("rate", [-0.2, -0.05, 0.1, 0.3])
def test_reproduction_agrees_with_the_integral_it_comes_from(rate):
    gamma = stats.gamma(a=(5 / 2) ** 2, scale=2**2 / 5)
    moment, _ = integrate.quad(lambda t: np.exp(-rate * t) * gamma.pdf(t), 0, 200)
    found = reproduction_number(rate, mean_interval=5, sd_interval=2)
    np.testing.assert_allclose(found, 1 / moment, rtol=1e-6)


def test_growth_and_reproduction_are_inverse():
    rates = np.linspace(-0.3, 0.5, 9)
    numbers = reproduction_number(rates, mean_interval=5, sd_interval=2)
    np.testing.assert_allclose(
        growth_rate(numbers, mean_interval=5, sd_interval=2), rates, atol=1e-12
    )
    assert reproduction_number(0.0, mean_interval=5, sd_interval=2) == 1
    assert (np.diff(numbers) > 0).all()


def test_the_fitted_growth_is_the_rate_of_an_exponential():
    days = np.arange(15)
    counts = np.stack([np.round(1e6 * np.exp(r * days)) for r in (-0.2, 0.0, 0.15)])
    found = fitted_growth(counts)
    np.testing.assert_allclose(found.rate, [-0.2, 0.0, 0.15], atol=1e-4)
    np.testing.assert_allclose(found.doubling_days()[2], np.log(2) / 0.15, rtol=1e-3)


def test_the_limits_of_growth_cover_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(9)
    counts = rng.poisson(20 * np.exp(0.05 * np.arange(14)), (400, 14))
    lower, upper = fitted_growth(counts).interval()
    assert 0.92 < np.mean((lower < 0.05) & (upper > 0.05)) <= 0.985


def test_growth_of_nothing_is_not_defined():
    found = fitted_growth([[0, 0, 0, 0], [0, 3, 0, 0], [0, 3, 2, 0]])
    assert found.defined.tolist() == [False, False, True]
    assert np.isnan(found.rate[:2]).all()


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: discretised_gamma(mean=0.9, sd=1, length=9), "interval.mean_not_above_one"),
        (lambda: discretised_gamma(mean=3, sd=0, length=9), "interval.not_positive"),
        (lambda: cori([1, 2], INTERVAL), "series.too_short"),
        (lambda: cori(np.ones(9), [0.1, 0.9]), "interval.day_zero"),
        (lambda: cori(np.ones(9), [0.0, 0.5]), "interval.not_one"),
        (lambda: cori(np.ones(9), [[0.0, 1.0]]), "interval.shape"),
        (lambda: cori(np.ones(9), INTERVAL, imported=np.full(9, 2)), "imported.above_cases"),
        (lambda: cori(np.ones(9), INTERVAL, imported=np.ones(8)), "imported.shape"),
        (lambda: Windows(prior_sd=0), "prior.not_positive"),
        (lambda: Windows(levels=(1.0,)), "argument.out_of_range"),
        (lambda: wallinga_teunis([1, 2], INTERVAL), "series.too_short"),
        (lambda: reproduction_number(-3.0, mean_interval=5, sd_interval=2), "growth.below_limit"),
        (lambda: growth_rate(0.0, mean_interval=5, sd_interval=2), "array.not_positive"),
        (lambda: fitted_growth([1, 2]), "argument.too_small"),
        (
            lambda: cori_uncertain(
                np.ones(9),
                UncertainInterval(mean=(3, 1, 5, 4), sd=(1, 1, 1, 2)),
                rng=np.random.default_rng(1),
            ),
            "interval.law",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, code):
    with pytest.raises(NumericsError) as refusal:
        call()
    assert refusal.value.code == code
