"""Orders as people write them, and what the menu and its limits refuse."""

from dataclasses import replace

import numpy as np
import pytest

from bihuan_analytics import NumericsError
from bihuan_analytics.scenario import Level, Order, orders_of, outcomes, policy_of, reasons
from tests.analytics.scenario.policy_problem import MENU, PROBLEM

PLAN = (Order("masks", 0, 0, 28), Order("closure", 0, 28, 42), Order("tests", 1, 14, 84))


def test_orders_make_a_policy_and_a_policy_its_orders():
    policy = policy_of(PROBLEM, PLAN)
    assert policy.T.tolist() == [[2, 2, 3, 0, 0, 0], [0, 1, 1, 1, 1, 1]]
    assert orders_of(PROBLEM, policy) == PLAN


def test_every_order_of_a_policy_has_an_end_within_the_horizon():
    policy = np.random.default_rng(1).integers(0, 3, PROBLEM.shape())
    for order in orders_of(PROBLEM, np.where(policy == 1, 2, policy)):
        assert order.first < order.end <= PROBLEM.start.days


def test_a_measure_without_an_end_date_is_refused():
    with pytest.raises(NumericsError) as refusal:
        policy_of(PROBLEM, [PLAN[0], Order("masks", 1, 14, None)])
    assert refusal.value.code == "order.no_end"
    assert refusal.value.facts["index"] == 1


def test_a_measure_outside_the_menu_is_refused():
    with pytest.raises(NumericsError) as refusal:
        policy_of(PROBLEM, [Order("fireworks", 0, 0, 14)])
    assert refusal.value.code == "order.outside_menu"
    assert refusal.value.facts["level"] == "fireworks"


def test_more_tests_than_the_laboratories_have_are_refused():
    both = np.full(PROBLEM.shape(), 1)
    assert np.isfinite(outcomes(PROBLEM, both).loss).all()  # 75,000 a day
    both[3:5] = 3
    assert np.isfinite(outcomes(PROBLEM, both).loss).all()  # 150,000
    less = replace(PROBLEM, capacity={"tests": 149_000.0})
    with pytest.raises(NumericsError) as refusal:
        outcomes(less, both)
    assert refusal.value.code == "policy.beyond_capacity"
    assert refusal.value.facts["index"] == (0, 3)
    each = replace(PROBLEM, capacity={"tests": [200_000.0, 20_000.0]})
    with pytest.raises(NumericsError) as refusal:
        outcomes(each, np.full(PROBLEM.shape(), 1))
    assert refusal.value.facts["resource"] == "tests"


def test_every_order_is_held_against_its_alternatives_in_figures():
    policy = policy_of(PROBLEM, PLAN)
    told = reasons(PROBLEM, policy)
    assert {reason.order for reason in told} == set(PLAN)
    masks = [reason for reason in told if reason.order == PLAN[0]]
    assert {reason.instead for reason in masks} >= {"nothing", "tests", "later", "shorter"}
    bare = next(reason for reason in masks if reason.instead == "nothing")
    other = policy.copy()
    other[:2, 0] = 0
    without, with_it = outcomes(PROBLEM, other), outcomes(PROBLEM, policy)
    assert bare.infections == pytest.approx(without.infections[0] - with_it.infections[0])
    assert bare.loss == pytest.approx(without.loss[0] - with_it.loss[0])
    assert bare.infections > 0 > bare.cost
    assert len(reasons(PROBLEM, policy, most=3)) == 3


def test_doing_nothing_needs_no_reason():
    assert reasons(PROBLEM, np.zeros(PROBLEM.shape(), dtype=int)) == ()


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: policy_of(PROBLEM, [Order("masks", 2, 0, 14)]), "order.unknown_area"),
        (lambda: policy_of(PROBLEM, [Order("masks", 0, 14, 14)]), "order.days"),
        (lambda: policy_of(PROBLEM, [Order("masks", 0, 3, 14)]), "order.days"),
        (lambda: policy_of(PROBLEM, [Order("masks", 0, 0, 98)]), "order.days"),
        (lambda: policy_of(PROBLEM, [PLAN[0], Order("tests", 0, 14, 28)]), "order.overlap"),
        (lambda: policy_of(PROBLEM, [Order("closure", 0, 0, 42)]), "policy.too_long"),
        (lambda: orders_of(PROBLEM, np.full((6, 2), 9)), "policy.outside_menu"),
        (lambda: replace(PROBLEM, capacity={}), "menu.unknown_resource"),
        (lambda: replace(PROBLEM, capacity={"tests": -1.0}), "array.negative"),
        (lambda: replace(PROBLEM, menu=(*MENU, Level("x", longest=0))), "argument.too_small"),
        (lambda: replace(PROBLEM, menu=(*MENU, Level("x", cost=-1.0))), "array.negative"),
        (
            lambda: outcomes(replace(PROBLEM, capacity={"tests": [1.0]}), np.zeros((6, 2), int)),
            "capacity.shape",
        ),
        (lambda: reasons(PROBLEM, np.zeros((6, 2), dtype=int), most=0), "argument.too_small"),
    ],
)
def test_bad_input_is_refused_by_name(call, code):
    with pytest.raises(NumericsError) as refusal:
        call()
    assert refusal.value.code == code
