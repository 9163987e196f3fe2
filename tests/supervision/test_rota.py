"""Every round of cross inspection keeps the rules, and "impossible" is said only when it is."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.supervision.rules.rota import Impossible, Rota, rota


def lawful(pairs, members, excluded=frozenset()):
    swaps = len(members) > 2 and any(pairs[v] == u for u, v in pairs.items())
    own = any(u == v for u, v in pairs.items())
    return not swaps and not own and not excluded & set(pairs.items())


@st.composite
def rounds(draw, most=6):
    size = draw(st.integers(3, most))
    members = list(range(size))
    everything = [(u, v) for u in members for v in members if u != v]
    excluded = frozenset(draw(st.lists(st.sampled_from(everything), max_size=size * 2)))
    last = dict(draw(st.lists(st.sampled_from(everything), max_size=size)))
    return members, excluded, last


def every_lawful_round(members, excluded):
    for order in permutations(members):
        pairs = dict(zip(members, order, strict=True))
        if lawful(pairs, members, excluded):
            yield pairs


@settings(max_examples=150, deadline=None, derandomize=True)
@given(rounds())
def test_a_round_is_found_exactly_when_one_exists_and_repeats_the_last_as_little_as_can_be(case):
    members, excluded, last = case
    best = [
        sum(last.get(u) == v for u, v in pairs.items())
        for pairs in every_lawful_round(members, excluded)
    ]
    found = rota(members, last=last, excluded=excluded)
    if isinstance(found, Impossible):
        assert not best
        return
    assert sorted(found.pairs) == sorted(found.pairs.values()) == members
    assert lawful(found.pairs, members, excluded)
    assert found.repeats == min(best)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(3, 130), st.integers(0, 300))
def test_rounds_of_any_size_differ_from_the_one_before(size, turn):
    members = list(range(size))
    first = rota(members, turn=turn)
    second = rota(members, last=first.pairs, turn=turn + 1)
    assert lawful(first.pairs, members)
    assert lawful(second.pairs, members)
    if size > 3:
        assert second.repeats == 0


def test_of_seven_counties_each_is_checked_once_by_another_and_none_swap():
    found = rota([1, 2, 3, 4, 5, 6, 7])
    assert isinstance(found, Rota)
    assert sorted(found.pairs.values()) == [1, 2, 3, 4, 5, 6, 7]
    assert lawful(found.pairs, [1, 2, 3, 4, 5, 6, 7])


def test_two_units_swap_only_under_the_eyes_of_a_third():
    assert rota([1, 2]) == Impossible("rota.two_units", (1, 2))
    assert rota([1, 2], observed=True) == Rota({1: 2, 2: 1})


def test_one_unit_cannot_inspect_itself():
    assert rota([1]) == Impossible("rota.too_few", (1,))
    assert rota([1, 1]) == Impossible("rota.too_few", (1,))


def test_a_unit_that_may_inspect_nobody_is_named():
    excluded = [(2, 1), (2, 3)]
    assert rota([1, 2, 3], excluded=excluded) == Impossible("rota.excluded", (2,))


def test_three_units_have_two_rounds_and_take_turns():
    first = rota([1, 2, 3])
    second = rota([1, 2, 3], last=first.pairs)
    assert second.pairs == {v: u for u, v in first.pairs.items()}


@pytest.mark.parametrize("size", [21, 122])
def test_cities_and_counties_of_a_province_are_solved_with_exclusions(size):
    members = list(range(size))
    excluded = {(u, (u + 1) % size) for u in members}
    found = rota(members, excluded=excluded)
    assert isinstance(found, Rota)
    assert lawful(found.pairs, members, frozenset(excluded))
