"""Isolation and care in a browser: signed by both sides, released at the hour."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from bihuan.epidemic.models import Charge, Custody, Stay
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
    place,
    room,
)
from tests.journeys.conftest import PHONE, Desk


@pytest.fixture
def at():
    return NINTH


@pytest.fixture
def care(world):
    return add_care(add_health(world))


def test_a_severe_pregnant_patient_is_admitted_with_two_signatures(
    care, desk: Desk, look, clock
) -> None:
    small = facility(care, NINTH - DAY, name="hospital", kind="hospital")
    room(care, small, "呼一", at=NINTH, kind="ordinary", beds=9, ward="呼吸科")
    big = facility(care, NINTH - DAY, name="big_hospital", kind="hospital", by="cdc_city",
                   departments=("obstetrics",))  # fmt: skip
    room(care, big, "产一", at=NINTH, kind="negative", beds=2, ward="产科", by="cdc_city")
    case = case_of(care, NINTH, findings=("pcr", "imaging", "spo2_93"))

    cdc = desk("cdc")
    cdc.goto(f"/epidemic/cases/{case.pk}/")
    cdc.get_by_role("link", name="纳入隔离救治").click()
    cdc.get_by_label("孕产妇").check()
    cdc.get_by_role("button", name="提交").click()
    bed = cdc.get_by_label("交给")
    expect(bed).to_contain_text("产一")
    expect(bed).not_to_contain_text("呼一")
    cdc.get_by_label("说明").fill("孕 36 周,负压车已派")
    look(cdc)
    cdc.get_by_role("button", name="提出交接").click()
    expect(cdc.get_by_text("签收前仍由现单位负责")).to_be_visible()
    row = Charge.objects.get()

    clock.at = NINTH + HOUR
    ward = desk("big_hospital", PHONE)
    ward.goto("/care/mine/")
    expect(ward.get_by_text("孕 36 周")).to_be_visible()
    ward.get_by_role("button", name="签字接收").click()
    expect(ward.locator("#people")).not_to_contain_text(row.number)  # nobody was told in writing
    ward.get_by_label("已书面告知").check()
    ward.get_by_role("button", name="签字接收").click()
    ward.locator("#people").get_by_role("link", name=row.number).click()
    ledger = ward.locator("#ledger tbody tr").last
    expect(ledger).to_contain_text(care.cdc.name)
    expect(ledger).to_contain_text(care.big_hospital.name)
    look(ward)
    assert Custody.objects.filter(charge=row).count() == 2

    english = desk("big_hospital", PHONE, "en")
    english.goto(f"/care/charges/{row.pk}/")
    expect(english.get_by_role("heading", name="Ledger of responsibility")).to_be_visible()
    look(english)


def test_everybody_is_released_at_the_rules_hour(care, desk: Desk, look, clock) -> None:
    site = facility(care, NINTH - DAY)
    case = case_of(care, NINTH)
    for number in (20, 21):
        row = charge_of(care, NINTH, contact=contact_of(care, case, NINTH, number=number))
        place(care, row, room(care, site, f"30{number}", at=NINTH), NINTH)
    inn = desk("inn", PHONE)
    inn.goto("/care/mine/")
    inn.get_by_role("link", name="到点解除").click()
    expect(inn.get_by_text("昨天到明天没有人到点")).to_be_visible()

    hour = Stay.objects.earliest("pk").ends_at
    clock.at = hour - timedelta(minutes=1)
    inn.reload()
    expect(inn.get_by_text("未到点")).to_have_count(2)
    expect(inn.get_by_role("button", name="现在全部办结")).to_have_count(0)
    clock.at = hour
    inn.reload()
    expect(inn.get_by_text("已到点")).to_have_count(2)
    look(inn)
    inn.get_by_role("button", name="现在全部办结").click()
    expect(inn.get_by_text("已按时办结 2 人")).to_be_visible()
    expect(inn.get_by_text("已离开,转居家")).to_have_count(2)

    clock.at = Charge.objects.earliest("pk").contact.release_at + HOUR
    cdc = desk("cdc")
    cdc.goto("/care/releases/")
    expect(cdc.locator("#home").get_by_text("已解除")).to_have_count(2)
    look(cdc)
