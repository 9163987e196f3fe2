"""The cluster rule."""

import numpy as np
import pytest

from bihuan_analytics import NumericsError
from bihuan_analytics.early_warning import clusters


def test_two_cases_of_a_class_open_a_cluster_and_another_school_stays_out():
    found = clusters([1, 2, 3], [7, 7, 8], [10, 15, 12], within_days=7)
    assert found.membership.tolist() == [0, 0, -1]
    assert (found.place[0], found.first[0], found.last[0], found.cases[0]) == (7, 10, 15, 2)


def test_a_gap_longer_than_the_incubation_ends_a_cluster():
    found = clusters([1, 2, 3, 4], [7] * 4, [1, 5, 20, 21], within_days=7)
    assert found.membership.tolist() == [0, 0, 1, 1]
    assert clusters([1, 2], [7, 7], [1, 9], within_days=7).place.size == 0


def test_one_case_reported_twice_is_no_cluster():
    assert clusters([1, 1], [7, 7], [1, 2], within_days=7).cases.size == 0


def test_a_case_with_two_places_may_belong_to_two_clusters():
    found = clusters([1, 1, 2, 3], [7, 8, 7, 8], [3, 3, 4, 5], within_days=7)
    assert found.membership.tolist() == [0, 1, 0, 1]


def test_nothing_gives_nothing():
    none = np.zeros(0, dtype=np.int64)
    assert clusters(none, none, none, within_days=7).membership.size == 0


def test_bad_input_is_refused_by_name():
    for call, code in (
        (lambda: clusters([1], [1, 2], [1], within_days=7), "cluster.shape"),
        (lambda: clusters([1], [1], [1], within_days=-1), "argument.too_small"),
        (lambda: clusters([1], [1], [1], within_days=7, least_cases=1), "argument.too_small"),
        (lambda: clusters([1], [1], [0.5], within_days=7), "array.not_whole"),
    ):
        with pytest.raises(NumericsError) as refusal:
            call()
        assert refusal.value.code == code
