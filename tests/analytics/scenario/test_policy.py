"""The search for most effect at least cost, against what else one might do."""

from dataclasses import replace

import numpy as np
import pytest

from bihuan_analytics import NumericsError
from bihuan_analytics.scenario import (
    Disease,
    Level,
    Problem,
    Province,
    Start,
    cheapest_plan,
    outcomes,
    overload_chance,
    pareto_front,
    safe_plan,
    threshold_rule,
)

MENU = (
    Level("nothing"),
    Level("tests", detection=0.08, cost=0.5, hardship=0.02),
    Level("masks and tests", contact_reduction=0.25, detection=0.08, cost=1.0, hardship=0.1),
    Level(
        "closure",
        contact_reduction=0.6,
        travel_reduction=0.5,
        detection=0.1,
        cost=10.0,
        hardship=0.6,
        longest=3,
    ),
)
PROBLEM = Problem(
    province=Province(
        people=[[800_000.0], [400_000.0], [200_000.0]],
        mobility=[[0.96, 0.02, 0.02], [0.02, 0.96, 0.02], [0.02, 0.02, 0.96]],
    ),
    disease=Disease(2.2, 3.0, 5.0, severe=0.03, critical=0.2, icu_death=0.3, ward_death=0.02),
    start=Start([200, 0, 0], days=98),
    menu=MENU,
    beds=[120.0, 60.0, 30.0],
    period_days=14,
    price=(0.0, 2e5, 2e4, 0.0),
)
NOTHING = np.zeros(PROBLEM.shape(), dtype=np.int64)


@pytest.fixture(scope="module")
def plan():
    return cheapest_plan(PROBLEM)


def test_the_plan_beats_nothing_everything_and_a_fixed_rule(plan):
    everything = np.full(PROBLEM.shape(), 2)
    closed = everything.copy()
    closed[1:4] = 3
    for other in (np.zeros_like(everything), everything, closed, threshold_rule(PROBLEM, level=2)):
        assert plan.outcome.loss[0] < outcomes(PROBLEM, other).loss[0]


def test_the_plan_beats_random_search_with_ten_times_the_budget(plan):
    rng = np.random.default_rng(1)
    random = rng.integers(0, 3, (10 * plan.tried, *PROBLEM.shape()))
    assert plan.outcome.loss[0] < outcomes(PROBLEM, random).loss.min()


def test_steps_account_for_all_that_was_gained(plan):
    nothing = outcomes(PROBLEM, np.zeros(PROBLEM.shape(), dtype=np.int64)).loss[0]
    assert sum(step.gain for step in plan.steps) == pytest.approx(nothing - plan.outcome.loss[0])
    assert all(step.gain > 0 for step in plan.steps)


def test_dearer_beds_buy_more_measures():
    cheap, dear = (
        cheapest_plan(replace(PROBLEM, price=(0.0, 0.0, price, 0.0))).outcome
        for price in (1e2, 1e6)
    )
    assert dear.excess[0] < cheap.excess[0]
    assert dear.cost[0] > cheap.cost[0]


def test_a_worthless_disease_is_left_alone():
    found = cheapest_plan(replace(PROBLEM, price=(0.0, 0.0, 0.0, 1.0)))
    assert not found.policy.any()
    assert found.steps == ()


def test_a_safe_plan_keeps_the_risk():
    coarse = replace(PROBLEM, period_days=28, start=replace(PROBLEM.start, days=84))
    found = safe_plan(coarse, risk=0.05, rng=np.random.default_rng(2), runs=40)
    chance = overload_chance(coarse, found.policy, rng=np.random.default_rng(3), runs=40)
    assert chance <= 0.1
    hopeless = replace(coarse, beds=[0.0, 0.0, 0.0], menu=MENU[:1])
    with pytest.raises(NumericsError) as refusal:
        safe_plan(hopeless, risk=0.05, rng=np.random.default_rng(2), runs=5)
    assert refusal.value.code == "plan.none_safe"


def test_policies_played_together_do_as_they_do_alone():
    rng = np.random.default_rng(5)
    several = rng.integers(0, 3, (4, *PROBLEM.shape()))
    together = outcomes(PROBLEM, several)
    for place in range(4):
        alone = outcomes(PROBLEM, several[place])
        np.testing.assert_allclose(together.objectives()[place], alone.objectives()[0])


def test_costs_are_those_of_the_menu():
    policy = np.zeros(PROBLEM.shape(), dtype=np.int64)
    policy[0, 1] = 1
    found = outcomes(PROBLEM, policy)
    assert found.cost[0] == pytest.approx(0.5 * 400_000 * 14)
    assert found.restricted[0] == pytest.approx(0.02 * 400_000 * 14)


def test_the_front_names_who_beats_the_rest():
    front, dominator = pareto_front([[1, 5], [2, 2], [3, 3], [5, 1], [2, 2]])
    assert front.tolist() == [True, True, False, True, True]
    assert dominator.tolist() == [-1, -1, 1, -1, -1]


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: outcomes(PROBLEM, np.full(PROBLEM.shape(), 4)), "policy.outside_menu"),
        (lambda: outcomes(PROBLEM, np.full(PROBLEM.shape(), 0.5)), "policy.outside_menu"),
        (lambda: outcomes(PROBLEM, np.full(PROBLEM.shape(), 3)), "policy.too_long"),
        (lambda: outcomes(PROBLEM, np.zeros((2, 2), dtype=int)), "policy.shape"),
        (lambda: replace(PROBLEM, menu=MENU[1:]), "menu.first_not_nothing"),
        (lambda: replace(PROBLEM, menu=()), "menu.first_not_nothing"),
        (lambda: replace(PROBLEM, menu=(*MENU, Level("tests"))), "menu.duplicated"),
        (lambda: replace(PROBLEM, price=(0, 0, -1, 0)), "array.negative"),
        (lambda: outcomes(replace(PROBLEM, beds=[1.0, 2.0]), NOTHING), "beds.shape"),
        (lambda: cheapest_plan(PROBLEM, most_steps=0), "argument.too_small"),
        (lambda: cheapest_plan(PROBLEM, most_tried=0), "argument.too_small"),
        (lambda: threshold_rule(PROBLEM, level=4), "policy.outside_menu"),
        (lambda: threshold_rule(PROBLEM, level=1, share_of_beds=0), "array.not_positive"),
        (lambda: replace(PROBLEM, period_days=0), "argument.too_small"),
        (lambda: pareto_front([1, 2]), "objectives.shape"),
        (lambda: pareto_front([[1, np.nan]]), "array.not_finite"),
    ],
)
def test_bad_input_is_refused_by_name(call, code):
    with pytest.raises(NumericsError) as refusal:
        call()
    assert refusal.value.code == code
