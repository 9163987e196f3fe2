"""A cascade over the API: issued by the province, answered by a city demand by demand."""

import pytest

from bihuan.core.loops.models import Obligation
from tests.api.test_calls import Caller, problem
from tests.conftest import NOON
from tests.factories import build_world

DEMAND = {
    "title": "查渡口",
    "text": "全部渡口查一遍",
    "domain": "work-safety",
    "criterion": "有照片",
}


@pytest.fixture
def world(db):
    return build_world(NOON)


@pytest.fixture
def issued(world):
    head = Caller(world.head)
    body = {
        "title": "清明前安全防范",
        "demands": [DEMAND, DEMAND | {"title": "查工地"}],
        "place_codes": ["9901"],
    }
    answer = head.post("/directives", body)
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_a_directive_opens_a_relay_that_is_answered_demand_by_demand(world, issued):
    city = Caller(world.city)
    row = city.get("/directives?side=received").json()["rows"][0]
    relay = row["mine_relay_id"]
    city.post(f"/loops/{relay}/moves", {"move": "acknowledge"}, If_Match='"0"')
    held = {"title": "专题会议", "form": "special", "held_at": NOON.isoformat()}
    assert city.post(f"/relays/{relay}/meeting", held).status_code == 201
    first, second = (line["demand"]["id"] for line in city.get(f"/relays/{relay}").json())
    task = DEMAND | {"owner_post_id": world.county.post_id}
    made = city.post(f"/relays/{relay}/demands/{first}/task", task)
    assert made.status_code == 201
    told = problem(city.post(f"/relays/{relay}/plan", {}, If_Match='"1"'), 409)
    assert told["facts"]["unmapped"] == ["2. 查工地"]
    city.post(f"/relays/{relay}/demands/{second}/none", {"reason": "本市无在建工地"})
    planned = city.post(f"/relays/{relay}/plan", {}, If_Match='"1"')
    assert planned.json()["state"] == "planned"
    assert Obligation.objects.get(pk=made.json()["id"]).parent_id == relay


def test_the_issuer_sees_how_deep_and_wide_it_came(world, issued):
    detail = Caller(world.head).get(f"/directives/{issued['directive']['id']}").json()
    cities = next(level for level in detail["levels"] if level["level"] == "city")
    assert (cities["places"], cities["reached"], cities["missing"]) == (2, 1, 1)


def test_an_outsider_sees_neither_directive_nor_relay(world, issued):
    stranger = Caller(world.outsider)
    assert stranger.get("/directives").json()["rows"] == []
    problem(stranger.get(f"/directives/{issued['directive']['id']}"), 404)
    relay = Obligation.objects.get(flow="relay")
    problem(stranger.get(f"/relays/{relay.pk}"), 404)
    problem(stranger.post(f"/relays/{relay.pk}/plan", {}, If_Match='"0"'), 404)


def test_an_unknown_place_is_named(world):
    body = {"title": "x", "demands": [DEMAND], "place_codes": ["9999"]}
    assert problem(Caller(world.head).post("/directives", body), 404)["facts"]["id"] == ["9999"]
