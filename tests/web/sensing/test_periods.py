"""Festivals and key periods through HTTP."""

from datetime import timedelta

import pytest

from bihuan.core.clock import local_date
from bihuan.core.loops.models import Obligation
from bihuan.sensing.models import KeyPeriod
from bihuan.sensing.services.periods import turn_periods

DAY = timedelta(days=1)


@pytest.fixture
def filled(at):
    first = local_date(at) + 5 * DAY
    return {"kind": "qingming", "title": "清明", "first": first, "last": first + 2 * DAY,
            "lead_days": "7", "ends": first + 4 * DAY}  # fmt: skip


def test_the_office_plans_a_festival_and_a_county_sees_until_when_it_holds(
    enter, filled, clock, at
):
    city = enter("city")
    assert "还没有方案" in city.get("/periods/").content.decode()
    answer = city.post("/periods/new/", filled, follow=True)
    page = answer.redirect_chain[-1][0]
    html = answer.content.decode()
    assert "墓地" in html
    assert "草案" in html
    assert enter("county").get(page).status_code == 404, "a draft is the city's own"
    measure = KeyPeriod.objects.get().measures.get(owner="civil")
    change = {"text": "墓地关闭", "criterion": "公告", "owner": "desk", "level": "own",
              "offset": "-1", "domain": "key-venues"}  # fmt: skip
    edit = f"{page}measure/?measure={measure.pk}"
    assert "还没有" not in city.get(edit).content.decode()
    city.post(edit, change)
    city.post(f"{page}measure/", change | {"text": "多设一条"})
    assert "墓地关闭" in city.get(page).content.decode()
    city.post(f"{page}measure/?measure={measure.pk}", {"drop": "1"})
    assert "墓地关闭" not in city.get(page).content.decode()
    city.post(f"{page}set/")
    seen = enter("county").get("/periods/").content.decode()
    assert "提前期" in seen
    assert f"{local_date(at) + 10 * DAY:%Y-%m-%d} 早上失效" in seen
    assert "港城县" in city.get(page).content.decode()
    clock.at = at + 10 * DAY
    turn_periods(at=clock.at)
    html = city.get(page).content.decode()
    assert "措施已全部失效" in html
    assert "到期失效" in html
    assert "已撤回" not in html, "lapsed is said as lapsed"
    assert KeyPeriod.objects.get().review.number in html


def test_days_out_of_order_are_told_beside_the_field_and_nothing_typed_is_lost(enter, filled):
    html = enter("city").post("/periods/new/", filled | {"last": "2026-03-01"}).content.decode()
    assert "日期应依次为" in html
    assert 'value="清明"' in html


def test_a_plan_is_ended_early_with_a_reason(enter, filled):
    city = enter("city")
    page = city.post("/periods/new/", filled).url
    city.post(f"{page}set/")
    assert (
        "请写明提前结束的理由"
        in city.post(f"{page}end/", {"reason": ""}, follow=True).content.decode()
    )
    html = city.post(f"{page}end/", {"reason": "假期取消"}, follow=True).content.decode()
    assert "提前结束:假期取消" in html.replace(" ", "")
    assert not Obligation.objects.filter(origin__startswith="period:", closed_at=None).exists()


def test_the_calendar_speaks_english_and_is_taken_along_as_a_table(enter, filled):
    city = enter("city")
    page = city.post("/periods/new/", filled).url
    city.cookies["language"] = "en"
    assert "Cemeteries take bookings" in city.get(page).content.decode()
    assert "Calendar of the year" in city.get("/periods/?year=2026").content.decode()
    assert "清明" in city.get("/periods/?format=csv").content.decode()
    assert city.get("/periods/?year=99999").status_code == 200


@pytest.mark.parametrize("name", ["factory", "auditor", "admin"])
def test_whoever_has_no_part_in_plans_does_not_reach_them(enter, name):
    assert enter(name).get("/periods/").status_code == 403


def test_a_department_reads_plans_and_makes_none(enter, filled):
    builder = enter("builder")
    assert builder.get("/periods/").status_code == 200
    assert builder.post("/periods/new/", filled).status_code == 403
