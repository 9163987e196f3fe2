"""The seven stages through HTTP."""

import pytest

from bihuan.epidemic.services.cases import open_event, report_case
from tests.epidemic.builders import add_health
from tests.epidemic.conftest import card


@pytest.fixture
def case(world, at):
    add_health(world)
    event = open_event(title="发热", disease_code="unknown", place_id=world.places["990101"].pk,
                       by=world.cdc, at=at)  # fmt: skip
    return report_case(card=card(world, event, at), by=world.clinic, at=at)


def test_seven_rows_with_limits_and_one_by_node_and_day(case, enter):
    cdc = enter("cdc")
    page = cdc.get("/epidemic/speed/?stage=report").content.decode()
    for name in (
        "应急响应",
        "信息报送",
        "开展流调",
        "核酸检测",
        "隔离救治",
        "区域协查",
        "疫苗接种",
    ):
        assert name in page
    assert "还没有计时" in page
    assert "/epidemic/speed/" in cdc.get("/epidemic/").content.decode()
    assert "place=990101001" in page
    listed = cdc.get("/epidemic/speed/?format=csv&days=30").content.decode("utf-8-sig")
    assert "信息报送,1,1,0,0,1.0,1.0,2.0" in listed
    assert enter("cdc_south").get("/epidemic/speed/?place=990101").status_code == 404
    assert enter("police").get("/epidemic/speed/").status_code == 403
