"""The API as a client meets it: tokens, scopes, versions, keys, problem documents."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from bihuan.api.models import Answered
from bihuan.core.evidence.models import Item
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.services import make_token, revoke_token
from tests.conftest import NOON
from tests.factories import build_world, task


class Caller:
    """A client with a token."""

    def __init__(self, actor, *scopes: str) -> None:
        self.token, self.secret = make_token(
            name="试",
            scopes=scopes or ("read", "write"),
            expires_at=NOON + timedelta(days=1),
            by=actor,
            at=NOON,
        )
        self.client = Client(headers={"authorization": f"Bearer {self.secret}"})

    def get(self, path: str):
        return self.client.get(f"/api/v1{path}")

    def post(self, path: str, body: dict, **headers: str):
        return self.client.post(
            f"/api/v1{path}",
            json.dumps(body),
            content_type="application/json",
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )


@pytest.fixture
def world(db):
    return build_world(NOON)


@pytest.fixture
def row(world):
    return task(world)


@pytest.fixture
def city(world):
    return Caller(world.city)


def problem(response, status: int) -> dict:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    return response.json()


def test_a_loop_goes_from_acknowledged_to_accepted(world, row, city):
    head = Caller(world.head)
    answer = city.post(f"/loops/{row.pk}/moves", {"move": "acknowledge"}, If_Match='"0"')
    assert (answer.status_code, answer["ETag"]) == (200, '"1"')
    proof = city.post(f"/loops/{row.pk}/statements", {"kind": "statement", "text": "完成"})
    assert proof.status_code == 201
    city.post(f"/loops/{row.pk}/moves", {"move": "prove"}, If_Match='"1"')
    waiting = head.get("/loops/to-accept").json()
    assert [loop["id"] for loop in waiting] == [row.pk]
    answer = head.post(f"/loops/{row.pk}/moves", {"move": "accept"}, If_Match='"2"')
    assert answer.json()["state"] == "closed"
    detail = city.get(f"/loops/{row.pk}")
    assert [line["action"] for line in detail.json()["timeline"]][-1] == "task.accept"
    assert detail["ETag"] == '"3"'


def test_a_stale_version_is_refused(row, city):
    city.post(f"/loops/{row.pk}/moves", {"move": "acknowledge"}, If_Match='"0"')
    told = problem(city.post(f"/loops/{row.pk}/moves", {"move": "prove"}, If_Match='"0"'), 412)
    assert told["code"] == "stale"


def test_an_update_without_a_version_is_refused(row, city):
    told = problem(city.post(f"/loops/{row.pk}/moves", {"move": "acknowledge"}), 422)
    assert told["code"] == "api.if_match"


def test_a_blocked_move_names_what_is_missing(row, city):
    told = problem(city.post(f"/loops/{row.pk}/moves", {"move": "prove"}, If_Match='"0"'), 409)
    assert told["facts"]["missing"] == ["loop.no_evidence"]


def test_a_repeated_key_gives_the_same_answer_and_acts_once(row, city):
    body = {"kind": "statement", "text": "完成"}
    first = city.post(f"/loops/{row.pk}/statements", body, Idempotency_Key="k1")
    again = city.post(f"/loops/{row.pk}/statements", body, Idempotency_Key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again["Idempotency-Replayed"] == "true"
    assert Item.objects.filter(subject=row.subject).count() == 1


def test_a_key_with_another_body_is_refused(row, city):
    city.post(
        f"/loops/{row.pk}/statements", {"kind": "statement", "text": "a"}, Idempotency_Key="k1"
    )
    told = problem(
        city.post(
            f"/loops/{row.pk}/statements", {"kind": "statement", "text": "b"}, Idempotency_Key="k1"
        ),
        409,
    )
    assert told["code"] == "api.key_reused"


def test_a_refused_request_leaves_its_key_free(row, city):
    problem(
        city.post(
            f"/loops/{row.pk}/moves", {"move": "prove"}, If_Match='"0"', Idempotency_Key="k1"
        ),
        409,
    )
    assert Answered.objects.count() == 0


def test_nobody_gets_in_without_a_valid_token(world, row, city):
    assert Client().get("/api/v1/loops").status_code == 401
    revoke_token(token_id=city.token.pk, by=world.city, at=NOON)
    assert problem(city.get("/loops"), 401)["code"] == "token.invalid"


def test_a_reading_token_does_not_write(world, row):
    reader = Caller(world.city, "read")
    told = problem(
        reader.post(f"/loops/{row.pk}/moves", {"move": "acknowledge"}, If_Match='"0"'), 403
    )
    assert told["code"] == "token.scope_missing"


def test_an_outsider_learns_nothing_about_a_loop(world, row):
    stranger = Caller(world.outsider)
    assert problem(stranger.get(f"/loops/{row.pk}"), 404)["code"] == "loop.not_found"
    assert stranger.get("/loops").json()["rows"] == []
    assert problem(stranger.get("/places/9901"), 404)["code"] == "place.not_found"


def test_a_node_sees_its_own_place_and_below(world, row, city):
    assert [loop["id"] for loop in city.get("/loops?stage=open").json()["rows"]] == [row.pk]
    assert city.get("/places/9901/children").json()[0]["name"] == "港城县"
    tally = Caller(world.head).get("/places/99/tally").json()
    assert {line["name"]: line["open"] for line in tally} == {"北原市": 1, "南渡市": 0}


def test_a_task_is_issued_to_a_post_below_only(world, city):
    body = {
        "title": "查渡口",
        "text": "全部渡口查一遍",
        "domain": "work-safety",
        "criterion": "照片",
        "owner_post_id": world.county.post_id,
    }
    made = city.post("/tasks", body)
    assert made.status_code == 201
    assert Obligation.objects.get(pk=made.json()["id"]).owner_post_id == world.county.post_id
    told = problem(city.post("/tasks", body | {"owner_post_id": world.outsider.post_id}), 403)
    assert told["code"] == "task.not_below"


def test_a_finding_starts_its_clock(world, city):
    made = city.post(
        "/problems",
        {
            "title": "通道堵塞",
            "text": "仓库通道堆物",
            "domain": "work-safety",
            "owner_post_id": world.county.post_id,
        },
    )
    assert (made.status_code, made.json()["state"]) == (201, "found")


def test_every_wrong_field_is_named(city):
    told = problem(city.post("/tasks", {"title": "x"}), 422)
    assert told["code"] == "api.malformed"
    assert {"given.text", "given.owner_post_id"} <= {f["field"] for f in told["facts"]["fields"]}


def test_rules_come_with_source_and_certainty(city):
    packs = city.get("/rules").json()
    limit = next(r for p in packs for r in p["rules"] if r["key"] == "relay.answer")
    assert (limit["value"], limit["mark"]) == (24, "default")
    assert limit["source"]


def test_the_audit_is_for_those_with_the_duty(world, row, city):
    assert problem(city.get("/audit"), 403)["code"] == "not_allowed"
    told = Caller(world.auditor).get(f"/audit?subject={row.subject}").json()
    assert [line["action"] for line in told["rows"]] == ["task.issue"]


OPEN = {"public_figures", "take_message"}  # figures for everybody; a message proves itself


def test_the_document_describes_every_operation(client):
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert "/api/v1/loops/{loop_id}/moves" in paths
    for operations in paths.values():
        for operation in operations.values():
            open_to_all = operation["operationId"] in OPEN
            assert open_to_all != bool(operation.get("security")), operation["operationId"]
