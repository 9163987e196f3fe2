"""The pages of plenary sessions: who sees them, who leads them, what stands in the way."""

from datetime import timedelta

import pytest

from bihuan.command import services
from bihuan.command.models import Plenary
from bihuan.core.clock import local
from bihuan.core.orgs.models import Org
from tests.conftest import NOON


@pytest.fixture
def session(world):
    body = Org.objects.get(place=world.city.place_id, kind="headquarters")
    Org.objects.create(
        kind="department", name="北市应急管理局", place_id=body.place_id, scope=body.scope,
        valid_from=body.valid_from,
    )  # fmt: skip
    planned = NOON + timedelta(days=1)
    return services.call_plenary(body_id=body.pk, planned_for=planned, by=world.city, at=NOON)


@pytest.mark.parametrize(
    ("who", "status"),
    [("city", 200), ("head", 200), ("clerk", 200), ("outsider", 404), ("county", 404),
     ("factory", 403), ("auditor", 403)],
)  # fmt: skip
def test_the_own_place_and_those_above_see_a_session_and_no_one_else(enter, session, who, status):
    assert enter(who).get(f"/plenaries/{session.pk}/").status_code == status


def test_a_session_is_called_from_the_page_with_its_number(world, enter, session):
    day = local(NOON + timedelta(days=400)).strftime("%Y-%m-%dT09:00")
    told = {"body_id": session.body_id, "planned_for": day}
    assert enter("city").post("/plenaries/", told).status_code == 302
    assert Plenary.objects.filter(body=session.body_id).count() == 2


def test_the_roll_is_taken_and_what_is_missing_is_named(enter, session):
    page, client = f"/plenaries/{session.pk}/", enter("city")
    assert "还有成员单位没有点名" in client.get(page).content.decode()
    seats = session.seats.values_list("org_id", flat=True)
    client.post(f"{page}roll/", {f"came-{org}": "present" for org in seats})
    shown = client.get(page).content.decode()
    assert "还有成员单位没有点名" not in shown
    assert "还没有会议记录" in shown


def test_the_place_above_looks_on_but_does_not_lead(enter, session):
    client = enter("head")
    assert "保存点名" not in client.get(f"/plenaries/{session.pk}/").content.decode()
    assert client.post(f"/plenaries/{session.pk}/close/").status_code == 403


def test_a_session_that_was_not_held_is_refused_by_name(enter, session):
    answer = enter("city").post(f"/plenaries/{session.pk}/close/")
    assert answer.status_code in {409, 422}
    assert "还没有会议记录" in answer.content.decode()
