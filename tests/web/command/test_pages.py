"""The pages of command: owner, same jurisdiction, outsider, nobody; and what they show."""

import pytest
from django.test import Client

from bihuan.command import services
from bihuan.command.selectors.sight import ordered_demands
from bihuan.core.loops.models import Obligation
from tests.command.builders import (
    HOUR,
    acknowledged,
    demand,
    directive,
    local_task,
    meeting,
    relay_of,
)
from tests.conftest import NOON


@pytest.fixture
def row(world):
    return directive(
        world, demand(1), demand(2), at=NOON - 3 * HOUR, meeting=meeting(held_at=NOON - 4 * HOUR)
    )


@pytest.fixture
def addresses(row, world):
    wanted, relay = ordered_demands(row.pk)[0], relay_of(row, world)
    return {
        "directive": f"/directives/{row.pk}/",
        "nodes": f"/directives/{row.pk}/nodes/{row.place_id}/",
        "missing": f"/directives/{row.pk}/missing/?level=city&step=planned",
        "demand": f"/demands/{wanted.pk}/",
        "relay": f"/relays/{relay.pk}/",
        "meeting": f"/meetings/{row.meeting_id}/",
    }


@pytest.mark.parametrize(
    ("name", "who", "status"),
    [
        *((name, "head", 200)
          for name in ("directive", "nodes", "missing", "demand", "relay", "meeting")),
        *((name, "governor", 200) for name in ("directive", "nodes", "demand", "relay")),
        *((name, "city", 200) for name in ("directive", "missing", "demand", "relay", "meeting")),
        *((name, "outsider", 404)
          for name in ("directive", "nodes", "missing", "demand", "relay", "meeting")),
        ("nodes", "city", 404), ("directive", "county", 404), ("directive", "auditor", 403),
    ],
)  # fmt: skip
def test_who_sees_what(enter, addresses, name, who, status):
    assert enter(who).get(addresses[name]).status_code == status


def test_nobody_is_asked_to_sign_in(addresses):
    for address in addresses.values():
        assert Client().get(address).status_code == 302


@pytest.mark.parametrize(
    "address",
    [
        "/directives/",
        "/meetings/",
        "/ledgers/",
        "/stricter/",
        "/citing/?basis=x",
        "/meetings/new/",
        "/documents/",
    ],
)
def test_lists_open_full_and_empty(enter, world, address):
    assert enter("head").get(address).status_code == 200
    directive(world, at=NOON - HOUR)
    assert enter("head").get(address).status_code == 200


def test_the_directive_shows_its_cascade_and_the_missing_by_name(enter, addresses):
    page = enter("head").get(addresses["directive"]).content.decode()
    assert "北原市" in page
    assert "未到达" in page  # south was not chosen
    missing = enter("head").get(addresses["missing"]).content.decode()
    assert "北原市" in missing
    assert "南渡市" in missing


def test_a_branch_is_answered_to_htmx(enter, addresses):
    part = enter("head").get(addresses["nodes"], HTTP_HX_REQUEST="true").content.decode()
    assert part.lstrip().startswith('<ul class="tree"')


def test_lists_are_exported_as_shown(enter, row, addresses):
    file = enter("head").get("/directives/?format=csv").content.decode()
    assert row.number in file
    assert "南渡市" in enter("head").get(f"{addresses['missing']}&format=csv").content.decode()


def test_a_relay_is_answered_on_its_page(enter, world, row, addresses):
    client, address = enter("city"), addresses["relay"]
    relay = relay_of(row, world)
    first, second = ordered_demands(row.pk)
    client.post(f"{address}acknowledge/")
    client.post(
        f"{address}meeting/", {"title": "市里研究", "form": "decision", "held_at": "今天 11:00"}
    )
    client.post(f"{address}demands/{second.pk}/none/", {"reason": "本市没有"})
    refused = client.post(f"{address}plan/")
    assert refused.status_code == 422
    assert "1. 要求1" in refused.content.decode()
    told = {"title": "查渡口", "text": "逐一查", "criterion": "有记录",
            "owner_post_id": world.clerk.post_id}  # fmt: skip
    answer = client.post(f"{address}demands/{first.pk}/task/", told)
    assert answer["Location"] == f"/relays/{relay.pk}/#a{first.pk}"
    assert client.post(f"{address}plan/")["Location"] == address
    relay.refresh_from_db()
    assert relay.state == "planned"


def test_nobody_else_answers(enter, world, row, addresses):
    for who, status in (("outsider", 404), ("head", 409)):
        answer = enter(who).post(f"{addresses['relay']}acknowledge/")
        assert answer.status_code == status
    assert relay_of(row, world).state == "issued"


def test_what_is_wrong_stands_beside_the_form(enter, world, row):
    relay = acknowledged(row, world)
    wanted = ordered_demands(row.pk)[0]
    for part in ("task", "none"):
        page = enter("city").post(f"/relays/{relay.pk}/demands/{wanted.pk}/{part}/", {})
        assert "form-error" in page.content.decode()
    assert not Obligation.objects.filter(flow="task").exists()


def test_reading_is_confirmed(enter, row, addresses):
    enter("city").post(f"{addresses['directive']}read/")
    assert "阅知" in enter("head").get(addresses["directive"]).content.decode()
    assert row.receipts.count() == 1


def test_a_leader_of_the_upper_node_consents_on_the_page(enter, world, row):
    relay = acknowledged(row, world)
    local_task(relay, ordered_demands(row.pk)[0].pk, world, stricter="风险高",
               stricter_until="2026-04-01")  # fmt: skip
    assert "同意期限" in enter("head").get("/stricter/").content.decode()
    brief = relay.parts.get().brief
    assert enter("head").post(f"/stricter/{brief.pk}/consent/").status_code == 403
    enter("governor").post(f"/stricter/{brief.pk}/consent/")
    brief.refresh_from_db()
    assert brief.consented_by


def test_a_meeting_is_recorded_with_its_branches(enter, world):
    told = {"title": "调度会", "form": "video", "held_at": "今天 09:00", "video": "甲县\n乙县",
            "phone": "丙镇"}  # fmt: skip
    page = enter("head").post("/meetings/new/", told, follow=True).content.decode()
    assert "丙镇" in page
    assert "电话" in page


def test_a_planned_relay_shows_what_was_handed_down(enter, world, row):
    relay = acknowledged(row, world)
    services.record_meeting(given=meeting(relay), by=world.city, at=NOON)
    page = enter("city").get(f"/relays/{relay.pk}/").content.decode()
    assert "还有 2 条没有回应" in page
