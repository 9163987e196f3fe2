"""Contacts against a brute-force search over 6,000 visits."""

import numpy as np

from bihuan_analytics.contacts import VisitStore, exposures, index_visits, meetings, visits_of
from tests.shared.reference_tables import column, rows


def whole(table, name):
    return column(table, name).astype(np.int64)


def found():
    table = rows("visits_small.csv")
    run = index_visits(
        *(whole(table, name) for name in ("person_id", "place_id", "enter", "leave")),
        overlaps="keep",
    )
    store = VisitStore((run,))
    cases = whole(rows("visits_small_cases.csv"), "person_id")
    return meetings(store, visits_of(store, cases), least_minutes=10)


def test_every_pair_of_the_brute_force_search_is_found():
    wanted = rows("visits_small_expected_pairs.csv")
    names = ("exposed_id", "case_id", "place_id", "overlap_start", "overlap_end", "minutes")
    expected = sorted(zip(*(whole(wanted, name) for name in names), strict=True))
    pairs = found()
    columns = (pairs.exposed, pairs.source, pairs.place, pairs.start, pairs.end, pairs.minutes)
    assert sorted(zip(*columns, strict=True)) == expected
    assert len(expected) == 168


def test_the_exposed_are_those_of_the_brute_force_search():
    wanted = rows("visits_small_expected_exposed.csv")
    rolled = exposures(found())
    np.testing.assert_array_equal(rolled.person, whole(wanted, "exposed_id"))
    np.testing.assert_array_equal(rolled.meetings, whole(wanted, "pairs"))
    np.testing.assert_array_equal(rolled.minutes, whole(wanted, "minutes"))
    np.testing.assert_array_equal(rolled.sources, whole(wanted, "cases"))
    assert rolled.minutes.sum() == 6639
