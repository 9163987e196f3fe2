"""People flows through HTTP."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.core.clock import local_date
from bihuan.core.loops.models import Obligation
from bihuan.sensing.models import Expected, Gate


@pytest.fixture
def city(enter, world):
    client = enter("city")
    told = {"name": "北站", "kind": "rail", "place": "9901", "checks_per_day": "120000"}
    assert client.post("/flows/gates/new/", told).status_code == 302
    return client


def lines(at):
    day = local_date(at) + timedelta(days=5)
    return f"北站,{day},180000\n北站,{day},45000,学校,北原大学\n南站,{day},9\n"


def test_the_shortage_is_shown_five_days_ahead_and_a_school_department_is_asked(city, at, enter):
    day = local_date(at) + timedelta(days=5)
    html = city.post("/flows/fill/", {"text": lines(at)}).content.decode()
    assert "新增 2 行" in html
    assert "没有这个名称的卡口" in html
    assert not Expected.objects.exists(), "a preview writes nothing"
    city.post("/flows/fill/", {"text": lines(at), "keep": "1"})
    html = city.get("/flows/").content.decode()
    assert "查验放行差 60,000 人" in html
    assert "5 天后" in html
    assert "其中学校、企业返程 45,000 人" in html
    html = city.get("/flows/?spread=1").content.decode()
    assert "60,000 人改期" in html
    assert "错峰后" in html
    page = f"/flows/gates/{Gate.objects.get().pk}/"
    assert "请学校错峰(当日 45,000 人)" in city.get(page).content.decode()
    city.post(f"{page}ask/", {"day": day, "side": "school"})
    task = Obligation.objects.get(origin__startswith="flow:")
    assert task.number in city.get(page).content.decode()
    again = city.post(f"{page}ask/", {"day": day, "side": "school"}, follow=True)
    assert "错峰已经交办" in again.content.decode()
    assert (
        "没有缺口"
        in city.post(f"{page}ask/", {"day": "x", "side": "school"}, follow=True).content.decode()
    )
    county = enter("county").get(page).content.decode()
    assert "请学校错峰" not in county, "the county reads, the city asks"


def test_a_file_is_looked_at_first_and_a_day_may_have_another_capacity(city, at):
    day = local_date(at) + timedelta(days=5)
    file = SimpleUploadedFile("到达.csv", f'日期,卡口,人数\n{day},北站,"130,000"\n'.encode())
    html = city.post("/flows/fill/", {"file": file}).content.decode()
    assert "新增 1 行" in html
    assert f"{day}\t北站\t130,000" in html
    city.post(
        "/flows/fill/",
        {"text": f"{day}\t北站\t130,000".join(("日期\t卡口\t人数\n", "")), "keep": "1"},
    )
    assert Expected.objects.get().n == 130_000
    page = f"/flows/gates/{Gate.objects.get().pk}/"
    city.post(page, {"day": day, "checks": "140000", "reason": "加开通道"})
    assert "这个卡口每天都过得来" in city.get(page).content.decode()


def test_an_empty_page_says_what_to_do_and_the_list_is_taken_along(enter, city, at):
    assert "还没有卡口" in enter("outsider").get("/flows/").content.decode()
    city.post("/flows/fill/", {"text": lines(at), "keep": "1"})
    assert "北站" in city.get("/flows/?format=csv").content.decode()
    city.cookies["language"] = "en"
    html = city.get("/flows/?spread=1").content.decode()
    assert "60,000 people too many to let through" in html
    assert "in 5 days" in html


def test_departments_forecast_and_enterprises_do_not_reach_it(enter, city):
    assert enter("builder").get("/flows/fill/").status_code == 200
    for name in ("factory", "inspector", "auditor", "admin"):
        assert enter(name).get("/flows/").status_code == 403
    assert enter("deputy").get("/flows/").status_code == 200
    assert enter("deputy").get("/flows/fill/").status_code == 403
