"""Isolation and care through HTTP: the chain of a new user, and what others do not see."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.epidemic.models import Charge, Facility, Handover, Need, Stay
from bihuan.epidemic.services.stays import release_due
from tests.epidemic.builders import add_health
from tests.epidemic.care import (
    DAY,
    HOUR,
    NINTH,
    add_care,
    case_of,
    charge_of,
    contact_of,
    facility,
    person,
    place,
    room,
)


@pytest.fixture
def care(world, clock):
    clock.at = NINTH
    return add_care(add_health(world))


def test_a_site_is_registered_proven_and_opened_on_pages(care, enter):
    cdc = enter("cdc")
    made = cdc.post("/care/facilities/new/", {
        "kind": "site", "name": "港城宾馆", "org": care.inn.org_id, "activation_hours": "24",
    })  # fmt: skip
    row = Facility.objects.get()
    address = f"/care/facilities/{row.pk}/"
    assert made["Location"] == address
    cdc.post(f"{address}step/", {"step": "ready"})
    assert row.steps.count() == 1
    inn = enter("inn")
    for kind in ("fire", "building", "hygiene", "staff", "stock"):
        inn.post(f"{address}proof/", {"kind": kind, "day": "2022-07-04", "reference": "XF-12"})
    told = {"kind": "fire", "day": "2022-07-04", "reference": "XF-13",
            "file": SimpleUploadedFile("检查.txt", "消防通道畅通".encode())}  # fmt: skip
    inn.post(f"{address}proof/", told)
    assert row.proofs.exclude(evidence_id=None).get().reference == "XF-13"
    inn.post(
        f"{address}room/", {"code": "301", "kind": "single", "beds": "1", "convert_hours": "0"}
    )
    for step in ("ready", "active"):
        cdc.post(f"{address}step/", {"step": step})
    assert list(row.steps.order_by("pk").values_list("step", flat=True)) == [
        "reserved", "ready", "active",
    ]  # fmt: skip
    page = cdc.get(address).content.decode()
    assert "301" in page
    assert "XF-12" in page
    assert "港城宾馆" in cdc.get("/care/").content.decode()
    assert enter("mayor").get(address).status_code == 200


def test_a_contact_goes_into_a_room_and_is_released_at_the_rules_hour(care, enter, clock):
    site = facility(care, NINTH - DAY)
    bed = room(care, site, "301", at=NINTH)
    contact = contact_of(care, case_of(care, NINTH), NINTH)
    cdc, inn = enter("cdc"), enter("inn")
    assert "/care/charges/new/" in cdc.get(f"/epidemic/contacts/{contact.pk}/").content.decode()
    cdc.post(f"/care/charges/new/?contact={contact.pk}", {"age_band": "15-44", "flags": ["renal"]})
    row = Charge.objects.get()
    page = f"/care/charges/{row.pk}/"
    assert "301" in cdc.get(page).content.decode()
    cdc.post(f"{page}offer/", {"bed": f"{site.pk}:{bed.pk}", "note": "专车已派"})
    clock.at = NINTH + HOUR
    assert "专车已派" in inn.get("/care/mine/").content.decode()
    sign = f"/care/handovers/{Handover.objects.get().pk}/"
    inn.post(sign, {})
    assert not Stay.objects.exists()
    inn.post(sign, {"notice": "on"})
    stay = Stay.objects.get()
    shown = inn.get(f"/care/facilities/{site.pk}/").content.decode()
    assert row.pseudonym in shown
    assert person(20).name not in shown
    clock.at = stay.ends_at + HOUR
    assert row.pseudonym not in inn.get(f"/care/facilities/{site.pk}/").content.decode()
    release_due(at=row.contact.release_at + HOUR)
    release_due(at=row.contact.release_at + HOUR)
    clock.at = row.contact.release_at + 2 * HOUR
    paper = cdc.get(f"{page}certificate/").content.decode()
    assert row.number in paper
    assert person(20).name not in paper


def test_a_severe_pregnant_patient_is_admitted_where_there_are_obstetrics(care, enter, clock):
    small = facility(care, NINTH - DAY, name="hospital", kind="hospital")
    room(care, small, "呼一", at=NINTH, kind="ordinary", beds=9, ward="呼吸科")
    big = facility(care, NINTH - DAY, name="big_hospital", kind="hospital", by="cdc_city",
                   departments=("obstetrics",))  # fmt: skip
    bed = room(care, big, "产一", at=NINTH, kind="negative", beds=2, ward="产科", by="cdc_city")
    case = case_of(care, NINTH, findings=("pcr", "imaging", "spo2_93"))
    cdc = enter("cdc")
    cdc.post(f"/care/charges/new/?case={case.pk}", {"flags": ["pregnant"]})
    row = Charge.objects.get()
    page = cdc.get(f"/care/charges/{row.pk}/").content.decode()
    assert "产一" in page
    assert "呼一" not in page
    cdc.post(f"/care/charges/{row.pk}/offer/", {"bed": f"{big.pk}:{bed.pk}"})
    clock.at = NINTH + HOUR
    ward = enter("big_hospital")
    ward.post(f"/care/handovers/{Handover.objects.get().pk}/", {"notice": "on"})
    clock.at = NINTH + 2 * HOUR
    slip = {"spo2": "920", "rr": "21", "temp": "38.4"}
    back = ward.post(f"/care/charges/{row.pk}/observe/", slip)
    assert all(f'value="{typed}"' in back.content.decode() for typed in slip.values())
    assert back.context["observe"].errors
    other = ward.post(f"/care/charges/{row.pk}/decide/", {"need": "isolation", "deviation": ""})
    assert other.context["decide"].errors
    assert other.context["decide"]["need"].value() == "isolation"
    ward.post(f"/care/charges/{row.pk}/observe/", {"spo2": "92", "rr": "20"})
    assert "预警" in ward.get(f"/care/charges/{row.pk}/").content.decode()
    ward.post(f"/care/charges/{row.pk}/discharge/", {"outcome": "cured", "reason": "家属要求转院"})
    row.refresh_from_db()
    assert row.outcome == "cured"
    board = enter("mayor").get("/care/").content.decode()
    assert "1/1 = 100.0%" in board


@pytest.fixture
def guest(care):
    site = facility(care, NINTH - DAY)
    row = charge_of(care, NINTH, contact=contact_of(care, case_of(care, NINTH), NINTH))
    place(care, row, room(care, site, "东楼301", at=NINTH), NINTH)
    return row


def test_somebody_sees_their_own_stay_asks_and_is_answered(guest, care, enter, client, clock):
    clock.at = NINTH + HOUR
    own = {"code": guest.pseudonym.lower(), "phone": person(20).phone}
    assert "东楼301" in client.post("/my-stay/", own).content.decode()
    assert "东楼301" not in client.post("/my-stay/", own | {"phone": "1"}).content.decode()
    client.post("/my-stay/", own | {"kind": "medicine", "text": "需要胰岛素"})
    need = Need.objects.get()
    inn = enter("inn")
    assert "需要胰岛素" in inn.get("/care/mine/").content.decode()
    inn.post(f"/care/needs/{need.pk}/", {"answer": "17:00 前送到"})
    assert "17:00 前送到" in client.post("/my-stay/", own).content.decode()


OTHERS = ("police", "factory", "inspector", "clinic", "auditor", "admin", "outsider", "cdc_hill",
          "hospital", "big_hospital", "county", "township2", "head")  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_enforcement_enterprises_and_neighbours_find_nobody_in_care(guest, enter, name):
    client = enter(name)
    (stay,) = Stay.objects.all()
    pages = ("/care/", "/care/mine/", f"/care/charges/{guest.pk}/", "/", "/my/",
             f"/care/facilities/{stay.facility_id}/", f"/care/charges/{guest.pk}/certificate/")  # fmt: skip
    for address in pages:
        said = client.get(address).content.decode()
        assert guest.pseudonym not in said, address
        assert person(20).name not in said, address
    assert client.get(f"/care/charges/{guest.pk}/").status_code in {403, 404}
    sent = client.post(f"/care/charges/{guest.pk}/decide/", {"need": "none", "deviation": "x"})
    assert sent.status_code in {403, 404}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_care_speaks_both_languages(guest, enter, client, clock, language):
    clock.at = NINTH + HOUR
    cdc = enter("cdc")
    cdc.cookies["language"] = language
    (stay,) = Stay.objects.all()
    for address in ("/care/", "/care/mine/", f"/care/facilities/{stay.facility_id}/",
                    f"/care/charges/{guest.pk}/", "/care/facilities/new/",
                    f"/care/charges/new/?case={guest.contact.case_id}"):  # fmt: skip
        answer = cdc.get(address)
        assert answer.status_code == 200, address
        assert ("Isolation and care" in answer.content.decode()) == (language == "en")


def test_beds_by_kind_and_age_are_on_the_board_and_on_the_page_of_the_hospital(care, enter, clock):
    row = facility(care, NINTH - DAY, name="hospital", kind="hospital")
    address = f"/care/facilities/{row.pk}/"
    told = {"code": "儿重", "kind": "child_icu", "beds": "6", "convert_hours": "0"}
    enter("hospital").post(f"{address}room/", told)
    line = row.rooms.get()
    charge = charge_of(care, NINTH, case=case_of(care, NINTH, findings=("pcr", "imaging")))
    place(care, charge, line, NINTH, taker="hospital")
    clock.at = NINTH + HOUR
    for page in ("/care/", address):
        shown = enter("cdc").get(page).content.decode()
        assert "儿科重症床" in shown
        assert "1/6" in shown
