"""An event of an unknown disease is named; nobody's stay gets longer by the name."""

from datetime import timedelta

import pytest

from bihuan.core.audit.models import Entry
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.epidemic.models import Contact, Event
from bihuan.epidemic.services.cases import edition_of, open_event
from bihuan.epidemic.services.naming import Named, name_disease

DAY = timedelta(days=1)
BASIS = "疾控中心核酸 3 份阳性"


@pytest.fixture
def unknown(world, at):
    return open_event(title="不明原因发热", disease_code="unknown",
                      place_id=world.places["990101"].pk, by=world.cdc, at=at)  # fmt: skip


def managed(event, at, *, exposure="cohabit", days=14):
    return Contact.objects.create(
        event=event, pseudonym=f"N{exposure[:8]}{days}", place=event.place, scope=event.scope,
        risk="close", exposure=exposure, first_exposure=at.date(), last_exposure=at.date(),
        found_at=at, edition=edition_of(event, at).ref, release_at=at + days * DAY,
        expires_at=at + 90 * DAY,
    )  # fmt: skip


def name(event, code, world, at, **changes):
    told = {"event_id": event.pk, "disease_code": code, "reason": BASIS, "by": world.cdc, "at": at}
    return name_disease(**told | changes)


def test_a_plan_that_is_shorter_is_adopted_and_one_that_is_longer_is_not(unknown, world, at):
    home, room = managed(unknown, at), managed(unknown, at, exposure="same_space")
    before = home.release_at
    assert name(unknown, "zflu", world, at) == Named(freed=0, shorter=1, kept=1)
    home.refresh_from_db()
    room.refresh_from_db()
    unknown.refresh_from_db()
    assert home.release_at < before
    assert home.edition == edition_of(unknown, at).ref != room.edition
    assert room.release_at == at + 14 * DAY, "this plan knows no such exposure: a person looks"
    assert name(unknown, "measles", world, at) == Named(freed=0, shorter=0, kept=2)


def test_contacts_of_a_disease_that_people_do_not_pass_on_are_freed(unknown, world, at):
    one = managed(unknown, at)
    assert name(unknown, "chik", world, at) == Named(freed=1, shorter=0, kept=0)
    one.refresh_from_db()
    assert one.release_at == at
    told = Entry.objects.get(action="event.name")
    assert told.facts["was"] == "unknown"
    assert told.facts["reason"] == BASIS


def test_whoever_was_released_or_became_a_case_is_left_alone(unknown, world, at, case):
    over = managed(unknown, at - 20 * DAY, days=14)
    assert name(unknown, "chik", world, at) == Named(0, 0, 0)
    over.refresh_from_db()
    assert over.release_at == at - 6 * DAY


def test_a_name_needs_its_basis_a_listed_disease_and_an_open_event(unknown, world, at):
    for changes, error in (
        ({"reason": " "}, r"event\.name_reason"), ({"disease_code": "unknown"}, "same_disease"),
        ({"disease_code": "plague-of-frogs"}, "disease"),
    ):  # fmt: skip
        with pytest.raises((Invalid, NotFound), match=error):
            name(unknown, "zflu", world, at, **changes)
    with pytest.raises(NotAllowed):
        name(unknown, "zflu", world, at, by=world.mayor)
    with pytest.raises((NotAllowed, NotFound)):
        name(unknown, "zflu", world, at, by=world.cdc_south)
    Event.objects.update(closed_at=at)
    with pytest.raises(Conflict, match=r"event\.closed"):
        name(unknown, "zflu", world, at)
