"""Goals, beliefs and the front of plans."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from bihuan_analytics import NumericsError
from bihuan_analytics.scenario import (
    Belief,
    Option,
    Spread,
    chances,
    cheapest_plan,
    cheapest_safe,
    compare,
    draw_beliefs,
    everywhere,
    fewest_deaths_plan,
    outcomes,
    plan_front,
    zero_plan,
)
from tests.analytics.scenario.policy_problem import PROBLEM, SMALL

NOTHING = np.zeros(PROBLEM.shape(), dtype=np.int64)
BELIEFS = draw_beliefs(PROBLEM.disease, rng=np.random.default_rng(1), number=5)


@pytest.fixture(scope="module")
def front():
    problem = replace(PROBLEM, beliefs=BELIEFS)
    return plan_front(
        problem,
        rng=np.random.default_rng(2),
        runs=20,
        most_tried=1_000,
        trades=((0.3, 1, 1), (1, 1, 0.9)),
    )


def test_outcomes_are_means_over_the_beliefs():
    each = [outcomes(replace(PROBLEM, beliefs=(belief,)), NOTHING) for belief in BELIEFS]
    together = outcomes(replace(PROBLEM, beliefs=BELIEFS), NOTHING)
    assert together.deaths[0] == pytest.approx(np.mean([one.deaths[0] for one in each]))
    assert together.excess[0] == pytest.approx(np.mean([one.excess[0] for one in each]))


def test_drawn_beliefs_start_with_the_guess_and_keep_its_mean():
    drawn = draw_beliefs(
        PROBLEM.disease, rng=np.random.default_rng(3), number=4_001, spread=Spread(effect=0.2)
    )
    assert drawn[0] == Belief(PROBLEM.disease)
    assert np.mean([each.effect for each in drawn[1:]]) == pytest.approx(1.0, abs=0.01)
    assert np.std([each.effect for each in drawn[1:]]) == pytest.approx(0.2, rel=0.05)
    r = [each.disease.reproduction for each in drawn[1:]]
    assert np.mean(r) == pytest.approx(1.9, rel=0.01)


def test_measures_that_reach_less_avoid_less():
    masks = np.full(PROBLEM.shape(), 2)
    weak, full = (
        outcomes(replace(PROBLEM, beliefs=(Belief(PROBLEM.disease, effect=each),)), masks)
        for each in (0.5, 1.0)
    )
    assert weak.infections[0] > full.infections[0]
    assert weak.cost[0] == full.cost[0]


def test_a_plan_for_what_may_be_true_loses_less_there_than_one_for_the_guess():
    unsure = replace(PROBLEM, beliefs=BELIEFS)
    robust = cheapest_plan(unsure)
    guessed = cheapest_plan(PROBLEM)
    assert robust.outcome.loss[0] <= outcomes(unsure, guessed.policy).loss[0]
    assert robust.tried > 5


def test_a_plan_for_zero_reaches_it_where_doing_nothing_does_not():
    wanted = replace(SMALL, zero_by=70)
    plan = zero_plan(wanted, chance=0.6, rng=np.random.default_rng(4), runs=40)
    reached = chances(wanted, plan.policy, rng=np.random.default_rng(5), runs=40).zero
    missed = chances(wanted, NOTHING, rng=np.random.default_rng(5), runs=40).zero
    assert reached > 0.4
    assert missed < 0.2
    with pytest.raises(NumericsError) as refusal:
        zero_plan(
            replace(wanted, zero_by=1),
            chance=0.9,
            rng=np.random.default_rng(4),
            runs=5,
            most_tried=200,
        )
    assert refusal.value.code == "plan.none_safe"


def test_the_budget_is_kept_and_more_of_it_saves_lives():
    small, large = (
        fewest_deaths_plan(PROBLEM, budget=budget, most_tried=300) for budget in (1e7, 6e7)
    )
    none = fewest_deaths_plan(PROBLEM, budget=0.0, most_tried=100)
    assert not none.policy.any()
    assert small.outcome.cost[0] <= 1e7
    assert large.outcome.cost[0] <= 6e7
    nothing = outcomes(PROBLEM, NOTHING).deaths[0]
    assert large.outcome.deaths[0] < small.outcome.deaths[0] < nothing


def test_the_front_holds_the_plans_and_names_who_beats_the_rest(front):
    assert {"nothing", "tests", "masks", "closure", "rule", "plan 1"} <= set(front.names)
    table = np.stack(
        [getattr(front.outcome, name) for name in ("cost", "infections", "deaths", "restricted")], 1
    )
    for place, by in enumerate(front.dominated_by):
        assert front.front[place] == (by == "")
        if by:
            other = front.names.index(by)
            assert front.front[other]
            assert (table[other] <= table[place]).all()
            assert (table[other] < table[place]).any()
    plans = [place for place, name in enumerate(front.names) if name.startswith("plan")]
    assert front.outcome.loss.argmin() in plans
    assert np.diff(front.outcome.cost[plans]).min() > 0


def test_who_runs_the_searches_makes_no_difference(front):
    told = []
    with ThreadPoolExecutor(2) as pool:
        again = plan_front(
            replace(PROBLEM, beliefs=BELIEFS),
            rng=np.random.default_rng(2),
            runs=20,
            most_tried=1_000,
            trades=((0.3, 1, 1), (1, 1, 0.9)),
            run=pool.map,
            progress=lambda done, of: told.append((done, of)),
        )
    assert again.names == front.names
    np.testing.assert_array_equal(again.policies, front.policies)
    np.testing.assert_array_equal(again.overload, front.overload)
    assert told == [(1, 2), (2, 2)]


def test_the_cheapest_safe_option_keeps_the_risk(front):
    chosen = cheapest_safe(front, risk=0.9)
    fine = front.overload <= 0.9
    assert fine[chosen]
    assert front.outcome.loss[chosen] == front.outcome.loss[fine].min()


def test_options_that_are_the_same_meet_the_same_chances():
    options = [Option("one", NOTHING), Option("other", NOTHING)]
    found = compare(PROBLEM, options, rng=np.random.default_rng(6), runs=30)
    assert found.overload[0] == found.overload[1]
    assert found.front.all()


def test_a_level_that_may_not_last_is_compared_for_as_long_as_it_may():
    closed = {option.name: option.policy for option in everywhere(PROBLEM)}["closure"]
    assert (closed[:2] == 3).all()
    assert not closed[2:].any()


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: compare(PROBLEM, [], rng=np.random.default_rng(1)), "options.none"),
        (
            lambda: compare(PROBLEM, [Option("a", NOTHING)] * 2, rng=np.random.default_rng(1)),
            "options.duplicated",
        ),
        (
            lambda: zero_plan(PROBLEM, chance=0.9, rng=np.random.default_rng(1)),
            "goal.no_day",
        ),
        (
            lambda: zero_plan(
                replace(PROBLEM, zero_by=10), chance=1.5, rng=np.random.default_rng(1)
            ),
            "argument.out_of_range",
        ),
        (lambda: fewest_deaths_plan(PROBLEM, budget=-1.0), "array.negative"),
        (
            lambda: draw_beliefs(PROBLEM.disease, rng=np.random.default_rng(1), number=0),
            "argument.too_small",
        ),
        (
            lambda: draw_beliefs(
                PROBLEM.disease, rng=np.random.default_rng(1), number=2, spread=Spread(effect=-1)
            ),
            "array.negative",
        ),
        (
            lambda: chances(PROBLEM, NOTHING, rng=np.random.default_rng(1), runs=0),
            "argument.too_small",
        ),
        (
            lambda: outcomes(
                replace(PROBLEM, beliefs=(Belief(PROBLEM.disease, seeds=-1.0),)), NOTHING
            ),
            "array.negative",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, code):
    with pytest.raises(NumericsError) as refusal:
        call()
    assert refusal.value.code == code


def test_no_option_is_safe_enough(front):
    with pytest.raises(NumericsError) as refusal:
        cheapest_safe(replace(front, overload=front.overload + 1.0), risk=0.05)
    assert refusal.value.code == "plan.none_safe"
