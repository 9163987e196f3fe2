"""The golden vectors of the fact base that are numbers: percentiles of the weeks, pools, near zero."""

from datetime import date, timedelta

import numpy as np
import pytest

from bihuan.epidemic.rules.situation import ZeroRule, zero
from bihuan_analytics.early_warning import PercentileControl, moving_percentile
from bihuan_analytics.screening import dorfman

DAY = date(2026, 3, 10)
TOTALS = (0, 1, 2, 0, 3, 1, 2, 4, 2, 1, 0, 2, 3, 5, 1, 2, 0, 1, 3, 2, 1, 4, 2, 6, 1)


@pytest.mark.parametrize(("district", "near"), [((23, 20, 5), True), ((23, 24, 5), False)])
def test_t8_a_district_of_2_4_million_is_near_zero_below_24_a_day(district, near):
    rule = ZeroRule(run_days=3, near_days=3, near_per_100k=1)
    days = [(DAY + timedelta(days=n), count) for n, count in enumerate(district)]
    assert zero(days, rule, population=2_400_000).near is near


def judged(percentile: float):
    """The totals of T9 as the weeks around this day in five earlier years; this week had four."""
    days = [date(2020, 1, 1) + timedelta(days=n) for n in range((DAY - date(2020, 1, 1)).days + 1)]
    place = {day: n for n, day in enumerate(days)}
    counts = np.zeros((1, len(days)), dtype=np.int64)
    totals = iter(TOTALS)
    for year in range(1, 6):
        for week in range(-2, 3):
            day = DAY.replace(year=DAY.year - year) + timedelta(days=7 * week)
            counts[0, place[day]] = next(totals)
    counts[0, -1] = 4
    return moving_percentile(
        counts, np.array(days, dtype="datetime64[D]"), judge=[-1],
        control=PercentileControl(percentile=percentile),
    )  # fmt: skip


@pytest.mark.parametrize(("percentile", "bound"), [(0.5, 2.0), (0.75, 3.0), (0.8, 3.0), (0.9, 4.0)])
def test_t9_a_current_total_of_four_is_a_signal_at_the_80th_and_the_90th_percentile(
    percentile, bound
):
    found = judged(percentile)
    assert found.observed[0, 0] == 4
    assert found.bound[0, 0] == pytest.approx(bound)
    assert found.alarm[0, 0]


def test_t11_pools_of_ten_need_fewer_tests_than_pools_of_twenty():
    tests = dorfman(0.01, np.array([10, 20])).tests
    assert tests == pytest.approx([0.1956, 0.2321], abs=5e-5)
