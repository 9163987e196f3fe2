"""Notices outward through HTTP, from the place of the event to the node that signs."""

import pytest

from bihuan.epidemic.models import Spill
from bihuan.epidemic.services.cases import open_event
from tests.epidemic.builders import add_health


@pytest.fixture
def event(world, at):
    add_health(world)
    return open_event(title="码头镇聚集性发热", disease_code="unknown",
                      place_id=world.places["990101"].pk, by=world.cdc, at=at)  # fmt: skip


def test_a_notice_is_written_down_sent_and_signed_for_on_pages(event, enter, clock, at):
    cdc, hill = enter("cdc"), enter("county2")
    home = f"/epidemic/events/{event.pk}/spills/"
    made = cdc.post(home, {"place": "990102", "exposed": "2", "detected_at": "07:00"})
    row = Spill.objects.get()
    page = f"/epidemic/spills/{row.pk}/"
    assert made["Location"] == page
    assert "通报地违约" in cdc.get(home).content.decode()
    assert "缺通报" in hill.get("/epidemic/spills/").content.decode(), (
        "the node sees what is missing"
    )
    assert "签收</button>" not in hill.get(page).content.decode()
    assert "已过时限,为何迟报" in cdc.get(page).content.decode()
    assert "请写明为何迟报" in cdc.post(f"{page}send/", follow=True).content.decode()
    cdc.post(f"{page}send/", {"advice": "查同车旅客", "late_reason": "夜间无人值守"})
    seen = hill.get(page).content.decode()
    assert "查同车旅客" in seen
    assert "夜间无人值守" in seen
    assert "签收</button>" in seen
    hill.post(f"{page}acknowledge/")
    assert "已签收" in cdc.get(home).content.decode()
    assert "已通报 1/1 地" in cdc.get(f"/epidemic/events/{event.pk}/").content.decode()
    assert enter("cdc_south").get(page).status_code == 404
    assert enter("police").get(page).status_code == 403


def test_going_through_the_files_at_once_is_for_disease_control(event, enter):
    home = f"/epidemic/events/{event.pk}/spills/"
    assert enter("cdc").post(home, {"find": "1"}).status_code == 302
    assert enter("county").post(home, {"find": "1"}).status_code == 200
    listed = enter("cdc").get("/epidemic/spills/?format=csv")
    assert "去向" in listed.content.decode("utf-8-sig")
