"""Spreading arrivals: nothing is lost, no gate is above capacity where all fit, little is moved."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from bihuan.sensing.rules.spread import Reach, Shift, spread

ONE = date(2022, 2, 10)
FAR = 10_000  # what somebody who stays above capacity counts in the check


def on(n, gate=1):
    return ONE + timedelta(days=n), gate


def reach(days=2, other=1, gates=(1, 2)):
    return Reach(days, other, {g: frozenset(gates) - {g} for g in gates})


def test_180_000_against_120_000_leave_60_000_who_come_on_the_days_beside():
    arrivals = {on(n): 90_000 for n in range(7)} | {on(3): 180_000}
    found = spread(arrivals, {on(n): 120_000 for n in range(7)}, reach())
    assert found.remainder == {}
    assert found.shifts == (Shift(on(3), on(2), 30_000), Shift(on(3), on(4), 30_000))
    assert max(found.after.values()) == 120_000
    assert sum(found.after.values()) == sum(arrivals.values())


def test_what_fits_nowhere_within_the_window_stays_and_is_said():
    found = spread({on(0): 50}, {on(0): 10, on(1): 10, on(2): 10, on(3): 100}, reach(days=2))
    assert found.remainder == {on(0): 20}
    assert found.after == {on(0): 30, on(1): 10, on(2): 10, on(3): 0}


def test_a_full_neighbour_does_not_block_the_way():
    arrivals, room = {on(0): 20, on(1): 10}, {on(0): 10, on(1): 10, on(2): 10}
    found = spread(arrivals, room, reach(days=1))
    assert found.remainder == {}
    assert found.after == {on(0): 10, on(1): 10, on(2): 10}
    assert found.shifts == (Shift(on(0), on(1), 10), Shift(on(1), on(2), 10))


def test_another_gate_is_taken_where_it_is_nearer_than_another_day():
    arrivals, room = {on(0, 1): 15}, {on(0, 1): 10, on(0, 2): 5, on(3, 1): 5}
    assert spread(arrivals, room, reach(days=3, other=1)).shifts == (Shift(on(0), on(0, 2), 5),)
    assert spread(arrivals, room, reach(days=3, other=9)).shifts == (Shift(on(0), on(3), 5),)
    alone = Reach(1, 1, {})
    assert spread(arrivals, room, alone).remainder == {on(0): 5}


cells = st.dictionaries(
    st.tuples(st.integers(0, 5), st.integers(1, 2)).map(lambda c: on(*c)), st.integers(0, 4),
    max_size=7,
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(cells, cells, st.integers(0, 3), st.integers(0, 2))
def test_nobody_is_lost_and_no_plan_is_better(arrivals, room, days, other):
    found = spread(arrivals, room, reach(days, other))
    assert sum(found.after.values()) == sum(arrivals.values())
    for cell, n in found.after.items():
        assert n <= room.get(cell, 0) + found.remainder.get(cell, 0)
    for one in found.shifts:
        assert abs((one.target[0] - one.origin[0]).days) <= days
    cost = FAR * sum(found.remainder.values())
    cost += sum(one.n * _price(one.origin, one.target, days, other) for one in found.shifts)
    assert cost == _best(arrivals, room, days, other)


def _price(origin, target, days, other):
    away = abs((target[0] - origin[0]).days)
    return FAR if away > days else away + other * (origin[1] != target[1])


def _best(arrivals, room, days, other):
    """The least cost when every person and every place is a row and a column of its own."""
    people = [cell for cell, n in arrivals.items() for _ in range(n)]
    places = [cell for cell, n in room.items() for _ in range(n)]
    if not people:
        return 0
    table = [[_price(p, q, days, other) for q in places] + [FAR] * len(people) for p in people]
    rows, columns = linear_sum_assignment(np.array(table))
    return int(sum(table[r][c] for r, c in zip(rows, columns, strict=True)))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 50), min_size=2, max_size=6), st.integers(1, 40))
def test_where_the_total_fits_within_the_window_no_gate_is_above_capacity(days, capacity):
    arrivals = {on(n): people for n, people in enumerate(days)}
    found = spread(arrivals, {on(n): capacity for n in range(len(days))}, reach(days=len(days)))
    if sum(days) <= capacity * len(days):
        assert max(found.after.values()) <= capacity
    else:
        assert sum(found.remainder.values()) == sum(days) - capacity * len(days)


def test_whoever_fits_stays_and_doing_it_again_changes_nothing():
    arrivals = {on(n): 5 for n in range(4)}
    room = {on(n): 6 for n in range(4)}
    assert spread(arrivals, room, reach()).moved == 0
    crowded = spread(arrivals | {on(1): 9}, room, reach())
    assert spread(crowded.after, room, reach()).moved == 0
