"""EARS, control charts, moving percentile, silence and the choice among alarms."""

import numpy as np
import pytest

from bihuan_analytics import NumericsError
from bihuan_analytics.early_warning import (
    PercentileControl,
    Reason,
    cusum,
    discoveries,
    ears,
    ewma,
    moving_percentile,
    report_silence,
    suspicious_zeros,
    within_budget,
)

CALM = np.tile([3, 4, 5, 4, 3, 5, 4], 6)


def jump(size=100, at=30):
    counts = CALM.copy()
    counts[at] = size
    return counts


def test_c1_is_mean_and_deviation_of_the_week_before():
    found = ears(jump(), method="C1", least_sd=0.0)
    week = CALM[23:30]
    assert found.bound[0, 30] == pytest.approx(week.mean() + 3 * week.std(ddof=1))
    assert np.flatnonzero(found.alarm[0]).tolist() == [30]
    assert (found.reason[0, :7] == Reason.SHORT_BASELINE).all()


def test_c2_leaves_out_the_two_days_before():
    found = ears(jump(), method="C2", least_sd=0.0)
    week = CALM[21:28]
    assert found.bound[0, 30] == pytest.approx(week.mean() + 3 * week.std(ddof=1))


def test_c3_sees_the_jump_on_its_own_day_where_r_sees_it_after():
    mine = ears(jump(), method="C3")
    theirs = ears(jump(), method="C3", mode="r-compatible")
    assert mine.alarm[0, 30]
    assert not theirs.alarm[0, 30]
    assert theirs.alarm[0, 31]


def test_c3_adds_three_days_of_excess():
    counts = CALM.copy()
    counts[30:33] = [7, 7, 7]
    found = ears(counts, method="C3", least_sd=0.0)
    excess = 0.0
    for t in (30, 31, 32):
        week = counts[t - 9 : t - 2]
        excess += max(0.0, (counts[t] - week.mean()) / week.std(ddof=1) - 1)
    assert found.score[0, 32] == pytest.approx(excess / 2)
    assert found.alarm[0, 32] == (excess > 2)


def test_the_floor_keeps_two_cases_after_silence_from_alarming_at_three():
    counts = np.zeros(20, dtype=int)
    counts[15] = 2
    assert ears(counts, method="C1", least_sd=1.0).alarm.sum() == 0
    assert ears(counts, method="C1", least_sd=0.5).alarm[0, 15]
    assert ears(counts, method="C1", least_sd=0.0).reason[0, 15] == Reason.NO_SPREAD


def test_ears_waits_for_what_was_not_reported():
    known = np.ones(CALM.size, dtype=bool)
    known[20] = False
    found = ears(CALM, method="C1", known=known)
    assert found.reason[0, 20] == Reason.NOT_REPORTED
    assert found.expected[0, 24] == pytest.approx(np.delete(CALM[17:24], 3).mean())


def test_cusum_catches_a_small_lasting_rise_and_starts_again():
    counts = np.full(40, 9)
    counts[10:] = 14
    mine = cusum(counts, 9.0)
    theirs = cusum(counts, 9.0, mode="r-compatible")
    assert not mine.alarm[0, :11].any()
    first = int(np.argmax(mine.alarm[0]))
    assert mine.score[0, first] >= 1 > mine.score[0, first + 1]
    assert theirs.alarm[0, first:].all()


def test_cusum_of_plain_scores_is_the_textbook_sum():
    counts = np.array([4, 9, 9, 0, 16])
    found = cusum(counts, 4.0, reference=0.5, decision=10.0, scale="plain")
    np.testing.assert_allclose(found.score[0] * 10, [0.0, 2.0, 4.0, 1.5, 7.0])


@pytest.mark.parametrize("scale", ["rossi", "anscombe", "plain"])
def test_the_cusum_bound_is_the_count_that_reaches_the_decision(scale):
    bound = cusum([5, 7], 6.0, scale=scale).bound[0, 1]
    for count, alarm in ((np.floor(bound), False), (np.ceil(bound), True)):
        assert cusum([5, count], 6.0, scale=scale).alarm[0, 1] == alarm


def test_ewma_alarm_is_a_count_above_the_bound():
    rng = np.random.default_rng(4)
    counts = rng.poisson(6, (5, 200))
    counts[:, 150:] += 8
    found = ewma(counts)
    judged = found.reason == Reason.JUDGED
    np.testing.assert_array_equal(
        found.alarm[judged], (counts > found.bound)[judged] & (counts > 0)[judged]
    )
    assert found.alarm[:, 150:154].any(axis=1).all()
    assert found.alarm[:, :150].mean() < 0.02
    assert (found.reason[:, :30] == Reason.SHORT_BASELINE).all()


def test_moving_percentile_takes_the_same_weeks_of_five_years():
    dates = np.datetime64("2015-01-01") + np.arange(2200)
    counts = np.arange(2200) % 13
    found = moving_percentile(counts, dates, judge=[2190])
    day = dates[2190].item()
    totals = []
    for back in range(1, 6):
        same = day.replace(year=day.year - back)
        ahead = (day.weekday() - same.weekday() + 3) % 7 - 3
        for week in range(-2, 3):
            end = int((np.datetime64(same) - dates[0]).astype(int)) + ahead + 7 * week
            totals.append(counts[end - 6 : end + 1].sum())
    assert found.observed[0, 0] == counts[2184:2191].sum()
    assert found.bound[0, 0] == pytest.approx(np.percentile(totals, 80))
    assert found.expected[0, 0] == np.median(totals)


def test_moving_percentile_counts_at_the_bound_and_needs_cases():
    dates = np.datetime64("2010-01-04") + 7 * np.arange(400)
    counts = np.full((2, 400), 3)
    counts[1] = 0
    found = moving_percentile(counts, dates, judge=[-1])
    assert found.alarm[:, 0].tolist() == [True, False]


def test_moving_percentile_leaves_out_known_outbreaks_and_short_histories():
    dates = np.datetime64("2010-01-04") + 7 * np.arange(400)
    counts = np.random.default_rng(2).poisson(5, 400)
    flagged = np.ones(400, dtype=bool)
    spike = counts.copy()
    spike[345:350] = 90
    flagged[345:350] = False
    clean = moving_percentile(spike, dates, judge=[-1], known=flagged)
    dirty = moving_percentile(spike, dates, judge=[-1])
    assert clean.bound[0, 0] < 10 < dirty.bound[0, 0] + 5
    short = moving_percentile(counts, dates, judge=[120])
    assert short.reason[0, 0] == Reason.SHORT_BASELINE
    full = moving_percentile(counts, dates, judge=[-1], control=PercentileControl(years=3))
    assert full.reason[0, 0] == Reason.JUDGED


def test_a_pharmacy_silent_for_two_days_is_listed_on_day_two():
    received = [[True, False, False, True], [True, True, True, True]]
    found = report_silence(received, limit=2)
    assert found.silent.tolist() == [[False, False, True, False], [False] * 4]


def test_a_closed_day_neither_counts_nor_ends_a_silence():
    due = [True, True, False, True]
    found = report_silence([True, False, False, False], limit=2, due=due)
    assert found.run[0].tolist() == [0, 1, 1, 2]


def test_zeros_become_suspicious_as_they_pile_up():
    found = suspicious_zeros([5, 0, 0, 0], 3.0)
    np.testing.assert_allclose(found.probability[0], [1, np.exp(-3), np.exp(-6), np.exp(-9)])
    assert found.suspicious[0].tolist() == [False, False, False, True]
    wider = suspicious_zeros([5, 0, 0, 0], 3.0, dispersion=4.0)
    assert (wider.probability[0, 1:] > found.probability[0, 1:]).all()


def test_discoveries_follow_the_step_up_rule():
    p = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, np.nan]
    kept = discoveries(p, level=0.05)
    assert kept.tolist() == [True, True, False, False, False, False, False]
    table = np.array([[0.001, 0.9], [0.2, 0.8]])
    assert discoveries(table, level=0.05).tolist() == [[True, False], [False, False]]


def test_a_budget_keeps_the_strongest_alarms_of_each_time():
    scores = np.array([[2.0, 1.5], [3.0, 0.2], [1.2, 9.0]])
    kept = within_budget(scores, scores > 1, budget=2)
    assert kept.tolist() == [[True, True], [True, False], [False, True]]
    assert not within_budget(scores, scores > 1, budget=0).any()


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: ears([1, 2], method="C4"), "argument.unknown"),
        (lambda: ears([1, 2], method="C1", mode="r"), "argument.unknown"),
        (lambda: cusum([1, 2], 1.0, mode="r"), "argument.unknown"),
        (lambda: ears([1, 2], method="C1", least_sd=-1), "argument.too_small"),
        (lambda: cusum([1, 2], 0.0), "expected.not_positive"),
        (lambda: cusum([1, 2], [1.0, 2.0, 3.0]), "expected.shape"),
        (lambda: cusum([1, 2], 1.0, scale="log"), "argument.unknown"),
        (lambda: cusum([1, 2], 1.0, decision=0), "argument.too_small"),
        (lambda: ewma([1, 2], smoothing=1.0), "argument.out_of_range"),
        (lambda: ewma([1, 2], limit=0.0), "argument.too_small"),
        (lambda: suspicious_zeros([1], [1.0], dispersion=0.5), "dispersion.below_one"),
        (lambda: suspicious_zeros([1], [1.0, 2.0]), "expected.shape"),
        (lambda: report_silence([], limit=1), "array.empty"),
        (lambda: discoveries([1.2], level=0.1), "p_value.out_of_range"),
        (lambda: within_budget([1.0], [True, False], budget=1), "alarms.shape"),
    ],
)
def test_bad_input_is_refused_by_name(call, code):
    with pytest.raises(NumericsError) as refusal:
        call()
    assert refusal.value.code == code
