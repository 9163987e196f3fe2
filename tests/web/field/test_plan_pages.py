"""Plans, case load and heat through HTTP."""

import pytest

from bihuan.core.audit.services import SYSTEM
from bihuan.safety.models import InspectionPlan
from bihuan.safety.services.catalogue import load_catalogue
from bihuan.safety.services.checklists import load_checklists
from tests.conftest import NOON
from tests.safety.conftest import establish
from tests.web.safety.test_registers import read


@pytest.fixture(autouse=True)
def catalogue(world):
    load_catalogue(by=SYSTEM, at=NOON)
    load_checklists(by=SYSTEM, at=NOON)


def test_a_plan_is_drawn_up_and_its_page_shows_both_rates(enter, world):
    establish(world, name="一号车间")
    county = enter("county")
    assert "还没有计划" in read(county, "/safety/plans/")
    given = {"title": "三月计划", "starts": "2026-03-10", "ends": "2026-03-20", "checks": "5",
             "post_ids": "码头镇township"}  # fmt: skip
    answer = county.post("/safety/plans/new/", given)
    assert answer.status_code == 302, answer.content.decode()
    row = InspectionPlan.objects.get()
    assert "0 / 1" in read(county, f"/safety/plans/{row.pk}/")
    assert "平均铺开" in read(county, "/safety/plans/")
    assert county.post("/safety/plans/new/", given | {"ends": "2026-03-01"}).status_code == 200
    assert enter("outsider").get(f"/safety/plans/{row.pk}/").status_code == 404
    county.cookies["language"] = "en"
    assert "Key problems" in read(county, "/safety/plans/")


def test_staff_is_written_down_and_the_gap_is_shown(enter, world):
    establish(world, name="一号车间")
    county = enter("county")
    town = world.places["990101001"].pk
    given = {"posts": "2", "present": "0", "licensed": "0", "trained": "0"}
    assert county.post(f"/safety/staffing/{town}/", given).status_code == 302
    page = read(county, "/safety/staffing/")
    assert "码头镇" in page
    assert "120" in page


def test_a_forecast_below_the_limit_is_refused_beside_its_field(enter, world):
    establish(world, name="工地", kind="construction_site", fields={"phase": "主体"})
    county = enter("county")
    page = county.post("/safety/plans/heat/", {"celsius": "36", "day": "2026-03-11"})
    assert "不启动专项行动" in page.content.decode()
    assert (
        county.post("/safety/plans/heat/", {"celsius": "38", "day": "2026-03-11"}).status_code
        == 302
    )


def test_a_pasted_forecast_starts_the_checks_and_the_results_are_told_by_a_button(enter, world):
    establish(world, name="工地", kind="construction_site", fields={"phase": "主体"})
    county = enter("county")
    pasted = "地方\t日期\t最高气温\n港城县\t2026-03-10\t38\n月亮镇\t2026-03-10\t39"
    sent = county.post("/safety/plans/heat/import/", {"text": pasted})
    assert "辖区内没有这个地方" in read(county, sent.url)
    assert county.post(sent.url).status_code == 302
    page = read(county, "/safety/plans/heat/")
    assert "18 时前报结果" in page
    assert "以现有数字报结果" in page
    assert county.post("/safety/plans/heat/results/", {"day": "2026-03-10"}).status_code == 302
    assert "已报结果" in read(county, "/safety/plans/heat/")
    assert "今天查得怎样" in read(county, "/safety/plans/heat/?day=moon")
    county.cookies["language"] = "en"
    assert "Not reached" in read(county, "/safety/plans/heat/")
