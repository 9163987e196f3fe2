"""Hospitals' systems report cards; epidemiologists bring, map, take and export line lists."""

import json
from collections import Counter
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.core.audit.models import Entry
from bihuan.core.loops.models import Obligation
from bihuan.epidemic.models import Case, LineList
from tests.api.test_calls import Caller, problem
from tests.conftest import NOON
from tests.epidemic.builders import add_health
from tests.epidemic.conftest import make_event
from tests.factories import build_world

LIST = "编号,姓名,诊断日期,备注\nN1,王秀英,2026-03-01,a\nN2,李建国,2026-03-02,b\nN3,赵六,明天,c\n"


@pytest.fixture
def world(db):
    return add_health(build_world(NOON))


@pytest.fixture
def event(world):
    return make_event(world, NOON)


@pytest.fixture
def cdc(world):
    return Caller(world.cdc)


def card(**changes):
    given = {
        "person": {"name": "陈小满", "phone": "13900003333"}, "place_code": "990101001001",
        "age_band": "15-44", "findings": ["fever", "severe_respiratory"],
        "diagnosed_at": (NOON - timedelta(hours=1)).isoformat(),
    }  # fmt: skip
    return given | changes


def upload(caller, event, text=LIST):
    return caller.client.post(
        f"/api/v1/epidemic/events/{event.pk}/lists",
        {"file": SimpleUploadedFile("cases.csv", text.encode())},
    )


def put(caller, path, body):
    return caller.client.put(f"/api/v1{path}", json.dumps(body), content_type="application/json")


def test_a_clinic_reports_a_card_and_a_repeat_under_its_key_makes_no_second(world, event):
    clinic, path = Caller(world.clinic), f"/epidemic/events/{event.pk}/cases"
    said = card()
    first = clinic.post(path, said, Idempotency_Key="k1")
    again = clinic.post(path, said, Idempotency_Key="k1")
    assert first.status_code == again.status_code == 201
    case = Case.objects.get()
    assert first.json()["number"] == again.json()["number"] == case.number
    assert {"inquiry.issue", "vault.enrol", "case.report"} <= set(
        Entry.objects.values_list("action", flat=True)
    )
    assert problem(clinic.post(path, said), 409)["code"] == "case.twins"
    assert "陈小满" not in first.content.decode()


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"diagnosed_at": "2026-03-01T10:00:00"}, 422), ({"place_code": "990199"}, 422),
     ({"age_band": "old"}, 422), ({"findings": ["horns"]}, 422)],
)  # fmt: skip
def test_a_card_that_cannot_be_is_refused_whole(world, event, changes, status):
    problem(
        Caller(world.clinic).post(f"/epidemic/events/{event.pk}/cases", card(**changes)), status
    )
    assert not Case.objects.exists()


def test_of_many_cards_each_is_judged_by_itself_in_a_few_statements(
    world, event, django_assert_max_num_queries
):
    clinic, path = Caller(world.clinic), f"/epidemic/events/{event.pk}/cases/batch"
    people = [{"name": f"{chr(0x4E00 + n)}{chr(0x5E00 + n)}", "phone": f"139{n * 9973:08}"}
              for n in range(40)]  # fmt: skip
    cards = [card(person=person) for person in people]
    cards += [card(person=people[7]), card(place_code="990199", person={"name": "赵六"})]
    with django_assert_max_num_queries(45):
        told = clinic.post(path, {"cards": cards}).json()
    assert [one["code"] for one in told] == [""] * 40 + ["case.twins", "case.place"]
    assert len({one["number"] for one in told[:40]}) == Case.objects.count() == 40
    loops = Obligation.objects.filter(flow="inquiry")
    assert loops.count() == 80
    teams = Counter(loops.values_list("owner_post_id", flat=True))
    assert sorted(teams.values()) == [40, 40]  # two teams, each with half
    assert clinic.post(path, {"cards": cards[:1]}).json()[0]["code"] == "case.twins"
    problem(Caller(world.police).post(path, {"cards": cards[:1]}), 403)


def test_a_list_goes_from_upload_to_export_and_back(event, cdc):
    told = upload(cdc, event)
    assert told.status_code == 201
    row = told.json()
    assert (row["state"], row["preview"]["fresh"]) == ("draft", 2)
    assert row["preview"]["refusals"][0]["row"] == 4
    path = f"/epidemic/lists/{row['id']}"
    assert not Case.objects.exists()
    mapped = put(cdc, f"{path}/mapping", {"mapping": {**row["mapping"]}, "kind": "suspected",
                                          "place_code": "990101001"})  # fmt: skip
    assert mapped.json()["preview"]["fresh"] == 2
    taken = cdc.post(f"{path}/take", {})
    assert (taken.status_code, taken.json()["report"]["added"]) == (200, 2)
    out = cdc.get(f"/epidemic/events/{event.pk}/cases")
    assert [one["label"] for one in out.json()["rows"]] == ["N1", "N2"]
    assert "王秀英" not in out.content.decode()
    assert problem(cdc.post(f"{path}/take", {}), 409)["code"] == "list.acted"
    assert cdc.post(f"{path}/undo", {}).json()["report"]["gone"] == 2
    assert cdc.get(f"/epidemic/events/{event.pk}/cases").json() == {"rows": [], "after": ""}


def test_an_export_goes_on_by_key(event, cdc, monkeypatch):
    monkeypatch.setattr("bihuan.epidemic.selectors.packages.PAGE", 1)
    row = upload(cdc, event).json()
    cdc.post(f"/epidemic/lists/{row['id']}/take", {})
    first = cdc.get(f"/epidemic/events/{event.pk}/cases").json()
    second = cdc.get(f"/epidemic/events/{event.pk}/cases?after={first['after']}").json()
    assert [one["label"] for page in (first, second) for one in page["rows"]] == ["N1", "N2"]
    assert second["after"] == ""


@pytest.mark.parametrize("name", ["police", "factory", "clinic", "admin", "cdc_hill", "cdc_south"])
def test_nobody_else_brings_reads_or_exports_a_list(world, event, cdc, name):
    held = upload(cdc, event).json()["id"]
    other = Caller(world.actor(name))
    assert upload(other, event).status_code in {403, 404}
    for path in (f"/epidemic/lists/{held}", f"/epidemic/events/{event.pk}/cases"):
        assert other.get(path).status_code in {403, 404}
    assert other.post(f"/epidemic/lists/{held}/take", {}).status_code in {403, 404}
    assert LineList.objects.get().acted_at is None
