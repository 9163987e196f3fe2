"""Lines of screening: what each catches, what leaks, and a review of each leak."""

from datetime import timedelta

import pytest

from bihuan.core.clock import local_date
from bihuan.core.errors import Invalid, NotAllowed, NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.vault.types import Identity
from bihuan.epidemic.models import Contact, DefenceCount, Leak
from bihuan.epidemic.rules.defences import pass_lines
from bihuan.epidemic.selectors.defences import lines_of
from bihuan.epidemic.services.cases import report_case
from bihuan.epidemic.services.defences import (
    NewCount,
    draw_lines,
    explain_leak,
    note_caught,
    note_leaks,
)
from tests.epidemic.conftest import card, contact

DAY = timedelta(days=1)


@pytest.fixture
def drawn(world, event, at):
    return draw_lines(event_id=event.pk, at_risk=1000, source="同航班 4 班", by=world.cdc, at=at)


def caught(world, event, at, order, n, *, back=0, screening_id=None):
    given = NewCount(order, local_date(at) - back * DAY, n, screening_id)
    return note_caught(event_id=event.pk, given=given, by=world.cdc, at=at)


def test_of_1000_at_risk_900_80_15_are_90_80_75_percent_and_5_leaks_each_with_a_review(
    drawn, world, event, at
):
    for order, days in ((1, (500, 400)), (2, (80,)), (3, (15,))):
        for back, n in enumerate(days):
            caught(world, event, at, order, n, back=back)
    note_leaks(event_id=event.pk, found_on=local_date(at), n=5, by=world.cdc, at=at)
    told = lines_of(event=event, at=at)
    assert [row.line.key for row in told.rows] == ["arrival", "gate", "community"]
    assert [(r.passed.met, r.passed.caught, r.passed.rate, r.passed.leaked) for r in told.rows] == [
        (1000, 900, 0.9, 100), (100, 80, 0.8, 20), (20, 15, 0.75, 5),
    ]  # fmt: skip
    assert (len(told.leaks), told.unseen) == (5, 0)
    reviews = Obligation.objects.filter(origin__startswith=f"leak:{event.pk}:")
    assert {leak.review for leak in told.leaks} == set(reviews)
    assert {row.owner_post.scope for row in reviews} == {event.scope}
    assert all(row.due_at > at for row in reviews)


def test_more_cannot_be_caught_or_leak_than_were_at_risk(drawn, world, event, at):
    caught(world, event, at, 1, 999)
    with pytest.raises(Invalid, match=r"defence\.too_many"):
        note_leaks(event_id=event.pk, found_on=local_date(at), n=2, by=world.cdc, at=at)
    with pytest.raises(Invalid, match=r"defence\.too_many"):
        caught(world, event, at, 2, 2)
    with pytest.raises(Invalid, match=r"defence\.too_many"):
        draw_lines(event_id=event.pk, at_risk=900, source="x", by=world.cdc, at=at)
    caught(world, event, at, 1, 900)
    assert DefenceCount.objects.get().caught == 900, "a later count of the day replaces it"
    draw_lines(event_id=event.pk, at_risk=950, source="更正", by=world.cdc, at=at)
    assert lines_of(event=event, at=at).unseen == 50


def test_an_event_may_have_lines_of_its_own_and_none_before_they_are_drawn(world, event, at):
    assert lines_of(event=event, at=at) is None
    with pytest.raises(NotFound):
        caught(world, event, at, 1, 1)
    draw_lines(event_id=event.pk, at_risk=10, source="x", titles=("码头", " ", "闸口"), by=world.cdc,
               at=at)  # fmt: skip
    told = lines_of(event=event, at=at)
    assert [row.line.title for row in told.rows] == ["码头", "闸口"]
    assert told.rows[1].passed.met == 10


def test_a_leak_says_which_line_and_why(drawn, world, event, at):
    (leak,) = note_leaks(event_id=event.pk, found_on=local_date(at), n=1, by=world.cdc, at=at)
    with pytest.raises(Invalid, match=r"defence\.cause"):
        explain_leak(event_id=event.pk, leak_id=leak.pk, order=9, cause="x", by=world.cdc, at=at)
    explain_leak(
        event_id=event.pk, leak_id=leak.pk, order=2, cause="夜间无人值守", by=world.cdc, at=at
    )
    row = Leak.objects.get()
    assert (row.line.order, row.cause) == (2, "夜间无人值守")


def test_what_is_not_said_in_full_or_by_whom_it_does_not_concern_is_refused(
    drawn, world, event, at
):
    for at_risk, source in ((0, "x"), (5, " ")):
        with pytest.raises(Invalid, match=r"defence\.source"):
            draw_lines(event_id=event.pk, at_risk=at_risk, source=source, by=world.cdc, at=at)
    with pytest.raises(Invalid, match=r"defence\.lines"):
        draw_lines(event_id=event.pk, at_risk=5, source="x", titles="abcdefg", by=world.cdc, at=at)
    with pytest.raises(Invalid, match=r"defence\.person"):
        draw_lines(event_id=event.pk, at_risk=5, source="x", titles=("海关", "张三丰"), by=world.cdc,
                   at=at)  # fmt: skip
    with pytest.raises(Invalid, match=r"defence\.count"):
        caught(world, event, at, 9, 1)
    with pytest.raises(Invalid, match=r"defence\.count"):
        caught(world, event, at, 1, 1, back=-1)
    with pytest.raises(Invalid, match=r"defence\.list"):
        caught(world, event, at, 1, 1, screening_id=99)
    with pytest.raises(Invalid, match=r"defence\.leaks"):
        note_leaks(event_id=event.pk, found_on=local_date(at), n=0, by=world.cdc, at=at)
    with pytest.raises(NotAllowed):
        draw_lines(event_id=event.pk, at_risk=5, source="x", by=world.county, at=at)
    with pytest.raises(NotFound):
        draw_lines(event_id=event.pk, at_risk=5, source="x", by=world.cdc_south, at=at)


def test_whom_the_system_knows_stands_beside_what_was_noted_and_who_is_missing_is_marked(
    drawn, world, event, at, django_assert_num_queries
):
    for n, found_in in enumerate(("gate", "gate", "screening", "clinic", "clinic")):
        who = Identity(name=f"{'周吴郑王冯'[n]}敏", phone=f"1390000{n}{n}22")
        given = card(world, event, at, person=who, found_in=found_in)
        case = report_case(card=given, by=world.cdc, at=at)
    ill = contact(world, case, at)
    contact(world, case, at, person=Identity(name="沈青"))
    Contact.objects.filter(pk=ill.pk).update(became_case=case)
    caught(world, event, at, 2, 3, back=1)
    caught(world, event, at, 3, 1)
    with django_assert_num_queries(6):
        told = lines_of(event=event, at=at)
    arrival, gate, community = told.rows
    assert (arrival.known, arrival.missing, arrival.today) == (0, 0, 0)
    assert (gate.known, gate.missing, gate.today) == (2, -1, 2)
    assert [(d.noted and d.noted.caught, d.known, d.missing) for d in gate.days] == [
        (3, 0, -3), (None, 2, 2),
    ]  # fmt: skip
    assert (community.known, community.missing) == (3, 2), "one case and two contacts"
    assert (told.by_symptoms, told.leaks_missing) == (1, 1), "a contact who fell ill did not leak"


def test_of_a_line_of_ones_own_nobody_is_known(world, event, at):
    draw_lines(event_id=event.pk, at_risk=9, source="x", titles=("码头",), by=world.cdc, at=at)
    caught(world, event, at, 1, 2)
    (row,) = lines_of(event=event, at=at).rows
    assert (row.known, row.missing, row.today, row.days[0].missing) == (None, 0, None, 0)


def test_where_nobody_came_to_a_line_it_has_no_rate():
    assert [one.rate for one in pass_lines(5, [5, 0])] == [1.0, None]
