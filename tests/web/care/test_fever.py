"""Fever visits and the plan of checks through HTTP."""

import pytest

from bihuan.epidemic.models import FeverHandover, FeverVisit, Institution, InstitutionCheck
from tests.epidemic.builders import add_health
from tests.epidemic.care import add_care


@pytest.fixture
def care(world):
    return add_care(add_health(world))


def test_a_visit_is_triaged_tested_and_handed_on_by_signature_on_pages(care, enter):
    clinic, hospital = enter("clinic"), enter("hospital")
    made = clinic.post("/care/fever/", {"visit_no": "F-9", "age_band": "0-4"})
    row = FeverVisit.objects.get()
    page = f"/care/fever/{row.pk}/"
    assert made["Location"] == page
    clinic.post(f"{page}triage/", {"level": "fever_clinic", "waits_at": "候诊 2"})
    clinic.post(f"{page}test/", {"result": "pending"})
    refused = clinic.post(f"{page}close/", {"outcome": "sent"}, follow=True)
    assert "须接收机构签收" in refused.content.decode()
    clinic.post(f"{page}offer/", {"to_org": care.hospital.org_id, "note": "救护车"})
    assert "F-9" in hospital.get("/care/fever/").content.decode()
    hospital.post(f"/care/fever-handovers/{FeverHandover.objects.get().pk}/")
    assert FeverVisit.objects.get().org_id == care.hospital.org_id
    hospital.post(f"{page}close/", {"outcome": "admitted"})
    assert "本院收治" in clinic.get(page).content.decode()
    assert enter("cdc").get(page).status_code == 200
    assert enter("inn").get(page).status_code == 404
    assert enter("police").get(page).status_code == 403


def test_institutions_are_checked_on_pages_and_a_bad_visit_leads_to_its_problem(care, enter):
    cdc = enter("cdc")
    cdc.post("/care/checks/", {"org_id": care.clinic.org_id, "kind": "clinic", "risk": "high"})
    page = f"/care/checks/{Institution.objects.get().pk}/"
    told = {"form": "mystery", "day": "2026-03-09", "triaged": "no", "passed": "yes"}
    assert "检查日期须在纳入之后" in cdc.post(page, told).content.decode()
    day = Institution.objects.get().since.isoformat()
    html = cdc.post(page, told | {"day": day}, follow=True).content.decode()
    assert "没有预检分诊" in html
    check = InstitutionCheck.objects.get()
    assert f"/loops/{check.problem_id}/" in html
    assert enter("county").get(f"/loops/{check.problem_id}/").status_code == 200
    assert enter("clinic").get(f"/loops/{check.problem_id}/").status_code == 200
    assert "发现问题" in enter("mayor").get("/care/checks/").content.decode()
    assert enter("clinic").get("/care/checks/").status_code == 403, "no warning of a visit"


def test_both_pages_speak_english(care, enter):
    clinic = enter("clinic")
    clinic.cookies["language"] = "en"
    assert "Whoever sees a patient first answers" in clinic.get("/care/fever/").content.decode()
    cdc = enter("cdc")
    cdc.cookies["language"] = "en"
    assert "Supervision of institutions" in cdc.get("/care/checks/").content.decode()
