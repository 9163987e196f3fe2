"""Meetings as records (M008): the frozen report, the branches, what is refused."""

import pytest

from bihuan.command import services
from bihuan.command.selectors.sight import fetch_meeting
from bihuan.core.errors import Invalid, NotAllowed, NotFound
from bihuan.core.orgs.models import Org
from tests.command.builders import HOUR, directive, meeting
from tests.conftest import NOON
from tests.factories import task


def test_the_situation_report_is_frozen_at_the_cut_off(world):
    task(world)
    held = services.record_meeting(given=meeting(), by=world.head, at=NOON)
    task(world, title="之后的任务")
    held.refresh_from_db()
    assert (held.cutoff, held.report) == (NOON, {"open": 1})


def test_branches_without_video_are_shown_as_joined_by_phone(world):
    connected = [(f"分会场{n}", "video") for n in range(141)]
    branches = (*connected, ("海岛镇", "phone"), ("山口镇", "phone"))
    held = services.record_meeting(given=meeting(branches=branches), by=world.head, at=NOON)
    assert held.branches.count() == 143
    by_phone = held.branches.filter(joined="phone").order_by("pk")
    assert list(by_phone.values_list("name", flat=True)) == ["海岛镇", "山口镇"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": ""}, "meeting.no_title"),
        ({"form": "picnic"}, "meeting.form"),
        ({"held_at": NOON + HOUR}, "meeting.future"),
        ({"branches": (("甲", "telepathy"),)}, "meeting.form"),
    ],
)
def test_what_is_wrong_is_refused(world, changes, code):
    with pytest.raises(Invalid) as refused:
        services.record_meeting(given=meeting(**changes), by=world.head, at=NOON)
    assert refused.value.code == code


def test_a_body_of_another_place_does_not_sit_here(world):
    other = Org.objects.get(place=world.places["9902"], kind="headquarters")
    with pytest.raises(Invalid) as refused:
        services.record_meeting(given=meeting(body_ids=(other.pk,)), by=world.head, at=NOON)
    assert refused.value.code == "meeting.body"


def test_an_inspector_records_no_meeting(world):
    with pytest.raises(NotAllowed):
        services.record_meeting(given=meeting(), by=world.inspector, at=NOON)


def test_a_meeting_is_seen_above_and_where_its_directive_went(world):
    held = directive(world, meeting=meeting()).meeting
    assert fetch_meeting(meeting_id=held.pk, by=world.city) == held
    with pytest.raises(NotFound):
        fetch_meeting(meeting_id=held.pk, by=world.outsider)
