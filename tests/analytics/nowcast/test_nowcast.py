"""Reporting delays, nowcasts, forecasts and their scores."""

import numpy as np
import pytest
from scipy import stats

from bihuan_analytics import NumericsError
from bihuan_analytics.nowcast import (
    Horizon,
    bayes_truncation,
    coverage,
    lawless,
    renewal_forecast,
    triangle_of_reports,
    turning_point,
    weighted_interval_score,
)

DELAY = np.array([0.1, 0.3, 0.3, 0.2, 0.1])
INTERVAL = np.array([0.0, 0.3, 0.5, 0.2])


def triangle(level=200, days=30, seed=None, series=1):
    """Counts of a constant epidemic, seen on the last day; exact means without a seed."""
    mean = np.broadcast_to(level * DELAY, (series, days, DELAY.size))
    full = mean if seed is None else np.random.default_rng(seed).poisson(mean)
    known = np.add.outer(np.arange(days), np.arange(DELAY.size)) <= days - 1
    return full * known, full.sum(axis=2)


def test_the_triangle_files_each_report_once_it_is_known():
    found = triangle_of_reports(
        ["2022-04-01", "2022-04-01", "2022-04-02", "2022-04-03", "2022-04-03"],
        ["2022-04-01", "2022-04-03", "2022-04-03", "2022-04-03", "2022-04-05"],
        now=np.datetime64("2022-04-04"),
        days=4,
        longest_delay=1,
    )
    assert found.days.astype(str).tolist()[0] == "2022-04-01"
    assert found.counts[0].tolist() == [[1, 1], [0, 1], [1, 0], [0, 0]]


def test_the_triangle_keeps_areas_apart():
    found = triangle_of_reports(
        ["2022-04-01"] * 3,
        ["2022-04-02"] * 3,
        now=np.datetime64("2022-04-03"),
        days=3,
        longest_delay=2,
        series=[0, 2, 2],
    )
    assert found.counts.sum(axis=(1, 2)).tolist() == [1, 0, 2]


def test_steady_delays_are_undone_exactly():
    counts, total = triangle()
    found = lawless(counts)
    np.testing.assert_allclose(found.expected, total)
    np.testing.assert_allclose(found.share[0, -5:], np.cumsum(DELAY)[::-1])


def test_reverse_hazards_by_hand():
    found = lawless([[4, 4], [6, 2], [5, 0]])
    share = 1 - 6 / 16
    assert found.share[0, 2] == pytest.approx(share)
    assert found.expected[0].tolist() == pytest.approx([8, 8, 5 / share])


@pytest.mark.parametrize(
    "method",
    [lawless, lambda counts: bayes_truncation(counts, rng=np.random.default_rng(1), draws=400)],
)
def test_intervals_hold_the_number_in_the_end(method):
    counts, total = triangle(level=60, seed=8, series=300)
    found = method(counts)
    inside = (found.quantiles[:, -5:, 0] <= total[:, -5:]) & (
        total[:, -5:] <= found.quantiles[:, -5:, 2]
    )
    assert inside.mean() >= 0.95  # a flat prior is on the safe side where little is reported
    low, high = found.quantiles[:, -3, 0], found.quantiles[:, -3, 2]
    assert np.mean(high - low) < 40
    assert found.expected[:, -1].mean() == pytest.approx(total[:, -1].mean(), rel=0.2)


def test_complete_days_are_left_as_they_are():
    counts, total = triangle(seed=3)
    for found in (lawless(counts), bayes_truncation(counts, rng=np.random.default_rng(1))):
        np.testing.assert_array_equal(found.expected[:, :-4], total[:, :-4])
        np.testing.assert_array_equal(found.quantiles[:, :-4, 2], total[:, :-4])


def test_a_recent_change_of_delays_is_seen_by_recent_days_only():
    slow, total = triangle()
    quick = slow.copy()
    quick[0, :15] = total[0, 0] * np.array([0.9, 0.1, 0, 0, 0])
    assert lawless(quick, recent_days=12).expected[0, -1] == pytest.approx(total[0, -1])
    assert lawless(quick).expected[0, -1] < total[0, -1] / 2


def test_where_no_delay_was_seen_nothing_is_said():
    counts = np.zeros((4, 3))
    counts[3, 0] = 5
    found = lawless(counts)
    assert not found.defined[0, -1]
    assert np.isnan(found.expected[0, -1])


def test_wis_is_the_sum_of_quantile_losses():
    rng = np.random.default_rng(4)
    levels = np.array([0.025, 0.25, 0.5, 0.75, 0.975])
    quantiles = np.sort(rng.normal(10, 4, (20, 5)), axis=1)
    y = rng.normal(10, 6, 20)
    error = y[:, None] - quantiles
    loss = np.maximum(levels * error, (levels - 1) * error).sum(axis=1)
    found = weighted_interval_score(y, quantiles, levels)
    np.testing.assert_allclose(found.total, loss / 2.5)
    np.testing.assert_allclose(found.total, found.spread + found.under + found.over)


def test_wis_of_the_median_alone_is_the_absolute_error():
    assert weighted_interval_score(3.0, [5.0], [0.5]).total == 2.0
    assert weighted_interval_score(3.0, [5.0], [0.5]).over == 2.0


def test_the_true_law_scores_best():
    y = stats.norm.rvs(size=4000, random_state=1)
    levels = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    scores = [
        weighted_interval_score(
            y, np.broadcast_to(stats.norm.ppf(levels, scale=s), (4000, 5)), levels
        ).total.mean()
        for s in (0.4, 1.0, 2.5)
    ]
    assert scores[1] < min(scores[0], scores[2])


def test_coverage_of_the_true_law_is_its_level():
    y = stats.norm.rvs(size=4000, random_state=2)
    levels = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    found = coverage(y, np.broadcast_to(stats.norm.ppf(levels), (4000, 5)), levels)
    np.testing.assert_allclose(found, [0.9, 0.5], atol=0.03)


def test_a_forecast_continues_the_growth_and_repeats_by_seed():
    cases = np.round(20 * 1.1 ** np.arange(30))
    found = renewal_forecast(cases, INTERVAL, rng=np.random.default_rng(3))
    again = renewal_forecast(cases, INTERVAL, rng=np.random.default_rng(3))
    np.testing.assert_array_equal(found.quantiles, again.quantiles)
    np.testing.assert_allclose(found.mean[0, :5], 20 * 1.1 ** np.arange(30, 35), rtol=0.06)
    width = found.quantiles[0, :, -1] - found.quantiles[0, :, 0]
    assert (np.diff(width) > 0).all()
    wider = renewal_forecast(
        cases, INTERVAL, rng=np.random.default_rng(3), horizon=Horizon(dispersion=8.0)
    )
    assert wider.quantiles[0, 3, -1] > found.quantiles[0, 3, -1]


def test_the_turning_point_needs_its_days_in_a_row():
    number = np.r_[1.4, 0.9, 0.9, 1.1, np.full(8, 0.8)]
    found = turning_point(number, days=7)
    assert (found.place.tolist(), found.confirmed.tolist()) == ([3], [10])
    assert not turning_point(number, days=9).turned.any()


def test_cases_that_peak_on_day_9_turn_on_day_9_and_are_confirmed_on_day_16():
    cases = np.r_[10.0 * 1.3 ** np.arange(10), 10.0 * 1.3**9 * 0.85 ** np.arange(1, 12)]
    found = turning_point(cases[1:] / cases[:-1])  # R of an interval of one day
    assert found.place.tolist() == [8]  # the window that ends on day 9
    assert found.confirmed.tolist() == [15]


def test_a_turn_before_the_first_window_has_no_place():
    found = turning_point(np.full(9, 0.8))
    assert (found.turned.tolist(), found.place.tolist(), found.confirmed.tolist()) == (
        [True],
        [-1],
        [6],
    )


def report(**changed):
    given = {
        "events": ["2022-04-01", "2022-04-02"],
        "reports": ["2022-04-02", "2022-04-02"],
        "now": np.datetime64("2022-04-04"),
        "days": 4,
        "longest_delay": 2,
    }
    given.update(changed)
    return triangle_of_reports(given.pop("events"), given.pop("reports"), **given)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: report(reports=["2022-03-31", "2022-04-02"]), "report.before_event"),
        (lambda: report(reports=["2022-04-02"]), "report.shape"),
        (lambda: report(events=["x", "2022-04-02"]), "dates.not_dates"),
        (lambda: report(events=["NaT", "2022-04-02"]), "dates.not_dates"),
        (lambda: report(series=[0]), "series.shape"),
        (lambda: report(longest_delay=4), "delay.too_long"),
        (lambda: lawless([[1, 2, 3], [1, 2, 0]]), "triangle.shape"),
        (lambda: lawless([[1, 2], [1, 2]]), "triangle.future"),
        (lambda: lawless([[1, 2], [1, 0]], levels=(1.0,)), "argument.out_of_range"),
        (lambda: lawless([[1, 2], [1, 0]], recent_days=1), "argument.too_small"),
        (
            lambda: bayes_truncation(
                [[1, 2], [1, 0]], rng=np.random.default_rng(1), usual=(5.0, 0.0)
            ),
            "prior.not_positive",
        ),
        (lambda: weighted_interval_score(1.0, [1.0, 2.0], [0.4, 0.6]), "levels.not_symmetric"),
        (lambda: weighted_interval_score(1.0, [1.0], [0.1, 0.5, 0.9]), "quantiles.shape"),
        (lambda: coverage(1.0, [3.0, 2.0, 1.0], [0.1, 0.5, 0.9]), "quantiles.crossing"),
        (lambda: Horizon(dispersion=0.5), "dispersion.below_one"),
        (lambda: turning_point([[[1.0]]]), "counts.shape"),
        (
            lambda: renewal_forecast(np.ones(9), [0.0] * 9 + [1.0], rng=np.random.default_rng(1)),
            "forecast.too_early",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, code):
    with pytest.raises(NumericsError) as refusal:
        call()
    assert refusal.value.code == code
