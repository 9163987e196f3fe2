"""The field app's answers and pages through HTTP; what its first load weighs."""

import gzip
import json
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from bihuan.core.audit.services import SYSTEM
from bihuan.core.clock import local_date
from bihuan.safety.models import Device, FieldEntry, Inspection
from bihuan.safety.selectors.inspections import checklists
from bihuan.safety.services.catalogue import load_catalogue
from bihuan.safety.services.checklists import load_checklists
from bihuan.safety.services.routes import assign_stop
from bihuan.web.field.views.app import PARTS
from tests.conftest import NOON
from tests.safety.conftest import establish
from tests.safety.test_field import PHOTO, SHA
from tests.web.safety.test_registers import read

HOME = "/safety/field/"
MOST_BYTES = 300 * 1024


@pytest.fixture(autouse=True)
def catalogue(world, settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    load_catalogue(by=SYSTEM, at=NOON)
    load_checklists(by=SYSTEM, at=NOON)


class Phone:
    """A browser with the app in it."""

    def __init__(self, client):
        self.client, self.token = client, ""

    def ask(self, path, body=None, key="", kind="application/json"):
        headers = {"X-Field-Device": self.token, "Idempotency-Key": key}
        if body is None:
            return self.client.get(HOME + path, headers=headers)
        data = body if isinstance(body, bytes) else json.dumps(body)
        return self.client.post(HOME + path, data, content_type=kind, headers=headers)

    def enrol(self):
        self.token = self.ask("device/", {"name": "执法手机"}).json()["token"]
        return self


def test_the_first_load_is_at_most_300_kilobytes(client):
    page = client.get(HOME).content
    whole = len(gzip.compress(page))
    for part in PARTS:
        whole += len(gzip.compress(Path(finders.find(part)).read_bytes()))
        assert part == "web/mark.svg" or part.endswith(".svg") or part in page.decode()
    assert whole <= MOST_BYTES, whole


def test_the_shell_holds_nobodys_data_and_speaks_both_languages(client, enter):
    shell = client.get(HOME)
    assert shell.content == enter("township").get(HOME).content
    assert "今日路线" in shell.content.decode()
    client.cookies["language"] = "en"
    assert "Today's route" in client.get(HOME).content.decode().replace("&#x27;", "'")
    assert client.get(f"{HOME}manifest.webmanifest").json()["scope"] == HOME
    worker = client.get(f"{HOME}worker.js")
    assert worker["Content-Type"] == "text/javascript"
    assert "js/field/sync.js" in worker.content.decode()


def test_a_phone_is_enrolled_packed_and_sends_once(enter, world):
    place = establish(world, name="一号车间")
    row = next(one for one in checklists() if one.code == "trade")
    assign_stop(establishment_id=place.pk, checklist_id=row.pk, day=local_date(NOON),
                by=world.township, at=NOON)  # fmt: skip
    phone = Phone(enter("township"))
    assert phone.ask("pack/").json()["code"] == "field.no_device"
    assert phone.ask("hello/").json()["signed_in"]
    assert phone.ask("device/", {"name": ""}).status_code == 422
    phone.enrol()
    assert len(phone.ask("hello/").json()["key"]) == 44
    pack = phone.ask("pack/").json()
    (stop,) = pack["stops"]
    body = {
        "establishment": place.pk, "checklist": stop["checklist"], "seen": stop["seen"],
        "begun_at": NOON.isoformat(), "ended_at": NOON.isoformat(),
        "answers": {one["code"]: "fine" for one in pack["checklists"][0]["items"]},
        "hazards": [], "photos": [], "signer": "某人",
        "signature": {"sha256": SHA, "at": NOON.isoformat()},
    }  # fmt: skip
    key = "0" * 31 + "1"
    assert phone.ask("entries/", body, key).json()["facts"]["photos"] == [SHA]
    assert phone.ask("entries/", body, "no key").status_code == 422
    assert phone.ask("entries/", b"{", key).status_code == 422
    assert phone.ask(f"photos/{SHA}/?start=x", PHOTO).status_code == 422
    whole = f"photos/{SHA}/?start=0&size={len(PHOTO)}"
    assert phone.ask(whole, PHOTO, kind="application/octet-stream").json()["have"] == len(PHOTO)
    assert phone.ask(f"photos/{SHA}/").json()["have"] == len(PHOTO)
    first, second = (phone.ask("entries/", body, key).json() for _ in range(2))
    assert first == second
    assert first["state"] == "taken"
    page = read(enter("township"), first["address"])
    assert "照片和签名" in page
    assert Inspection.objects.get().ended_at == NOON
    address = "/safety/photos/" + page.split("/safety/photos/")[1].split("/")[0] + "/"
    picture = enter("township").get(address)
    assert picture["Content-Type"] == "image/webp"
    assert b"".join(picture.streaming_content)
    assert enter("outsider").get(address).status_code == 404


def test_a_revoked_phone_is_told_to_empty_itself_even_when_nobody_is_signed_in(enter, world):
    phone = Phone(enter("township")).enrol()
    row = Device.objects.get()
    assert "执法手机" in read(enter("admin"), "/safety/devices/")
    assert "执法手机" not in read(enter("outsider"), "/safety/devices/")
    assert enter("outsider").post(f"/safety/devices/{row.pk}/revoke/").status_code == 404
    enter("admin").post(f"/safety/devices/{row.pk}/revoke/")
    assert phone.ask("pack/").status_code == 302  # its session ended too
    assert phone.ask("hello/").json() == {"wipe": True}
    phone.client = enter("township")
    assert phone.ask("pack/").json()["code"] == "field.revoked"
    phone.client = Client()
    assert phone.ask("hello/").json() == {"wipe": True}
    assert "已停用" in read(enter("admin"), "/safety/devices/")


def test_anothers_phone_gets_no_key(enter, world):
    phone = Phone(enter("township")).enrol()
    phone.client = enter("township2")
    told = phone.ask("hello/").json()
    assert told["others"] == "township"
    assert "key" not in told
    assert phone.ask("pack/").json()["code"] == "field.others"
    phone.client = Client()
    assert phone.ask("hello/").json() == {"signed_in": False}


def test_a_conflict_is_shown_side_by_side_and_decided_on_its_page(enter, world):
    place = establish(world, name="一号车间")
    row = next(one for one in checklists() if one.code == "trade")
    phone = Phone(enter("township")).enrol()
    body = {
        "establishment": place.pk, "checklist": row.pk, "seen": {"head": "老厂长"},
        "begun_at": NOON.isoformat(), "ended_at": NOON.isoformat(),
        "answers": {one["code"]: "fine" for one in row.items},
    }  # fmt: skip
    told = phone.ask("entries/", body, "0" * 32).json()
    assert told["state"] == "conflict"
    page = read(enter("township"), told["address"])
    assert "老厂长" in page
    assert "现场所见" in page
    assert "待决定" in read(enter("township"), "/safety/inspections/")
    assert "一号车间" in read(enter("township"), "/safety/entries/")
    assert enter("county2").get(told["address"]).status_code == 404
    assert enter("township").post(told["address"], {"decision": "file"}).status_code == 422
    enter("township").post(told["address"], {"decision": "take"})
    assert FieldEntry.objects.get().state == "taken"
    assert "已采用" in read(enter("township"), told["address"])


def test_a_place_is_put_on_a_route_from_its_page(enter, world):
    place = establish(world, name="一号车间")
    county = enter("county")
    address = f"/safety/establishments/{place.pk}/route/"
    assert "列入今日路线" in read(county, f"/safety/establishments/{place.pk}/")
    assert "我自己" in read(county, address)
    row = next(one for one in checklists() if one.code == "trade")
    given = {"checklist_id": row.pk, "day": "2026-03-10", "post_id": world.township.post_id}
    assert county.post(address, given).status_code == 302
    assert "已在当天路线上" in county.post(address, given).content.decode()
    stops = Phone(enter("township")).enrol().ask("pack/").json()["stops"]
    assert [stop["name"] for stop in stops] == ["一号车间"]
