"""Allocation against brute force, and what it says about what is missing."""

from itertools import product

import numpy as np
import pytest

from bihuan_analytics import NumericsError
from bihuan_analytics.allocation import Demand, Supply, allocate, bottlenecks, why_not

HOURS = [[1.0, 4.0, 9.0], [5.0, 2.0, np.inf]]
STOCK = Supply([[6, 2], [5, 1]], reserve=[[1, 0], [0, 0]])
NEED = Demand([[4, 2], [5, 1], [3, 2]], urgency=[[1.0, 2.0], [1.0, 2.0], [3.0, 1.0]])


def brute_force(free, wanted, urgency, hours, longest, loads):
    """Least loss, then least travel, of one kind of goods, by trying everything."""
    sources, districts = hours.shape
    ranges = [
        range(int(min(free[s], wanted[d])) + 1 if hours[s, d] <= longest else 1)
        for s in range(sources)
        for d in range(districts)
    ]
    best = (np.inf, np.inf)
    for each in product(*ranges):
        x = np.array(each).reshape(sources, districts)
        if (x.sum(axis=1) > np.minimum(free, loads)).any() or (x.sum(axis=0) > wanted).any():
            continue
        loss = float((urgency * (wanted - x.sum(axis=0))).sum())
        travel = float((x * np.where(x > 0, hours, 0)).sum())
        best = min(best, (round(loss, 9), round(travel, 9)))
    return best


@pytest.mark.parametrize("seed", range(25))
def test_no_plan_is_better_than_the_one_found(seed):
    rng = np.random.default_rng(seed)
    free, wanted = rng.integers(0, 5, 2), rng.integers(0, 5, 3)
    urgency = rng.integers(1, 4, 3).astype(float)
    hours = rng.integers(1, 10, (2, 3)).astype(float)
    loads = rng.integers(1, 6, 2)
    found = allocate(
        Supply(free[:, None]),
        Demand(wanted[:, None], urgency=urgency[:, None]),
        hours,
        longest=7.0,
        loads=loads,
    )
    best = brute_force(free, wanted, urgency, hours, 7.0, loads)
    assert (found.loss, found.travel) == pytest.approx(best)


def test_nothing_is_made_or_lost_and_the_reserve_stays():
    found = allocate(STOCK, NEED, HOURS)
    sent = found.sent
    assert sent.dtype == np.int64
    assert (sent >= 0).all()
    np.testing.assert_array_equal(sent.sum(axis=1) + found.left, [[5, 2], [5, 1]])
    np.testing.assert_array_equal(sent.sum(axis=0) + found.shortage, NEED.wanted)
    assert sent[1, 2].sum() == 0  # no way
    assert found.shortage.sum() == 4  # 10 of 12, 3 of 5
    assert found.shortage[2, 0] == 0  # weighs most
    assert found.slowest == 9.0


def test_a_least_need_is_met_though_others_weigh_more():
    free = allocate(STOCK, NEED, HOURS).shortage
    bound = allocate(
        STOCK, Demand(NEED.wanted, least=[[4, 0], [0, 0], [0, 2]], urgency=NEED.urgency), HOURS
    )
    assert free[2, 1] > 0
    assert bound.shortage[2, 1] == 0
    assert bound.shortage[0, 0] == 0


def test_what_cannot_be_met_is_named_with_the_units_that_are_missing():
    with pytest.raises(NumericsError) as refusal:
        allocate(STOCK, Demand([[4, 2], [5, 1], [9, 2]], least=[[0, 0], [0, 0], [8, 0]]), HOURS)
    assert refusal.value.code == "allocation.infeasible"
    assert refusal.value.facts["missing"] == [(2, 0, 3)]  # five may leave the only depot in reach


def test_every_shortage_has_its_cause_and_what_one_unit_more_would_bring():
    by_stock = bottlenecks(Supply([[2]]), Demand([[3]], urgency=5.0), [[1.0]])
    assert [(each.missing, each.cause, each.relief) for each in by_stock] == [(1, "stock", 5.0)]
    far = bottlenecks(Supply([[2], [9]]), Demand([[3]]), [[1.0], [8.0]], longest=6.0)
    assert [(each.missing, each.cause, each.relief) for each in far] == [(1, "travel", 1.0)]
    stuck = bottlenecks(Supply([[9]]), Demand([[3]]), [[1.0]], loads=[2])
    assert [(each.missing, each.cause, each.relief) for each in stuck] == [(1, "transport", 0.0)]
    assert bottlenecks(Supply([[9]]), Demand([[3]]), [[1.0]]) == ()


def test_a_wish_has_its_price():
    supply, demand = Supply([[4]]), Demand([[4], [4]], urgency=[[3.0], [1.0]])
    price = why_not(supply, demand, [[1.0, 2.0]], district=1, kind=0, units=2)
    assert price.possible
    assert price.loss == pytest.approx(4.0)  # two units at 3 given up for two at 1
    assert price.travel == pytest.approx(2.0)
    granted = why_not(supply, demand, [[1.0, 2.0]], district=0, kind=0, units=4)
    assert (granted.loss, granted.travel) == (0.0, 0.0)
    beyond = why_not(Supply([[1]]), demand, [[1.0, 2.0]], district=1, kind=0, units=2)
    assert not beyond.possible


def test_a_province_is_allocated_in_seconds():
    rng = np.random.default_rng(1)
    hours = rng.uniform(0.5, 12.0, (30, 130))
    supply = Supply(rng.integers(0, 400, (30, 5)))
    demand = Demand(rng.integers(0, 120, (130, 5)), urgency=rng.integers(1, 5, (130, 1)) * 1.0)
    found = allocate(supply, demand, hours, longest=6.0)
    total = np.minimum(np.sum(supply.available, axis=0), np.sum(demand.wanted, axis=0))
    assert (found.sent.sum(axis=(0, 1)) <= total).all()
    assert found.slowest <= 6.0


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: allocate(Supply([[1.5]]), Demand([[1]]), [[1.0]]), "counts.fractional"),
        (lambda: allocate(Supply([[-1]]), Demand([[1]]), [[1.0]]), "array.negative"),
        (lambda: allocate(Supply([[1]]), Demand([[np.nan]]), [[1.0]]), "array.not_finite"),
        (lambda: allocate(Supply([[]]), Demand([[1]]), [[1.0]]), "array.empty"),
        (lambda: allocate(Supply([[1]]), Demand([[1, 1]]), [[1.0]]), "allocation.shape"),
        (lambda: allocate(Supply([[1]]), Demand([[1]]), [[1.0, 2.0]]), "allocation.shape"),
        (lambda: allocate(Supply([[1]]), Demand([[1]], least=2), [[1.0]]),
         "allocation.least_above_wanted"),
        (lambda: allocate(Supply([[1]]), Demand([[1]], urgency=0.0), [[1.0]]),
         "array.not_positive"),
        (lambda: allocate(Supply([[1]]), Demand([[1]]), [[-1.0]]), "hours.negative"),
        (lambda: allocate(Supply([[1]]), Demand([[1]]), [[np.nan]]), "hours.negative"),
        (lambda: allocate(Supply([[1]]), Demand([[1]]), [[1.0]], loads=[1, 2]),
         "allocation.shape"),
        (lambda: why_not(Supply([[1]]), Demand([[1]]), [[1.0]], district=1, kind=0, units=1),
         "allocation.unknown"),
        (lambda: why_not(Supply([[1]]), Demand([[1]]), [[1.0]], district=0, kind=0, units=2),
         "allocation.least_above_wanted"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_by_name(call, code):
    with pytest.raises(NumericsError) as refusal:
        call()
    assert refusal.value.code == code
