"""The visit index and what is asked of it."""

from importlib import import_module

import numpy as np
import pytest

from bihuan_analytics import NumericsError
from bihuan_analytics.contacts import (
    Meetings,
    VisitStore,
    checked_visits,
    exposures,
    index_visits,
    load_index,
    meetings,
    place_risks,
    save_index,
    second_order,
    visits_of,
)


def random_visits(seed, visits=3000, persons=300, places=8, span=5000):
    rng = np.random.default_rng(seed)
    enter = rng.integers(0, span, visits)
    return (
        rng.integers(0, persons, visits) * 7 + 10**9,
        rng.integers(0, places, visits) * 11,
        enter,
        enter + rng.integers(0, 120, visits),
    )


def brute_force(visits, sources, least):
    person, place, enter, leave = visits
    pairs = []
    for s in zip(sources.person, sources.place, sources.enter, sources.leave, strict=True):
        start, end = np.maximum(enter, s[2]), np.minimum(leave, s[3])
        hit = (place == s[1]) & (person != s[0]) & (end - start >= least)
        pairs += [
            (int(person[i]), int(s[0]), int(s[1]), int(start[i]), int(end[i]))
            for i in np.flatnonzero(hit)
        ]
    return sorted(pairs)


def as_pairs(found):
    columns = (found.exposed, found.source, found.place, found.start, found.end)
    return sorted(tuple(int(v) for v in row) for row in zip(*columns, strict=True))


def store_of(*deliveries):
    return VisitStore(tuple(index_visits(*visits, overlaps="keep") for visits in deliveries))


@pytest.mark.parametrize("least", [1, 10, 60])
def test_the_index_finds_what_a_full_search_finds(least):
    visits = random_visits(5)
    store = store_of(visits)
    sources = visits_of(store, np.unique(visits[0])[:5])
    assert as_pairs(meetings(store, sources, least_minutes=least)) == brute_force(
        visits, sources, least
    )


def test_a_search_that_begins_with_little_room_finds_the_same(monkeypatch):
    visits = random_visits(5)
    store = store_of(visits)
    sources = visits_of(store, np.unique(visits[0])[:40])
    expected = as_pairs(meetings(store, sources, least_minutes=10))
    module = import_module("bihuan_analytics.contacts.meetings")  # a function has the same name
    monkeypatch.setattr(module, "ROOM", 1)
    monkeypatch.setattr(module, "ROOM_AT_ONCE", 1)
    assert as_pairs(meetings(store, sources, least_minutes=10)) == expected
    assert len(expected) > 1024


def test_places_open_at_odd_times_are_searched_as_well():
    """A guess from even entries is far off here: one place on the last day, one at two moments."""
    rng = np.random.default_rng(12)
    enter = np.r_[rng.integers(19_000, 20_000, 400), np.repeat([0, 20_000], 200), 5_000]
    place = np.r_[np.full(400, 1), np.full(400, 2), 3]
    person = np.r_[rng.integers(0, 90, 800), 95]
    visits = (person, place, enter, enter + rng.integers(0, 700, 801))
    store = store_of(visits)
    sources = visits_of(store, np.arange(96))
    assert as_pairs(meetings(store, sources, least_minutes=5)) == brute_force(visits, sources, 5)


def test_distinct_sources_are_counted_in_any_order_of_the_meetings():
    rng = np.random.default_rng(3)
    found = Meetings(*rng.integers(0, 9, (3, 500)), np.arange(500), np.arange(500) + 2)
    rolled = exposures(found)
    for row, person in enumerate(rolled.person):
        own = found.exposed == person
        assert rolled.sources[row] == np.unique(found.source[own]).size
        assert (rolled.meetings[row], rolled.minutes[row]) == (own.sum(), 2 * own.sum())
        assert rolled.first[row] == found.start[own].min()
        assert rolled.last[row] == found.end[own].max()


def test_runs_added_one_by_one_answer_like_one_run():
    first, second = random_visits(1), random_visits(2)
    together = store_of(tuple(np.concatenate(pair) for pair in zip(first, second, strict=True)))
    apart = store_of(first).with_run(index_visits(*second, overlaps="keep"))
    cases = np.unique(first[0])[:4]
    answers = [
        as_pairs(meetings(store, visits_of(store, cases), least_minutes=10))
        for store in (together, apart)
    ]
    assert answers[0] == answers[1]
    assert answers[0]


def test_expired_visits_are_gone_and_the_others_stay():
    visits = random_visits(3)
    store = store_of(visits).expired_before(2500)
    assert sum(run.visits for run in store.runs) == int((visits[3] >= 2500).sum())
    kept = tuple(column[visits[3] >= 2500] for column in visits)
    sources = visits_of(store, np.unique(visits[0])[:4])
    assert as_pairs(meetings(store, sources, least_minutes=5)) == brute_force(kept, sources, 5)
    assert store_of(visits).expired_before(10**6).runs == ()


def test_a_saved_index_is_mapped_and_answers_the_same(tmp_path):
    run = index_visits(*random_visits(4), overlaps="keep")
    save_index(run, tmp_path / "day")
    loaded = load_index(tmp_path / "day")
    sources = visits_of(VisitStore((run,)), run.persons[:3])
    one, two = (
        as_pairs(meetings(VisitStore((index,)), sources, least_minutes=10))
        for index in (run, loaded)
    )
    assert one == two
    (tmp_path / "day" / "stays.npy").unlink()
    with pytest.raises(NumericsError) as refusal:
        load_index(tmp_path / "day")
    assert refusal.value.code == "index.incomplete"


def test_exactly_the_least_minutes_is_enough():
    store = store_of(([1, 2, 3], [5, 5, 5], [0, 20, 21], [30, 40, 40]))
    found = meetings(store, visits_of(store, [1]), least_minutes=10)
    assert found.exposed.tolist() == [2]
    assert found.minutes.tolist() == [10]


def test_exposure_adds_up_over_meetings_and_sources():
    store = store_of(
        ([1, 2, 9, 1, 9], [5, 6, 5, 5, 6], [0, 100, 0, 200, 90], [60, 200, 30, 300, 150])
    )
    rolled = exposures(meetings(store, visits_of(store, [1, 2]), least_minutes=10))
    assert rolled.person.tolist() == [9]
    assert rolled.minutes.tolist() == [30 + 50]
    assert rolled.sources.tolist() == [2]
    assert (rolled.first[0], rolled.last[0]) == (0, 150)


def test_contacts_of_contacts_are_met_after_the_incubation_only():
    store = store_of(
        ([1, 2, 2, 3, 2, 4], [5, 5, 6, 6, 7, 7], [0, 0, 100, 100, 5000, 5000],
         [60, 60, 160, 160, 5060, 5060])
    )  # fmt: skip
    first = meetings(store, visits_of(store, [1]), least_minutes=10)
    onward = second_order(store, first, least_minutes=10, incubation_minutes=1440)
    assert first.exposed.tolist() == [2]
    assert onward.exposed.tolist() == [4]
    soon = second_order(store, first, least_minutes=10, incubation_minutes=0)
    assert sorted(soon.exposed.tolist()) == [3, 4]


def test_places_are_ranked_by_person_minutes():
    store = store_of(
        ([1, 2, 1, 3, 4], [5, 5, 6, 6, 6], [0, 0, 100, 100, 100], [20, 20] + [200] * 3)
    )
    found = meetings(store, visits_of(store, [1]), least_minutes=5)
    ranked = place_risks(found)
    assert ranked.place.tolist() == [6, 5]
    assert ranked.minutes.tolist() == [200, 20]
    assert ranked.exposed.tolist() == [2, 1]
    weighted = place_risks(found, weight=np.where(found.place == 5, 50.0, 1.0))
    assert weighted.place.tolist() == [5, 6]


def test_nobody_and_nothing_give_empty_answers():
    store = store_of(random_visits(6))
    for sources in (visits_of(store, [1]), visits_of(VisitStore(), [1])):
        assert meetings(store, sources, least_minutes=1).exposed.size == 0
    empty = VisitStore()
    assert meetings(empty, visits_of(store, [10**9]), least_minutes=1).exposed.size == 0
    none = np.zeros(0, dtype=np.int64)
    assert index_visits(none, none, none, none).visits == 0
    assert exposures(meetings(empty, visits_of(empty, [1]), least_minutes=1)).person.size == 0


def test_far_apart_times_and_numbers_are_sorted_too():
    store = store_of(([10**15, 2, 10**15], [-4, -4, 9], [10**9, 10**9 + 5, 0], [10**9 + 50] * 3))
    found = meetings(store, visits_of(store, [2]), least_minutes=10)
    assert found.exposed.tolist() == [10**15]
    assert found.place.tolist() == [-4]


SOME = Meetings(*(np.array([number]) for number in (1, 2, 3, 0, 20)))


def test_a_stay_of_no_length_at_the_start_of_another_is_no_overlap():
    assert index_visits([1, 1], [1, 1], [5, 5], [9, 5]).visits == 2
    with pytest.raises(NumericsError) as refusal:
        index_visits([3, 1, 1], [1, 1, 2], [0, 20, 5], [9, 30, 21])
    assert refusal.value.facts == {"index": 1, "person": 1}


def test_columns_keep_the_integer_types_they_come_in():
    rng = np.random.default_rng(8)
    enter = rng.integers(0, 20_000, 5_000)
    wide = (rng.integers(0, 300, 5_000), rng.integers(0, 9, 5_000), enter, enter + 30)
    narrow = [
        column.astype(kind)
        for column, kind in zip(wide, (np.uint32, np.uint16, np.int32, np.int32), strict=True)
    ]
    one, other = (index_visits(*columns, overlaps="keep") for columns in (wide, narrow))
    for name in ("persons", "person_rows", "group_start", "longest", "stays"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    for first, until in zip(one.group_start[:-1], one.group_start[1:], strict=True):
        assert (np.diff(one.stays[first:until, 2]) >= 0).all()


@pytest.mark.parametrize(
    ("call", "code", "index"),
    [
        (lambda: index_visits([1], [1], [5], [4]), "visit.leave_before_enter", 0),
        (lambda: index_visits([1, 1], [1, 2], [5, 7], [9, 8]), "visit.overlap", 1),
        (lambda: index_visits([1, 1], [1], [5], [9]), "visit.shape", None),
        (lambda: index_visits([1.5], [1], [5], [9]), "array.not_whole", None),
        (lambda: checked_visits([1], [1], [0], [2**31]), "visit.time_out_of_range", 0),
        (lambda: visits_of(VisitStore(), [1, 2], since=[0]), "since.shape", None),
        (
            lambda: meetings(VisitStore(), visits_of(VisitStore(), [1]), least_minutes=0),
            "argument.too_small",
            None,
        ),
        (
            lambda: place_risks(
                meetings(VisitStore(), visits_of(VisitStore(), [1]), least_minutes=1),
                weight=[1.0],
            ),
            "weight.shape",
            None,
        ),
        (lambda: place_risks(SOME, weight=[-1.0]), "array.negative", (0,)),
        (lambda: place_risks(SOME, weight=[np.nan]), "array.not_finite", (0,)),
        (lambda: visits_of(VisitStore(), [0.5]), "array.not_whole", None),
        (
            lambda: second_order(VisitStore(), SOME, least_minutes=0, incubation_minutes=1),
            "argument.too_small",
            None,
        ),
        (
            lambda: second_order(VisitStore(), SOME, least_minutes=1, incubation_minutes=-1),
            "argument.too_small",
            None,
        ),
        (lambda: index_visits([1], [1], [np.nan], [5]), "array.not_whole", None),
        (lambda: index_visits([1], [1], [-(2**31)], [5]), "visit.time_out_of_range", 0),
    ],
)
def test_bad_input_is_refused_by_name(call, code, index):
    with pytest.raises(NumericsError) as refusal:
        call()
    assert refusal.value.code == code
    assert refusal.value.facts.get("index") == index
