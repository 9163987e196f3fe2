"""Chains: who goes back to whom, how sure that is, clusters, the race, a picture of 500 cases."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.core.clock import day_start, local_date
from bihuan.core.errors import Conflict, Invalid
from bihuan.core.vault.types import Identity
from bihuan.epidemic.analysis.chains import open_chains, picture_of
from bihuan.epidemic.models import Case, CasePlace, Contact
from bihuan.epidemic.rules.chains import above, below, broken, confidence, race
from bihuan.epidemic.services.contacts import became_case, place_contact
from bihuan.epidemic.services.lists import stage_list, take_list
from bihuan.epidemic.services.places import note_place, set_source
from tests.conftest import NOON
from tests.epidemic.conftest import contact, make_event


def laid(world, event, at, rows):
    """Cases of a list: (label, onset, source, place)."""
    text = "编号,发病日期,传染源,暴露地点\n" + "".join(f"{a},{b},{c},{d}\n" for a, b, c, d in rows)
    row = stage_list(event_id=event.pk, file_name="l.csv", data=text.encode(), by=world.cdc, at=at)
    take_list(list_id=row.pk, by=world.cdc, at=at)
    return {line.label: line.case_id for line in row.rows.all()}


def test_twelve_cases_make_three_chains_with_an_index_each_and_one_unknown(world, event, at):
    day = local_date(at) - timedelta(days=20)
    on = [day + timedelta(days=n) for n in range(20)]
    chains = [
        ("A1", on[0], "", ""), ("A2", on[4], "A1", ""), ("A3", on[5], "A1", ""),
        ("A4", on[9], "A2", ""), ("B1", on[2], "", "三班"), ("B2", on[6], "", "三班"),
        ("B3", on[7], "B1", ""), ("B4", on[11], "B3", ""), ("C1", on[3], "", ""),
        ("C2", on[8], "C1", ""), ("C3", on[8], "C1", ""), ("X", on[10], "", ""),
    ]  # fmt: skip
    ids = laid(world, event, at, chains)
    CasePlace.objects.filter(name="三班").update(first=on[2], last=on[6])
    told = picture_of(event=event, by=world.cdc, at=at)
    assert {(c.first.label, c.cases, c.generations) for c in told.chains} == {
        ("A1", 4, 3), ("B1", 4, 3), ("C1", 3, 2),
    }  # fmt: skip
    assert all("first_onset" in chain.reasons for chain in told.chains)
    assert [node.label for node in told.unlinked] == ["X"]
    sure = {one.node.label: one.sure for one in told.cases}
    assert sure["A2"] == "checked"
    assert sure["B2"] in {"likely", "possible"}  # nobody said so: the class and the interval do
    assert above(ids["A4"], told.parents) == [ids["A2"], ids["A1"]]
    assert below(ids["A1"], told.parents) == [ids["A2"], ids["A3"], ids["A4"]]


def test_the_chains_of_a_week_ago_know_the_sources_named_by_then(world, event, at):
    """A link named today, and one taken back today, leave last week as it was known."""
    day, week = local_date(at) - timedelta(days=20), timedelta(days=7)
    ids = laid(world, event, at - 2 * week, [("A", day, "", ""), ("B", day + timedelta(days=3), "A", ""),
                                             ("C", day + timedelta(days=4), "", "")])  # fmt: skip
    number = {case.pk: case.number for case in Case.objects.all()}
    set_source(case_id=ids["C"], source_number=number[ids["A"]], by=world.cdc, at=at)
    set_source(case_id=ids["B"], source_number="", by=world.cdc, at=at)
    then, now = (picture_of(event=event, by=world.cdc, at=moment) for moment in (at - week, at))
    assert then.parents == {ids["A"]: None, ids["B"]: ids["A"], ids["C"]: None}
    assert now.parents == {ids["A"]: None, ids["B"]: None, ids["C"]: ids["A"]}
    assert open_chains(event=event, by=world.cdc, at=at) == len(now.chains)


def test_two_of_a_class_are_a_cluster_and_another_school_stays_out(world, event, at):
    day = local_date(at) - timedelta(days=9)
    laid(world, event, at, [("1", day, "", "一中二班"), ("2", day + timedelta(days=5), "", "一中二班"),
                            ("3", day + timedelta(days=3), "", "二中")])  # fmt: skip
    (cluster,) = picture_of(event=event, by=world.cdc, at=at).clusters
    assert (cluster.place, [n.label for n in cluster.cases]) == ("一中二班", ["1", "2"])


def test_a_ring_closed_twenty_hours_before_the_next_onset_is_ahead_by_twenty():
    onset = date(2026, 3, 1)
    expected = day_start(onset) + timedelta(days=5)
    closed = [expected - timedelta(hours=30), expected - timedelta(hours=20)]
    told = race(closed, first_onset=onset, interval_days=5, at=NOON)
    assert (told.hours, told.closed) == (20, True)
    late = race([closed[0], None], first_onset=onset, interval_days=5,
                at=expected + timedelta(hours=6))  # fmt: skip
    assert (late.hours, late.closed, late.open_contacts) == (-6, False, 1)
    assert race([], first_onset=onset, interval_days=5, at=NOON) is None


def test_the_chain_that_is_behind_stands_first(world, event, at):
    day = local_date(at) - timedelta(days=8)
    rows = [("A", day, "", ""), ("B", day + timedelta(days=4), "A", ""),
            ("C", day, "", ""), ("D", day + timedelta(days=6), "C", "")]  # fmt: skip
    ids = laid(world, event, at, rows)
    for label, placed in (("B", False), ("D", True)):
        row = contact(world, Case.objects.get(pk=ids[label]), at,
                      person=Identity(name=f"某{label}", phone=f"1390000000{ids[label] % 10}"))  # fmt: skip
        if placed:
            place_contact(contact_id=row.pk, notice_given=True, by=world.cdc, at=at)
    first, second = picture_of(event=event, by=world.cdc, at=at).chains
    assert (first.first.label, second.first.label) == ("A", "C")
    assert first.race.hours < second.race.hours
    assert (first.race.closed, second.race.closed) == (False, True)


def test_a_contact_who_fell_ill_joins_the_chain_of_its_case(world, event, case, at):
    row = contact(world, case, at)
    ids = laid(world, event, at, [("W", local_date(at), "", "")])
    became_case(contact_id=row.pk, case_id=ids["W"], by=world.cdc, at=at)
    told = picture_of(event=event, by=world.cdc, at=at)
    assert told.parents[ids["W"]] == case.pk
    assert Contact.objects.get().became_case_id == ids["W"]


def test_a_person_says_who_the_source_is_and_takes_it_back(world, event, case, at):
    ids = laid(world, event, at, [("W", local_date(at), "", "")])
    other = Case.objects.get(pk=ids["W"])
    set_source(case_id=other.pk, source_number=case.number, by=world.cdc, at=at)
    with pytest.raises(Conflict, match=r"source\.circle"):
        set_source(case_id=case.pk, source_number=other.number, by=world.cdc, at=at)
    for wrong in ("BL-2026-999999", "x", "BL-2026-99999999999999999999"):
        with pytest.raises(Invalid, match=r"source\.unknown"):
            set_source(case_id=case.pk, source_number=wrong, by=world.cdc, at=at)
    set_source(case_id=other.pk, source_number="", by=world.cdc, at=at)
    assert Case.objects.get(pk=other.pk).source_id is None


def test_a_place_is_noted_once_and_not_in_the_future(world, case, at):
    day = local_date(at)
    told = {"case_id": case.pk, "name": "码头市场", "setting": "shop", "by": world.cdc, "at": at}
    first = note_place(**told, days=(day, day))
    assert note_place(**told, days=(day, day)) == first
    with pytest.raises(Invalid, match=r"visited\.days"):
        note_place(**told, days=(day, day + timedelta(days=1)))


def test_five_hundred_cases_are_drawn_in_a_fixed_number_of_questions(
    world, at, django_assert_num_queries
):
    event = make_event(world, at)
    day = local_date(at) - timedelta(days=40)
    rows = [(str(n), day + timedelta(days=n // 13), str(n // 2) if n > 1 else "", "")
            for n in range(1, 501)]  # fmt: skip
    laid(world, event, at, rows)
    by = world.cdc
    with django_assert_num_queries(6):
        told = picture_of(event=event, by=by, at=at)
    assert len(told.cases) == 500
    assert sorted(one.row for one in told.cases) == list(range(500))
    (chain,) = told.chains
    assert chain.cases == 500


def test_another_county_sees_no_case_of_a_chain(world, event, case, at):
    assert picture_of(event=event, by=world.cdc_south, at=at).cases == ()
    assert picture_of(event=event, by=world.mayor, at=at).cases == ()


def test_confidence_is_said_in_words():
    said = [confidence(p, likely=0.8, possible=0.5) for p in (0.9, 0.8, 0.6, 0.2)]
    assert said == ["likely", "likely", "possible", "doubtful"]


def test_a_chain_is_broken_after_two_quiet_incubations():
    day = date(2026, 3, 1)
    ask = {"last_onset": day, "incubation_days": 14, "incubations": 2}
    assert not broken(today=day + timedelta(days=27), **ask)
    assert broken(today=day + timedelta(days=28), **ask)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.integers(0, 9), st.integers(0, 9)))
def test_tracing_ends_whatever_points_where(source):
    for case in source:
        assert case not in above(case, source)
        assert case not in below(case, source)
