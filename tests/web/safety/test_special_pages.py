"""A special inspection through HTTP: created at the province node, read by airport and operator."""

import pytest

from bihuan.core.audit.services import SYSTEM
from bihuan.core.orgs.models import Org
from bihuan.safety.models import Campaign
from bihuan.safety.services.catalogue import load_catalogue
from bihuan.safety.services.checklists import load_checklists
from tests.conftest import NOON
from tests.safety.conftest import establish
from tests.web.safety.test_registers import read


@pytest.fixture(autouse=True)
def catalogue(world):
    load_catalogue(by=SYSTEM, at=NOON)
    load_checklists(by=SYSTEM, at=NOON)


def test_the_province_names_units_and_reads_the_results_by_airport_and_operator(enter, world):
    org = Org.objects.get(kind="central")
    row = establish(world, name="北原机场公司", kind="aviation_unit", by="head", code="99",
                    unit_id=org.pk, fields={"airport": "北原机场", "operator": "机场集团"})  # fmt: skip
    head = enter("head")
    assert "北原机场公司" in read(head, "/safety/campaigns/special/")
    form = {"title": "民航领域安全大检查", "starts": "2026-03-10", "ends": "2026-04-30",
            "establishment_ids": [str(row.pk)]}  # fmt: skip
    sent = head.post("/safety/campaigns/special/", form)
    assert sent.status_code == 302, sent.content.decode()
    page = read(head, sent.url)
    for words in ("0 / 1", "北原机场", "机场集团", "经本级下发", "没有未销号的问题"):
        assert words in page
    assert "北原机场公司" not in read(enter("city"), "/safety/campaigns/special/")
    head.cookies["language"] = "en"
    assert "Results by unit" in read(head, sent.url)
    assert Campaign.objects.get().special
