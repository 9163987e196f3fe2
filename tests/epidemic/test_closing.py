"""An event ends when nothing of it is open: told by the product, said by a person."""

from datetime import timedelta

import pytest

from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services import act
from bihuan.epidemic.models import Contact, Event, Transfer
from bihuan.epidemic.selectors.closing import left_of
from bihuan.epidemic.services.closing import ask_to_close, close_event
from bihuan.epidemic.services.handed import HANDED, take_contact
from tests.epidemic.conftest import contact
from tests.epidemic.test_line import handed_over

DAY = timedelta(days=1)
WORDS = "全部按时解除,无续发"


@pytest.fixture
def received(world, at):
    """What a peer handed over: a contact without a case of ours."""
    event = Event.objects.create(
        title="邻省移交的接触者", disease="unknown", place=world.places["990101"],
        scope=world.places["990101"].path, origin=HANDED, opened_at=at, opened_by="bihuan",
    )  # fmt: skip
    return Contact.objects.create(
        event=event, pseudonym="HAND00000001", place=event.place, scope=event.scope, risk="close",
        exposure="cohabit", first_exposure=at.date(), last_exposure=at.date(), found_at=at,
        edition="cn.unknown.control@1", release_at=at + 5 * DAY, expires_at=at + 90 * DAY,
    )  # fmt: skip


def test_the_event_of_people_taken_over_becomes_a_task_when_the_last_is_released(
    received, world, at
):
    event, over = received.event, received.release_at
    assert ask_to_close(at=over - DAY) == 0
    with pytest.raises(MoveBlocked, match=r"event\.open"):
        close_event(event_id=event.pk, reason=WORDS, by=world.cdc, at=over - DAY)
    assert ask_to_close(at=over) == 1
    assert ask_to_close(at=over + DAY) == 0
    loop = Obligation.objects.get(origin=f"closing:{event.pk}")
    assert loop.owner_post.role == "epidemiology"
    with pytest.raises(MoveBlocked, match=r"event\.not_closed"):
        act(obligation_id=loop.pk, move="prove", by=world.actor(owner_of(loop)), at=over)
    close_event(event_id=event.pk, reason=WORDS, by=world.actor(owner_of(loop)), at=over)
    loop.refresh_from_db()
    event.refresh_from_db()
    assert (loop.state, event.closed_at) == ("submitted", over)
    with pytest.raises(Conflict, match=r"event\.closed"):
        close_event(event_id=event.pk, reason=WORDS, by=world.cdc, at=over)


def owner_of(loop):
    return "cdc" if loop.owner_post.title.endswith("cdc") else "cdc2"


def test_cases_contacts_and_orders_keep_an_event_open(case, world, at):
    row = contact(world, case, at)
    left = left_of(case.event, at)
    assert (left.contacts, left.any, left.quiet_on is not None) == (1, True, True)
    assert ask_to_close(at=row.release_at + DAY) == 0, "the last case is not long enough ago"
    quiet = at + timedelta(days=(left.quiet_on - at.date()).days)
    assert not left_of(case.event, max(quiet, row.release_at)).any
    assert ask_to_close(at=max(quiet, row.release_at)) == 1


def test_an_event_nobody_was_in_is_ended_by_hand_alone(event, world, at):
    assert ask_to_close(at=at) == 0
    with pytest.raises(NotAllowed):
        close_event(event_id=event.pk, reason=WORDS, by=world.county, at=at)
    with pytest.raises(NotFound):
        close_event(event_id=event.pk, reason=WORDS, by=world.cdc_hill, at=at)
    with pytest.raises(Invalid, match=r"event\.no_reason"):
        close_event(event_id=event.pk, reason=" ", by=world.cdc, at=at)
    assert close_event(event_id=event.pk, reason="误开", by=world.cdc, at=at).closed_at == at


def test_somebody_handed_over_later_opens_another_event(pair, at):
    here, there = pair
    first = handed_over(here, there, at)
    with there.inside():
        event = Contact.objects.get(pseudonym=first).event
        over = Contact.objects.get(pseudonym=first).release_at
        close_event(event_id=event.pk, reason=WORDS, by=there.world.cdc_hill, at=over)
        assert ask_to_close(at=over) == 0
        again = Transfer.objects.get()
        again.pseudonym = "HAND00000009"
        assert take_contact(again, over).event != event
