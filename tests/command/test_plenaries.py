"""Numbered plenary sessions (M004): number, roll, what earlier sessions owe, closing."""

from datetime import timedelta

import pytest

from bihuan.command import services
from bihuan.command.models import Plenary
from bihuan.command.selectors.plenaries import plenary_detail
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.orgs.models import Org
from tests.command.builders import directive, meeting
from tests.conftest import NOON

DAY = timedelta(days=1)


@pytest.fixture
def body(world):
    return Org.objects.get(place=world.head.place_id, kind="headquarters")


def called(world, body, *, days: int = 1, at=NOON) -> Plenary:
    return services.call_plenary(
        body_id=body.pk, planned_for=NOON + days * DAY, by=world.head, at=at
    )


def held(world, body, *, days: int = 1, at=NOON) -> Plenary:
    """A session with its roll taken, whose meeting issued a directive."""
    session = called(world, body, days=days, at=at)
    row = directive(world, at=at, meeting=meeting(held_at=at, body_ids=(body.pk,)))
    services.hold_plenary(plenary_id=session.pk, meeting_id=row.meeting_id, by=world.head, at=at)
    came = dict.fromkeys(session.seats.values_list("org_id", flat=True), "present")
    services.call_roll(plenary_id=session.pk, came=came, by=world.head, at=at)
    return session


def test_the_second_session_of_a_year_has_its_number_and_all_departments_on_the_roll(world, body):
    first, second = called(world, body), called(world, body, days=60)
    departments = Org.objects.filter(place=body.place_id, kind__in=("department", "central"))
    assert (first.number, second.number, second.year) == (1, 2, first.year)
    assert set(second.seats.values_list("org_id", flat=True)) == {one.pk for one in departments}
    assert departments.exists()


def test_a_session_begins_anew_with_the_year(world, body):
    called(world, body)
    assert called(world, body, days=365).number == 1


def test_no_session_is_called_before_the_last_one(world, body):
    called(world, body, days=9)
    with pytest.raises(Conflict) as refused:
        called(world, body, days=8)
    assert refused.value.code == "plenary.before_last"


def test_a_session_cannot_close_while_a_demand_of_an_earlier_one_is_late_and_unexplained(
    world, body
):
    held(world, body)
    later = NOON + 30 * DAY
    second = held(world, body, days=30, at=later)
    late = plenary_detail(plenary_id=second.pk, by=world.head, at=later).overdue
    assert late
    assert all(row.overdue for row in late)
    with pytest.raises(MoveBlocked) as refused:
        services.close_plenary(plenary_id=second.pk, by=world.head, at=later)
    assert refused.value.code == "plenary.unexplained"
    services.explain_demands(
        plenary_id=second.pk, demand_ids=[row.id for row in late], text="汛期后办结", by=world.head,
        at=later,
    )  # fmt: skip
    services.close_plenary(plenary_id=second.pk, by=world.head, at=later)
    second.refresh_from_db()
    assert second.closed_at == later


def test_the_first_session_owes_nothing_of_its_own_demands(world, body):
    first = held(world, body)
    services.close_plenary(plenary_id=first.pk, by=world.head, at=NOON + 30 * DAY)


@pytest.mark.parametrize("left_out", ["plenary.not_held", "plenary.roll_open"])
def test_a_session_closes_only_when_it_was_held_and_its_roll_taken(world, body, left_out):
    session = held(world, body)
    if left_out == "plenary.not_held":
        Plenary.objects.filter(pk=session.pk).update(meeting=None)
    else:
        session.seats.update(came="open")
    with pytest.raises(MoveBlocked) as refused:
        services.close_plenary(plenary_id=session.pk, by=world.head, at=NOON)
    assert refused.value.code == left_out


def test_a_closed_session_stays_as_it_is(world, body):
    session = held(world, body)
    services.close_plenary(plenary_id=session.pk, by=world.head, at=NOON)
    with pytest.raises(Conflict) as refused:
        services.call_roll(plenary_id=session.pk, came={}, by=world.head, at=NOON)
    assert refused.value.code == "plenary.closed"


def test_a_meeting_of_another_body_or_of_another_session_is_refused(world, body):
    first = held(world, body)
    second = called(world, body, days=40)
    with pytest.raises(Invalid) as refused:
        services.hold_plenary(
            plenary_id=second.pk, meeting_id=Plenary.objects.get(pk=first.pk).meeting_id,
            by=world.head, at=NOON,
        )  # fmt: skip
    assert refused.value.code == "plenary.meeting"


def test_others_neither_see_nor_lead_it(world, body):
    session = called(world, body)
    with pytest.raises(NotFound):
        plenary_detail(plenary_id=session.pk, by=world.outsider, at=NOON)
    with pytest.raises((NotAllowed, NotFound)):
        services.close_plenary(plenary_id=session.pk, by=world.clerk, at=NOON)
    with pytest.raises(Invalid):
        services.call_plenary(body_id=body.pk, planned_for=NOON, by=world.city, at=NOON)
