"""Work safety over the API: the same verbs and the same sight as the pages."""

import pytest

from bihuan.core.audit.services import SYSTEM
from bihuan.core.clock import local_date
from bihuan.safety.services.catalogue import load_catalogue
from tests.api.test_calls import Caller
from tests.conftest import NOON
from tests.factories import build_world


@pytest.fixture
def world(db):
    world = build_world(NOON)
    load_catalogue(by=SYSTEM, at=world.at)
    return world


def test_an_establishment_its_hazard_and_an_accident_over_the_api(world):
    county = Caller(world.county)
    kinds = {kind["code"]: kind for kind in county.get("/safety/kinds").json()}
    assert kinds["ferry"]["fields"]["required"] == ["capacity"]
    body = {"name": "东渡口", "kind": "ferry", "place_code": "990101001", "fields": {}}
    refused = county.post("/safety/establishments", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "field.required")
    made = county.post("/safety/establishments", body | {"fields": {"capacity": 50}})
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    hazard = county.post(f"/safety/establishments/{pk}/hazards", {"title": "救生衣不足"})
    assert (hazard.status_code, hazard.json()["state"]) == (201, "registered")
    rows = county.get("/safety/hazards?stage=open").json()["rows"]
    assert [row["id"] for row in rows] == [hazard.json()["id"]]
    call = {"what": "碰撞", "where": "东渡口", "deaths": 3, "establishment_id": pk}
    assert county.post("/safety/accidents", call).json()["grade"] == "larger"
    assert len(county.get("/safety/accidents").json()) == 1
    outsider = Caller(world.outsider)
    for path in ("establishments", "hazards"):
        assert outsider.get(f"/safety/{path}").json()["rows"] == []
    assert outsider.get("/safety/accidents").json() == []
    assert outsider.post(f"/safety/establishments/{pk}/hazards", {"title": "x"}).status_code == 404


def test_forecasts_of_heat_come_over_the_api_and_the_same_again_changes_nothing(world):
    county = Caller(world.county)
    day = local_date(world.at).isoformat()
    body = [{"place": "990101", "day": day, "celsius": 35.5, "source": "气象台"},
            {"place": "990201", "day": day, "celsius": 36}]  # fmt: skip
    first = county.post("/safety/forecasts", body)
    assert first.status_code == 200, first.content
    told = first.json()
    assert (told["added"], told["refused"]) == (
        1, [{"row": 2, "column": "place", "code": "heat.place"}]
    )  # fmt: skip
    again = county.post("/safety/forecasts", body).json()
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 1)
    assert Caller(world.factory).post("/safety/forecasts", body).status_code == 403
