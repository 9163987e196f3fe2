"""Classes by the legal table with its boundaries, report states, double drop, control chart."""

from datetime import timedelta

import pytest

from bihuan.core.packs import registry
from bihuan.safety.rules.accidents import (
    Harm,
    classify,
    control_chart,
    destination,
    double_drop,
    late_minutes,
    most,
    next_level,
    report_state,
)
from tests.conftest import NOON

TABLE = registry.table("accident_class", NOON)
ADDRESSEES = registry.table("accident_addressee", NOON)
MILLION = 1_000_000
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("deaths", "serious", "loss", "grade"),
    [
        (0, 0, 0, "general"), (2, 9, 10 * MILLION - 1, "general"),
        (3, 0, 0, "larger"), (0, 10, 0, "larger"), (0, 0, 10 * MILLION, "larger"),
        (9, 49, 50 * MILLION - 1, "larger"),
        (10, 0, 0, "major"), (0, 50, 0, "major"), (0, 0, 50 * MILLION, "major"),
        (29, 99, 100 * MILLION - 1, "major"),
        (30, 0, 0, "extraordinary"), (0, 100, 0, "extraordinary"),
        (0, 0, 100 * MILLION, "extraordinary"),
        (10, 8, 20 * MILLION, "major"),  # M196
        (2, 51, 0, "major"),  # M196: by injuries
    ],
)  # fmt: skip
def test_the_class_follows_article_3_and_any_one_criterion_suffices(deaths, serious, loss, grade):
    assert classify(Harm(deaths, serious, 0, loss), TABLE) == grade


def test_of_several_sources_the_gravest_counts():
    assert most([Harm(2, 51, 0, 5), Harm(3, 0, 1, 9)]) == Harm(3, 51, 1, 9)
    assert most([]) == Harm()


@pytest.mark.parametrize(
    ("grade", "start", "chain"),
    [
        ("general", "unit", ["county", "city"]),
        ("larger", "unit", ["county", "city", "province"]),
        ("major", "township", ["county", "city", "province", "nation"]),
        ("extraordinary", "city", ["province", "nation"]),
        ("general", "city", []),
    ],
)
def test_each_class_goes_up_to_its_level_and_no_further(grade, start, chain):
    level, heard = start, []
    while (level := next_level(level, destination(grade, ADDRESSEES))) is not None:
        heard.append(level)
    assert heard == chain


@pytest.mark.parametrize(
    ("sent", "false_at", "at", "state"),
    [
        (None, None, NOON, "waiting"), (None, None, NOON + 2 * HOUR, "missing"),
        (NOON + HOUR, None, NOON + 3 * HOUR, "on_time"),
        (NOON + HOUR + MINUTE, None, NOON + 3 * HOUR, "late"),
        (NOON, NOON + HOUR, NOON + 2 * HOUR, "false"),
        (NOON, NOON + HOUR, NOON, "on_time"),  # as it was known then
    ],
)  # fmt: skip
def test_late_missing_and_false_are_distinct(sent, false_at, at, state):
    assert report_state(due=NOON + HOUR, sent=sent, false_at=false_at, at=at) == state


@pytest.mark.parametrize(
    ("after", "minutes"),
    [(timedelta(0), 0), (-HOUR, 0), (timedelta(seconds=1), 1), (MINUTE, 1), (61 * MINUTE, 61)],
)
def test_lateness_is_told_to_the_minute(after, minutes):
    assert late_minutes(due=NOON, sent=NOON + after) == minutes


def test_214_and_190_to_201_and_192_is_no_double_drop():
    assert not double_drop(accidents=(214, 201), deaths=(190, 192))
    assert not double_drop(accidents=(214, 201), deaths=(190, 190))
    assert double_drop(accidents=(214, 201), deaths=(190, 189))


def test_a_month_above_the_upper_limit_is_not_stable():
    steady = [10, 9, 11, 10, 12, 8, 10, 11, 9, 10, 10, 10]
    assert control_chart([*steady, 19], base=12, longest_run=7).stable
    chart = control_chart([*steady, 20], base=12, longest_run=7)
    assert (chart.stable, chart.out, chart.mean) == (False, (12,), 10.0)
    assert chart.upper == pytest.approx(19.4868, abs=1e-4)


def test_eight_months_above_the_mean_break_the_rule_of_runs():
    chart = control_chart([10] * 12 + [11] * 8, base=12, longest_run=7)
    assert (chart.stable, chart.out, chart.runs) == (False, (), (19,))
