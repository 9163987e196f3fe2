"""Nobody works out a small count: neither from margins, nor from sisters, nor from both."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan_analytics.disclosure import hidden_cells
from bihuan_analytics.errors import NumericsError


def tree(parts: list[list[int]]) -> tuple[np.ndarray, list[tuple[int, list[int]]]]:
    """Counties of cities, cities of a province: counts and sums."""
    counts: list[int] = [0]
    sums = []
    cities = []
    for city in parts:
        places = list(range(len(counts), len(counts) + len(city)))
        counts += city
        cities.append(len(counts))
        counts.append(sum(city))
        sums.append((cities[-1], places))
    counts[0] = sum(counts[at] for at in cities)
    return np.array(counts), [*sums, (0, cities)]


def worked_out(counts, sums, hidden, cell) -> set[int]:
    """Every value of a cell that some whole table, agreeing with what is published, has there.

    An enumeration that knows nothing of linear programmes.
    """
    leaves = {p for _, parts in sums for p in parts} - {total for total, _ in sums}
    free = [at for at in sorted(leaves) if hidden[at]]
    most = {1: 60, 2: 40, 3: 24}.get(len(free), 8)
    table, found = counts.tolist(), set()
    for values in itertools.product(range(1, most), repeat=len(free)):
        for at, value in zip(free, values, strict=True):
            table[at] = value
        if _agrees(table, counts, sums, hidden):
            found.add(table[cell])
    return found


def _agrees(table, counts, sums, hidden) -> bool:
    for total, parts in sums:  # cities stand before the province
        table[total] = sum(table[at] for at in parts)
        if not hidden[total] and table[total] != counts[total]:
            return False
    return True


@pytest.mark.parametrize("city", [[3, 12, 20], [3, 0, 20], [1, 1, 1, 1], [4, 5], [2, 2], [3, 0]])
def test_a_small_count_cannot_be_worked_out_from_the_margin(city):
    counts, sums = tree([city, [9, 11]])
    hidden = hidden_cells(counts, sums, least=5)
    for at in np.flatnonzero((counts > 0) & (counts < 5)):
        assert hidden[at]
        assert len(worked_out(counts, sums, hidden, at)) >= 5


def test_a_zero_and_whatever_endangers_nobody_is_published():
    counts, sums = tree([[0, 30, 41], [9, 11]])
    assert not hidden_cells(counts, sums, least=5).any()


def test_a_lonely_small_county_takes_its_smallest_sister_with_it():
    counts, sums = tree([[3, 12, 20], [9, 11]])
    assert np.flatnonzero(hidden_cells(counts, sums, least=5)).tolist() == [1, 2]


def test_a_city_with_one_county_is_not_told_apart_by_the_province():
    counts, sums = tree([[3], [40, 50]])
    hidden = hidden_cells(counts, sums, least=5)
    assert hidden[[1, 2]].all()
    assert hidden[[3, 4, 5, 0]].any(), "the province less the other city would tell"


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=3), min_size=1, max_size=2))
def test_no_table_gives_a_small_count_away(parts):
    counts, sums = tree(parts)
    hidden = hidden_cells(counts, sums, least=4)
    free = [at for at in np.flatnonzero(hidden) if at in {p for _, ps in sums[:-1] for p in ps}]
    if len(free) > 3:
        return  # the enumeration would take too long
    for at in np.flatnonzero((counts > 0) & (counts < 4)):
        assert len(worked_out(counts, sums, hidden, at)) >= 4


def test_sums_must_add_up():
    with pytest.raises(NumericsError) as refused:
        hidden_cells([1, 2, 9], [(2, [0, 1])], least=5)
    assert refused.value.code == "sums.not_additive"
