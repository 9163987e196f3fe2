"""Pages of risks and accidents through HTTP."""

import pytest

from bihuan.core.audit.services import SYSTEM
from bihuan.safety.models import Accident, Measure, Report, ReportDuty, RiskEvent, RiskObject
from bihuan.safety.services.catalogue import load_catalogue
from tests.conftest import NOON
from tests.safety.conftest import of_factory
from tests.web.safety.test_registers import read


@pytest.fixture(autouse=True)
def catalogue(world):
    load_catalogue(by=SYSTEM, at=NOON)


@pytest.fixture
def place(world):
    return of_factory(world, name="罐区")


def test_risks_are_graded_controlled_and_announced(enter, place):
    client = enter("county")
    base = f"/safety/establishments/{place.pk}"
    assert "还没有风险对象" in read(client, f"{base}/risks/")
    wrong = {"name": "储罐", "substances": "ammonia"}
    assert "form-error" in client.post(f"{base}/risks/new/", wrong).content.decode()
    client.post(f"{base}/risks/new/",
                {"name": "储罐", "substances": "ammonia 20", "people": "60"})  # fmt: skip
    thing = RiskObject.objects.get()
    event = {"unit": "储罐", "name": "泄漏", "method": "lec", "l": "6", "e": "6", "c": "15",
             "rated": "yellow"}  # fmt: skip
    client.post(f"{base}/risks/{thing.pk}/event/", event)
    pk = RiskEvent.objects.get().pk
    client.post(f"{base}/events/{pk}/measure/",
                {"kind": "technical", "layer": "报警", "text": "气体报警"})  # fmt: skip
    page = read(client, f"{base}/risks/")
    assert "重大危险源 4 级" in page
    assert "人防" in page
    measure = Measure.objects.get()
    client.post(f"/safety/measures/{measure.pk}/", {"reason": "损坏"})
    assert "损坏" in read(client, f"{base}/risks/")
    client.post(f"/safety/measures/{measure.pk}/")
    card = read(client, f"{base}/card/")
    assert "<svg" in card
    assert f"/report/?at={place.token}" in card
    assert "较大风险 橙" in read(client, "/safety/risks/")


def test_three_fields_call_an_accident_in_and_reports_go_up(enter, place):
    factory, county, city = enter("factory"), enter("county"), enter("city")
    call = "/safety/accidents/call/"
    assert "form-error" in factory.post(call, {"what": "爆裂"}).content.decode()
    factory.post(f"{call}?establishment={place.pk}",
                 {"what": "反应釜爆裂", "where": "三车间", "deaths": "2", "kind": "production"})  # fmt: skip
    row = Accident.objects.get()
    address = f"/safety/accidents/{row.pk}/"
    assert "待报" in read(factory, address)
    duty = ReportDuty.objects.get()
    report = {"course": "超压", "measures": "疏散", "kind": "first", "scene": "三车间"}
    assert "form-error" in factory.post(f"/safety/duties/{duty.pk}/report/",
                                        {"kind": "first", "scene": "三车间"}).content.decode()  # fmt: skip
    factory.post(f"/safety/duties/{duty.pk}/report/", report)
    assert "按时" in read(county, address)
    figure = {"source": "医院", "deaths": "3", "as_of": "今天 12:00"}
    county.post(f"{address}figure/", figure)
    assert "较大事故" in read(county, address)
    assert "form-error" in county.post(f"{address}figure/", {"deaths": "x"}).content.decode()
    sent = Report.objects.get()
    city.post(f"/safety/reports/{sent.pk}/false/", {"reason": "人数不实"})
    assert "谎报" in read(city, address)
    assert "反应釜爆裂" in read(county, "/safety/accidents/")


def test_a_later_report_is_offered_as_such_and_the_page_says_how_far_up_it_goes(enter, place):
    factory, county = enter("factory"), enter("county")
    factory.post(f"/safety/accidents/call/?establishment={place.pk}",
                 {"what": "爆裂", "where": "三车间", "deaths": "2", "kind": "production"})  # fmt: skip
    row, duty = Accident.objects.get(), ReportDuty.objects.get()
    address, form = f"/safety/accidents/{row.pk}/", f"/safety/duties/{duty.pk}/report/"
    assert "逐级上报至</dt><dd>市</dd>" in read(county, address)
    assert '<option value="first"' in read(factory, form)
    report = {"course": "超压", "measures": "疏散", "kind": "first", "scene": "三车间"}
    factory.post(form, report)
    later = read(factory, form)
    assert '<option value="progress"' in later
    assert '<option value="first"' not in later
    assert 'name="scene"' not in later
    change = {"what": "爆裂", "where": "三车间", "kind": "production", "occurred_at": "昨天 14:00"}
    assert (
        "form-error" in county.post(f"{address}correct/", change | {"kind": "x"}).content.decode()
    )
    county.post(f"{address}correct/", change)
    assert Accident.objects.get().occurred_at < row.occurred_at
    county.post(f"{address}figure/", {"source": "医院", "deaths": "3", "as_of": "今天 12:00"})
    assert "逐级上报至</dt><dd>省</dd>" in read(county, address)


def test_statistics_are_shown_and_exported(enter, world):
    client = enter("city")
    page = read(client, "/safety/statistics/")
    assert "不是双下降" in page
    assert "2026-02" in client.get("/safety/statistics/?format=csv").content.decode()
    client.cookies["language"] = "en"
    for address in ("/safety/statistics/", "/safety/accidents/", "/safety/risks/"):
        assert "Accidents" in read(client, address)


def test_each_chart_takes_its_figures_from_the_table_beside_it(enter, place, world):
    county = enter("county")
    county.post(f"/safety/accidents/call/?establishment={place.pk}",
                {"what": "爆裂", "where": "三车间", "deaths": "3", "kind": "production"})  # fmt: skip
    page = read(county, "/safety/statistics/")
    for file in ("accidents-by-month", "accidents-year-on-year", "accidents-by-sector",
                 "accidents-by-class", "accidents-by-place"):  # fmt: skip
        drawn = page.split(f'data-band-chart="{file}"')[1]
        assert "data-band-table" in drawn.split("</table>")[0]
    by_class = page.split('data-band-chart="accidents-by-class"')[1].split("</table>")[0]
    assert "较大事故" in by_class
    assert by_class.count('data-role="side"') == 2


def test_the_four_colour_map_draws_the_places_below_and_tells_each_colour_in_words(
    enter, place, world
):
    page = read(enter("city"), "/safety/risks/")
    for words in (
        "各地最高的风险是哪一级?",
        "重大风险 红",
        "较大风险 橙",
        "一般风险 黄",
        "低风险 蓝",
    ):
        assert words in page
    drawn = enter("city").get("/safety/risks/drawing/").json()
    harbour = next(one for one in drawn["places"] if one["code"] == "990101")
    assert "未分级 1" in harbour["told"]
    assert harbour["tint"] is None
    assert harbour["href"] == f"/safety/risks/?under={world.places['990101'].path}"
    assert "未分级" in enter("city").get("/safety/risks/?format=csv").content.decode()
    assert "占比最高" in read(enter("city"), "/safety/risks/?by=share")
    assert "港城县" in read(enter("city"), "/safety/risks/")


def test_telephone_reading_back_and_lessons_stand_on_the_page(enter, place, world):
    county, city = enter("county"), enter("city")
    county.post(f"/safety/accidents/call/?establishment={place.pk}",
                {"what": "爆裂", "where": "三车间", "deaths": "3", "kind": "production"})  # fmt: skip
    address = f"/safety/accidents/{Accident.objects.get().pk}/"
    assert "电话快报省级" in read(county, address)
    call = {"outgoing": "out", "level": "province", "who": "省值班室", "text": "三人死亡"}
    assert "form-error" in county.post(f"{address}phone/", call).content.decode()
    county.post(f"{address}phone/", call | {"called_at": "今天 12:00"})
    city.post(f"{address}unit/", {"kept": "no", "finding": "压力表未检"})
    county.post(f"{address}lesson/", {"title": "复检压力容器", "text": "同型釜", "criterion": "有报告",
                                      "post_id": "码头镇township"})  # fmt: skip
    page = read(county, address)
    for words in ("压力表未检", "复检压力容器", "事故调查", "工会"):
        assert words in page
