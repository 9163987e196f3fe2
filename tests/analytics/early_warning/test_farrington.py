"""Farrington's methods: truth, direction, limits, bad input."""

import numpy as np
import pytest
from scipy import optimize, stats

from bihuan_analytics import NumericsError
from bihuan_analytics.count_laws import count_quantile, count_tail
from bihuan_analytics.early_warning import (
    ClassicControl,
    FlexibleControl,
    Reason,
    bounds,
    farrington_classic,
    farrington_flexible,
)
from bihuan_analytics.early_warning.weeks import anniversary, seasonal_design

WEEKS = np.datetime64("2010-01-04") + 7 * np.arange(420)
PLAIN = FlexibleControl(reweight_above=1e9)  # no reweighting, so that outside fits can be compared


def seasonal_counts(seed=3, level=8.0, series=1):
    rng = np.random.default_rng(seed)
    mean = level * np.exp(0.4 * np.sin(2 * np.pi * np.arange(WEEKS.size) / 52.18))
    return rng.poisson(np.broadcast_to(mean, (series, WEEKS.size)))


def test_the_fit_is_the_maximum_of_the_poisson_likelihood():
    counts = seasonal_counts()[0]
    found = farrington_flexible(counts, WEEKS, judge=[-1], control=PLAIN)
    design = seasonal_design(WEEKS, 419, years=5, half_window=3, seasons=10, excluded=26)
    y = counts[design.rows]
    x = np.zeros((y.size, 11))
    x[np.arange(y.size), design.group] = 1
    x[:, 10] = design.time / 100

    def loss(beta):
        eta = x @ beta
        return np.sum(np.exp(eta) - y * eta), x.T @ (np.exp(eta) - y)

    start = np.r_[np.full(10, np.log(y.mean())), 0.0]
    best = optimize.minimize(loss, start, jac=True, method="BFGS", options={"gtol": 1e-6})
    eta = best.x[9] + best.x[10] * design.target_time / 100
    assert found.expected[0, 0] == pytest.approx(np.exp(eta), rel=1e-6)
    mu = np.exp(x @ best.x)
    phi = max(1.0, float(np.sum((y - mu) ** 2 / mu)) / (y.size - 11))
    assert found.dispersion[0, 0] == pytest.approx(phi, rel=1e-6)
    target = np.r_[np.zeros(9), 1.0, design.target_time / 100]
    log_variance = phi * target @ np.linalg.solve(x.T @ (mu[:, None] * x), target)
    spread = bounds.power_spread(found.expected, np.array(log_variance), np.array(phi))
    expected = bounds.power_bound(found.expected, spread, alpha=0.005)
    np.testing.assert_allclose(found.bound, expected, rtol=1e-5)


def test_the_count_bound_is_the_quantile_of_the_negative_binomial():
    mean = np.array([0.3, 2.0, 40.0, 900.0, 5.0])
    phi = np.array([1.5, 1.0, 3.0, 1.2, 8.0])
    size, p = mean / np.maximum(phi - 1, 1e-9), 1 / phi
    wanted = np.where(phi > 1, stats.nbinom.ppf(0.995, size, p), stats.poisson.ppf(0.995, mean))
    np.testing.assert_array_equal(count_quantile(mean, phi, alpha=0.005), wanted)
    tail = np.where(phi > 1, stats.nbinom.sf(7, size, p), stats.poisson.sf(7, mean))
    np.testing.assert_allclose(count_tail(np.full(5, 7.0), mean, phi), tail, rtol=1e-10)


def test_an_outbreak_raises_the_alarm_and_a_bigger_one_a_bigger_score():
    counts = np.repeat(seasonal_counts(), 3, axis=0)
    counts[:, -1] = [9, 60, 120]
    found = farrington_flexible(counts, WEEKS, judge=[-1])
    assert found.alarm[:, 0].tolist() == [False, True, True]
    assert (np.diff(found.score[:, 0]) > 0).all()
    assert (np.diff(found.p_value[:, 0]) < 0).all()


def test_a_past_outbreak_hardly_lifts_the_bound():
    counts = np.repeat(seasonal_counts(), 2, axis=0)
    counts[1, 300:304] = 150
    robust = farrington_flexible(counts, WEEKS, judge=[404]).bound[:, 0]
    naive = farrington_flexible(counts, WEEKS, judge=[404], control=PLAIN).bound[:, 0]
    assert robust[1] < 2 * robust[0]
    assert naive[1] > 4 * robust[1]


def test_the_prediction_error_grows_with_the_dispersion_that_r_hides():
    counts = np.random.default_rng(8).negative_binomial(20, 0.05, WEEKS.size)
    mine, theirs = (
        farrington_flexible(
            counts, WEEKS, judge=[-1], control=FlexibleControl(seasons=1, mode=mode)
        ).bound
        for mode in ("corrected", "r-compatible")
    )
    assert mine[0, 0] > 1.02 * theirs[0, 0]


@pytest.mark.parametrize("bound", ["delta", "nb-plugin", "muan"])
def test_a_stricter_alpha_gives_a_higher_bound(bound):
    counts = seasonal_counts()
    low, high = (
        farrington_flexible(
            counts, WEEKS, judge=[-1], control=FlexibleControl(alpha=alpha, bound=bound)
        ).bound[0, 0]
        for alpha in (0.05, 0.001)
    )
    assert high > low > counts.mean()


def test_a_batch_equals_its_series_and_its_weeks_one_by_one():
    counts = seasonal_counts(series=4, level=3.0)
    batch = farrington_flexible(counts, WEEKS, judge=range(380, 420))
    alone = farrington_flexible(counts[2], WEEKS, judge=range(380, 420))
    np.testing.assert_array_equal(batch.bound[2], alone.bound[0])
    streamed = farrington_flexible(counts[:, :401], WEEKS[:401], judge=[-1])
    np.testing.assert_array_equal(streamed.bound[:, 0], batch.bound[:, 20])


def test_the_false_alarm_rate_is_near_its_level():
    counts = seasonal_counts(seed=11, series=60, level=20.0)
    found = farrington_flexible(
        counts, WEEKS, judge=range(380, 420), control=FlexibleControl(alpha=0.05)
    )
    assert 0.03 < found.alarm.mean() < 0.07


def test_twice_the_people_means_twice_the_cases():
    counts = np.repeat(seasonal_counts(), 2, axis=0)
    people = np.full((2, WEEKS.size), 1e6)
    people[1, -1] = 2e6
    expected = farrington_flexible(counts, WEEKS, judge=[-1], population=people).expected[:, 0]
    assert expected[1] == pytest.approx(2 * expected[0])


def test_a_missing_week_is_not_a_week_without_cases():
    counts = seasonal_counts(level=30.0)
    known = np.ones(counts.shape, dtype=bool)
    known[:, 150:200] = False
    emptied = np.where(known, counts, 0)
    full = farrington_flexible(counts, WEEKS, judge=[-1]).expected[0, 0]
    told = farrington_flexible(emptied, WEEKS, judge=[-1], known=known).expected[0, 0]
    assert told == pytest.approx(full, rel=0.1)
    keep = np.flatnonzero(known[0])
    absent = farrington_flexible(counts[:, keep], WEEKS[keep], judge=[-1]).expected[0, 0]
    assert absent == told


@pytest.mark.parametrize("bound", ["delta", "nb-plugin", "muan"])
def test_a_season_without_cases_still_has_a_finite_bound(bound):
    counts = np.zeros(WEEKS.size, dtype=int)
    counts[-1] = 6
    found = farrington_flexible(counts, WEEKS, judge=[-1], control=FlexibleControl(bound=bound))
    assert np.isfinite(found.bound).all()
    assert found.alarm[0, 0]
    assert 0 <= found.bound[0, 0] < 6


def test_reasons_tell_why_nothing_was_said():
    counts = seasonal_counts()
    known = np.ones(WEEKS.size, dtype=bool)
    known[-1] = False
    found = farrington_flexible(counts, WEEKS, judge=[100, -1], known=known)
    assert found.reason[0].tolist() == [Reason.SHORT_BASELINE, Reason.NOT_REPORTED]
    assert np.isnan(found.expected).all()
    assert not found.alarm.any()
    quiet = farrington_flexible(counts * 0, WEEKS, judge=[-1])
    assert quiet.reason[0, 0] == Reason.TOO_FEW_CASES


def test_the_classic_method_is_two_sided_and_uses_the_windows_only():
    counts = seasonal_counts()
    changed = counts.copy()
    changed[0, 419 - 26] = 500  # half a year before the judged week
    plain = farrington_classic(counts, WEEKS, judge=[-1], control=ClassicControl(alpha=0.01))
    other = farrington_classic(changed, WEEKS, judge=[-1], control=ClassicControl(alpha=0.01))
    assert plain.bound[0, 0] == other.bound[0, 0]


@pytest.mark.parametrize(
    ("day", "back", "wanted"),
    [
        ("2014-02-10", 1, "2013-02-11"),
        ("2016-02-29", 1, "2015-03-02"),
        ("2020-12-28", 5, "2015-12-28"),
        ("2021-01-04", 1, "2020-01-06"),
    ],
)
def test_reference_weeks_follow_the_calendar_through_long_years(day, back, wanted):
    found = anniversary(np.datetime64(day).item(), years_back=back)
    assert found.isoformat() == wanted


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"counts": [1, 2.5, 3]}, "counts.fractional"),
        ({"counts": [1, -2, 3]}, "array.negative"),
        ({"counts": [1, np.nan, 3]}, "array.not_finite"),
        ({"counts": []}, "array.empty"),
        ({"counts": ["a", "b", "c"]}, "array.not_numeric"),
        ({"counts": np.zeros((1, 1, 3))}, "counts.shape"),
        ({"dates": ["2020-01-06", "2020-01-13"]}, "dates.length"),
        ({"dates": ["2020-01-06", "2020-01-06", "2020-01-13"]}, "dates.duplicated"),
        ({"dates": ["2020-01-13", "2020-01-06", "2020-01-20"]}, "dates.unsorted"),
        ({"dates": ["2020-01-06", "2020-01-14", "2020-01-20"]}, "dates.not_weekly"),
        ({"dates": ["a", "b", "c"]}, "dates.not_dates"),
        ({"dates": ["2020-01-06", "NaT", "2020-01-20"]}, "dates.not_dates"),
        ({"judge": [3]}, "judge.out_of_range"),
        ({"judge": []}, "judge.empty"),
        ({"judge": [0.5]}, "array.not_whole"),
        ({"known": [True]}, "known.shape"),
        ({"population": [1.0, 1.0]}, "population.shape"),
        ({"population": [1.0, 0.0, 1.0]}, "population.not_positive"),
    ],
)
def test_bad_input_is_refused_by_name(change, code):
    given = {
        "counts": [1, 2, 3],
        "dates": ["2020-01-06", "2020-01-13", "2020-01-20"],
        "judge": [-1],
    }
    given.update(change)
    counts, dates = given.pop("counts"), given.pop("dates")
    with pytest.raises(NumericsError) as refusal:
        farrington_flexible(counts, dates, **given)
    assert refusal.value.code == code


def test_an_error_names_the_index():
    with pytest.raises(NumericsError) as refusal:
        farrington_flexible([[1, 2], [3, -4]], ["2020-01-06", "2020-01-13"], judge=[-1])
    assert refusal.value.facts["index"] == (1, 1)
    assert "index=(1, 1)" in str(refusal.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"years": 0},
        {"alpha": 0.0},
        {"bound": "guess"},
        {"mode": "fast"},
        {"trend_below": 1.5},
        {"reweight_above": 0.0},
    ],
)
def test_a_control_refuses_choices_without_meaning(wrong):
    with pytest.raises(NumericsError):
        FlexibleControl(**wrong)


@pytest.mark.parametrize("mode", ["corrected", "r-compatible"])
@pytest.mark.parametrize("bound", ["delta", "nb-plugin", "muan"])
def test_whatever_is_judged_has_numbers(mode, bound):
    rng = np.random.default_rng(21)
    level = 10.0 ** rng.uniform(-3, 6, (30, 1))
    counts = rng.poisson(level * np.exp(rng.normal(0, 1, (30, WEEKS.size))))
    counts[:10, 200:] = 0
    counts[10:20, :300] = 0
    known = rng.random(counts.shape) < 0.9
    for seasons, years in ((1, 4), (10, 5), (20, 2)):
        found = farrington_flexible(
            counts,
            WEEKS,
            judge=[300, 350, -1],
            known=known,
            control=FlexibleControl(
                seasons=seasons, years=years, bound=bound, mode=mode, least_cases=0
            ),
        )
        judged = found.reason == Reason.JUDGED
        assert judged.mean() > 0.4
        for values in (found.expected, found.bound, found.p_value):
            assert np.isfinite(values[judged]).all()
            assert np.isnan(values[~judged]).all()
        assert not np.isnan(found.score[judged]).any()


def test_an_error_without_bound_is_no_judgement():
    counts = np.random.default_rng(1).negative_binomial(1, 0.2, WEEKS.size)
    phase = (WEEKS[-1] - WEEKS).astype(int) / 365.25 % 1.0
    counts[(phase < 0.12) | (phase > 0.88)] = 0
    found = farrington_flexible(
        counts,
        WEEKS,
        judge=[-1],
        control=FlexibleControl(bound="muan", mode="r-compatible", least_cases=0),
    )
    assert found.reason[0, 0] == Reason.NO_FIT


def test_a_week_reported_in_part_is_expected_in_part():
    counts = seasonal_counts()
    share = np.ones(WEEKS.size)
    share[-1] = 0.6
    full = farrington_flexible(counts, WEEKS, judge=[-1]).expected[0, 0]
    part = farrington_flexible(counts, WEEKS, judge=[-1], population=share).expected[0, 0]
    assert part == pytest.approx(0.6 * full)
