"""Stock and flow, zero in the community, rebound, R: on series whose answer is known."""

import itertools
from datetime import date, timedelta

import numpy as np
import pytest

from bihuan.epidemic.analysis.situation import Parameters, estimate
from bihuan.epidemic.rules.situation import (
    Known,
    ReboundRule,
    ZeroRule,
    flows,
    rebound,
    tally,
    zero,
)
from bihuan_analytics.reproduction import discretised_gamma

DAY = date(2026, 3, 1)
RULE = ZeroRule(run_days=7, near_days=3, near_per_100k=1.0)
GIVEN = Parameters(
    window_days=7, least_cases=10, turning_days=7, forecast_days=7, longest_delay=10,
    complete_share=0.9, history_days=42, serial_mean=5.0, serial_sd=3.0,
)  # fmt: skip


def day(n: int) -> date:
    return DAY + timedelta(days=n)


def known(happened: int, *, delay: int = 0, **changes) -> Known:
    given = {"kind": "confirmed", "origin": "local_unknown", "county": "01.01.01.",
             "controlled": False}  # fmt: skip
    return Known(day(happened), day(happened + delay), **(given | changes))


def of(counts) -> list[Known]:
    return [known(at) for at, n in enumerate(counts) for _ in range(int(n))]


def test_stock_is_what_came_less_what_left_and_lines_add_up():
    cases = [known(0), known(1, controlled=True), known(1, outcome="cured", ended=day(3)),
             known(2, kind="suspected", outcome="died", ended=day(3))]  # fmt: skip
    told = flows(cases, first=day(0), last=day(3))
    assert [f.stock for f in told] == [1, 3, 4, 2]
    assert [(f.community, f.controlled, f.out) for f in told][1] == (1, 1, 0)
    for before, after in itertools.pairwise(told):
        assert after.stock == before.stock + after.new - after.out
    confirmed, suspected = tally(cases, day=day(3), kinds=("confirmed", "suspected"))
    assert (confirmed.new, confirmed.existing, confirmed.cured, confirmed.total) == (0, 2, 1, 3)
    assert (suspected.died, suspected.existing, suspected.died_all) == (1, 0, 1)


def test_zero_is_achieved_on_the_seventh_day_without_a_community_case():
    counts = [3, 1, 0, 0, 0, 0, 0, 0, 0]
    days = [(day(at), n) for at, n in enumerate(counts)]
    assert not zero(days[:-1], RULE).achieved
    found = zero(days, RULE)
    assert (found.achieved, found.run, found.since) == (True, 7, day(8))
    assert zero([*days, (day(9), 0)], RULE).since == day(8)
    assert zero([*days, (day(9), 1)], RULE).run == 0


def test_a_case_found_in_isolation_does_not_break_zero():
    cases = [known(0), known(5, controlled=True)]
    told = [(f.day, f.community) for f in flows(cases, first=day(0), last=day(7))]
    assert zero(told, RULE).achieved


@pytest.mark.parametrize(("counts", "near"), [((23, 20, 5), True), ((23, 24, 5), False)])
def test_near_zero_is_fewer_than_one_in_a_hundred_thousand_on_each_of_three_days(counts, near):
    days = [(day(at), n) for at, n in enumerate(counts)]
    assert zero(days, RULE, population=2_400_000).near is near
    assert zero(days, RULE).near is None


def test_a_rebound_is_red_when_both_thresholds_are_reached_and_amber_before():
    rule = ReboundRule(window_days=7, cases=50, counties=3, amber_share=0.6)
    a, b, c = ({day(n): count for n in range(1, 13)} for count in (3, 3, 2))
    c = {d: n for d, n in c.items() if d >= day(8)}
    found = [rebound({"a": a, "b": b, "c": c}, rule, day=day(n))[0] for n in range(1, 13)]
    assert found.index("amber") < found.index("red")
    assert found[-1] == "red"
    assert rebound({"a": a}, ReboundRule(7, 500, 30, 0.6), day=day(12))[0] == ""


def renewal(number: float, days: int, seed: int = 10) -> list[int]:
    interval = discretised_gamma(mean=5.0, sd=3.0, length=30)
    told = [float(seed)] * 5
    while len(told) < days:
        reach = min(len(told), len(interval) - 1)
        told.append(number * float(np.dot(told[-reach:], interval[reach:0:-1])))
    return [round(n) for n in told]


def test_the_interval_of_r_contains_the_number_the_series_was_made_with():
    found = estimate(of(renewal(1.3, 42)), day=day(41), given=GIVEN)
    assert found.lacking == ""
    assert found.r_low < 1.3 < found.r_high
    assert found.growth_low < found.growth < found.growth_high
    assert found.doubling_days == pytest.approx(np.log(2) / found.growth)
    assert [a.day for a in found.ahead] == [day(42 + n) for n in range(7)]
    assert all(a.low <= a.middle <= a.high for a in found.ahead)


def test_fewer_than_ten_cases_are_too_few_to_estimate():
    found = estimate(of([1] * 9), day=day(20), given=GIVEN)
    assert (found.lacking, found.r, found.ahead) == ("few", None, ())


def test_a_falling_epidemic_has_a_turning_point_confirmed_seven_days_later():
    rising = renewal(1.6, 25)
    falling = [round(rising[-1] * 0.82**n) for n in range(1, 18)]
    found = estimate(of([*rising, *falling]), day=day(41), given=GIVEN)
    assert found.turned is not None
    assert found.confirmed == found.turned + timedelta(days=7)
    assert not estimate(of(rising), day=day(24), given=GIVEN).turned


def test_days_not_yet_reported_are_filled_and_not_used_for_r():
    cases = [known(at, delay=d) for at in range(42) for d in (0, 1, 1, 2, 2, 3, 4, 5)]
    told = [c for c in cases if c.reported <= day(41)]
    found = estimate(told, day=day(41), given=GIVEN)
    last = found.days[-1]
    assert last.reported == 1
    assert last.low < 8 < last.high
    assert found.until < day(41)
    assert found.r_low < 1 < found.r_high


def test_the_strategy_of_three_days_is_three_texts_with_sources():
    from bihuan.core.clock import day_start
    from bihuan.epidemic.services.situation import strategy

    days = (date(2020, 2, 12), date(2021, 8, 4), date(2022, 3, 29))
    found = [strategy(day_start(d)) for d in days]
    assert len({row["title"] for row in found}) == 3
    assert all(row["source"] and row["figures"] for row in found)
    assert strategy(day_start(date(2026, 3, 1))) is None, "the figures stay, the lights do not"
