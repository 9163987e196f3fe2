"""The likelihood-ratio chart; R's numbers are of surveillance 1.20.3, glrnb with given mu0."""

import numpy as np
import pytest
from scipy import optimize, stats

from bihuan_analytics import NumericsError
from bihuan_analytics.early_warning import Reason, likelihood_ratio

CASES = np.array(
    [
        [4, 6, 5, 3, 7, 2, 5, 6, 4, 5, 6, 8, 9, 7, 11],
        [10, 9, 12, 8, 13, 5, 4, 6, 3, 9, 10, 8, 11, 2, 4],
    ]
).ravel()
MEAN = 5 + 2 * np.sin(2 * np.pi * np.arange(1, 31) / 12)
R_VALUE = {  # at times 15..20, counted from 1
    0.0: [3.645480018, 4.331030104, 0.649185973, 3.579170463, 5.118123238, 8.218176651],
    0.2: [1.798465935, 2.068977869, 2.340729469, 3.416210945, 4.092955245, 3.946492757],
}
R_BOUND = {
    0.0: [15, 16, 16, 16, 15, 13, 11, 10, 9, 10, 11, 11, 11, 11, 12, 10, 15, 13, 7, 10],
    0.2: [22, 24, 25, 24, 22, 19, 16, 14, 13, 14, 16, 19, 21, 22, 24, 22, 19, 15, 8, 14],
}
R_ALARM = {0.0: [15, 18, 19], 0.2: [18]}


@pytest.mark.parametrize("excess", [0.0, 0.2])
def test_values_bounds_and_alarms_are_those_of_r(excess):
    found = likelihood_ratio(CASES, MEAN, excess=excess, decision=4.0, window=100)
    np.testing.assert_allclose(found.score[0, 14:20] * 4.0, R_VALUE[excess], rtol=2e-9)
    assert found.bound[0, :20].tolist() == R_BOUND[excess]
    assert np.flatnonzero(found.alarm[0]).tolist() == R_ALARM[excess]


def test_the_statistic_is_the_greatest_likelihood_ratio_of_any_window():
    excess = 0.3
    found = likelihood_ratio(CASES[:12], MEAN[:12], excess=excess, decision=50.0)

    def loss(shift, start):
        raised = MEAN[start:12] * np.exp(shift)
        size = 1 / excess
        law = stats.nbinom.logpmf
        base = law(CASES[start:12], size, size / (size + MEAN[start:12]))
        return (base - law(CASES[start:12], size, size / (size + raised))).sum()

    by_hand = max(
        -optimize.minimize_scalar(loss, bounds=(0, 5), args=(k,), method="bounded").fun
        for k in range(12)
    )
    assert found.score[0, -1] * 50.0 == pytest.approx(by_hand, rel=1e-6)


def test_a_count_one_below_the_bound_stays_silent():
    quiet = CASES[:15].copy()
    found = likelihood_ratio(quiet, MEAN[:15], excess=0.1, decision=4.0)
    for extra, alarm in ((-1, False), (0, True)):
        quiet[-1] = found.bound[0, -1] + extra
        again = likelihood_ratio(quiet, MEAN[:15], excess=0.1, decision=4.0)
        assert again.alarm[0, -1] == alarm


def test_it_finds_a_small_lasting_rise_that_no_single_count_betrays():
    rng = np.random.default_rng(5)
    counts = rng.poisson(20, (200, 60))
    risen = counts + rng.poisson(4, counts.shape) * (np.arange(60) >= 40)
    false, found = (likelihood_ratio(y, 20.0, decision=5.0).alarm for y in (counts, risen))
    assert false.mean() < 0.003
    assert found[:, 40:].any(axis=1).mean() > 0.85


def test_a_time_not_reported_tells_nothing():
    known = np.ones(30, dtype=bool)
    known[10] = False
    found = likelihood_ratio(CASES, MEAN, known=known)
    without = likelihood_ratio(np.delete(CASES, 10), np.delete(MEAN, 10))
    assert found.reason[0, 10] == Reason.NOT_REPORTED
    assert np.isnan(found.score[0, 10])
    np.testing.assert_allclose(np.delete(found.score, 10, axis=1), without.score)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: likelihood_ratio([1, 2], 0.0), "array.not_positive"),
        (lambda: likelihood_ratio([1, 2], [1.0, 2.0, 3.0]), "expected.shape"),
        (lambda: likelihood_ratio([1, 2], 1.0, excess=-0.1), "array.negative"),
        (lambda: likelihood_ratio([1, 2], 1.0, decision=0.0), "argument.too_small"),
        (lambda: likelihood_ratio([1, 2], 1.0, window=0), "argument.too_small"),
    ],
)
def test_bad_input_is_refused_by_name(call, code):
    with pytest.raises(NumericsError) as refusal:
        call()
    assert refusal.value.code == code
