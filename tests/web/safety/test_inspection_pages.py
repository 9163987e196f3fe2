"""Pages of inspections and campaigns through HTTP."""

import pytest

from bihuan.core.audit.services import SYSTEM
from bihuan.core.loops.models import Obligation
from bihuan.safety.models import Campaign, Checklist, Inspection
from bihuan.safety.services.catalogue import load_catalogue
from tests.conftest import NOON
from tests.safety.conftest import of_factory
from tests.web.safety.test_registers import read


@pytest.fixture(autouse=True)
def catalogue(world):
    load_catalogue(by=SYSTEM, at=NOON)


def test_a_place_is_inspected_by_a_checklist_within_a_campaign(enter, world):
    place = of_factory(world, name="一号车间")
    county = enter("county")
    text = "安全出口畅通 | 出口堵塞\n灭火器在位"
    given = {"code": "trade", "title": "通用", "sector": "industry_trade", "items": text}
    county.post("/safety/checklists/new/", given)
    checklist = Checklist.objects.get()
    assert [one["type"] for one in checklist.items] == ["出口堵塞", "灭火器在位"]
    county.post("/safety/campaigns/new/", {"title": "大排查", "sectors": ["industry_trade"],
                                           "starts": "2026-03-01", "ends": "2026-03-31"})  # fmt: skip
    campaign = Campaign.objects.get()
    choose = f"/safety/establishments/{place.pk}/inspect/"
    assert "大排查" in read(county, choose)
    county.post(choose, {"checklist": checklist.pk, "campaign": campaign.pk})
    address = f"/safety/inspections/{Inspection.objects.get().pk}/"
    assert "无此项" in read(county, address)
    assert "没有结论" in county.post(f"{address}end/").content.decode()
    county.post(f"{address}answer/", {"item": "1", "answer": "gap", "note": "东门上锁"})
    county.post(f"{address}answer/", {"item": "2", "answer": "fine"})
    county.post(f"{address}end/")
    brief = Obligation.objects.get(flow="problem").brief
    assert (brief.title, brief.text) == ("不符合:安全出口畅通", "东门上锁")
    page = read(county, address)
    assert "自查质量" in page
    assert "0/1" in page
    assert "1 / 1" in read(county, f"/safety/campaigns/{campaign.pk}/")
    assert county.post(f"/safety/campaigns/{campaign.pk}/").status_code == 409
    assert "一号车间" in read(county, "/safety/inspections/")
    assert "一号车间" in read(enter("factory"), "/safety/inspections/")
    county.cookies["language"] = "en"
    assert "Great inspections" in read(county, "/safety/inspections/")
    assert county.post(f"{address}nothing/").status_code == 404
