"""Pages of hazards, orders and public reports through HTTP."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from bihuan.core.audit.services import SYSTEM
from bihuan.core.loops.models import Obligation, Problem
from bihuan.safety.models import StopOrder, Tip
from bihuan.safety.services.catalogue import load_catalogue
from tests.conftest import NOON
from tests.safety.conftest import establish, of_factory
from tests.web.safety.test_registers import read


@pytest.fixture(autouse=True)
def catalogue(world):
    load_catalogue(by=SYSTEM, at=NOON)


@pytest.fixture
def place(world):
    return of_factory(world, name="一号车间")


def photo():
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return SimpleUploadedFile("a.png", out.getvalue())


def found(client, place):
    given = {"title": "安全出口锁闭", "type_code": "出口锁闭", "photos": photo()}
    client.post(f"/safety/establishments/{place.pk}/hazard/", given)
    return Obligation.objects.get(flow="problem")


def test_a_hazard_is_found_with_a_photo_graded_and_undertaken_on_its_pages(enter, world, place):
    county, factory = enter("county"), enter("factory")
    row = found(county, place)
    address = f"/safety/hazards/{row.pk}/"
    assert "对照标准定级" in read(county, address)
    grade = {"criterion": "fire.exit"}
    assert "form-error" in county.post(f"{address}grade/", grade).content.decode()
    grade |= {"interim": "停用三层", "interim_post": str(world.factory.post_id)}
    assert county.post(f"{address}grade/", grade).status_code == 302
    assert Problem.objects.get(pk=row.pk).grade == "major"
    county.post(f"/loops/{row.pk}/assign/", {"owner_post": world.factory.post_id})
    page = read(factory, address)
    assert "还缺" in page
    assert "五落实" in page
    given = {"measures": "拆锁", "funds": "2 万元", "charged": str(world.factory.post_id),
             "finish_by": "2026-03-20", "plan": "专人看守"}  # fmt: skip
    title = f"{world.factory.post_title}({world.factory.org_name})"
    assert f'value="{title}"' in read(factory, f"{address}undertake/"), "no bare number"
    factory.post(f"{address}undertake/", given | {"finish_by": "2026-12-20"})
    assert "请交办单位写明理由延期" in read(factory, address)
    assert f"/loops/{row.pk}/extend/" in read(county, address)
    factory.post(f"{address}undertake/", given)
    assert "请交办单位写明理由延期" not in read(factory, address)
    assert "承诺的时限" in read(factory, f"/loops/{row.pk}/")
    assert "还缺" not in read(factory, address)
    assert "一号车间" in read(county, "/safety/hazards/?grade=major&stage=open")
    assert "安全出口锁闭" in county.get("/safety/hazards/?format=csv").content.decode()


def test_the_page_of_the_loop_leads_to_the_hazard_and_a_sweep_back_to_it(enter, world, place):
    county = enter("county")
    of_factory(world, name="二号车间")
    row = found(county, place)
    assert f'href="/safety/hazards/{row.pk}/"' in read(county, f"/loops/{row.pk}/")
    swept = county.post(f"/supervision/problems/{row.pk}/sweep/")
    assert swept["Location"] == f"/safety/hazards/{row.pk}/"
    assert "同类场所查完了吗" in read(county, swept["Location"])


def test_the_hazards_of_a_neighbouring_county_are_refused_and_not_told_as_none(enter, world, place):
    row = found(enter("county"), place)
    neighbour = enter("county2")
    for address in (f"/safety/hazards/?under={row.scope}", f"/safety/hazards/{row.pk}/",
                    f"/safety/establishments/?under={row.scope}"):  # fmt: skip
        assert neighbour.get(address).status_code == 404


def test_a_listing_and_a_recheck_are_kept_on_the_page(enter, world, place):
    county = enter("county")
    row = found(county, place)
    address = f"/safety/hazards/{row.pk}/"
    grade = {"criterion": "fire.exit", "interim": "停", "interim_post": str(world.factory.post_id)}
    county.post(f"{address}grade/", grade)
    assert county.post(f"{address}listing/open/", {"document": "1号"}).status_code == 302
    assert "治理期限" in read(county, address)
    assert county.post(f"{address}listing/nothing/").status_code == 404
    assert county.post(f"{address}recheck/", {"fine": "no", "note": "x"}).status_code == 409


def test_a_stop_work_order_is_issued_checked_signed_and_lifted(enter, place):
    county, factory = enter("county"), enter("factory")
    given = {
        "part": "三层",
        "reason": "出口锁闭",
        "basis": "安全生产法第六十五条",
        "steps": "出口畅通",
    }
    county.post(f"/safety/establishments/{place.pk}/stop/", given)
    order = StopOrder.objects.get()
    address = f"/safety/orders/{order.pk}/"
    assert "未查" in read(factory, address)
    county.post(f"{address}answer/", {"index": "0", "fine": "yes"})
    for client in (county, factory):
        client.post(f"{address}sign/")
    assert order.signatures.count() == 2
    assert "还缺签字" in county.post(f"{address}lift/").content.decode()
    assert "停产停业指令" in read(factory, "/work/told/")


def test_anybody_reports_and_follows_by_code_and_the_desk_answers(enter, place):
    public = Client()
    page = read(public, f"/report/?at={place.token}")
    assert "所在镇街" not in page
    assert place.venue.name in page  # whoever scanned the code sees what it is about
    assert "所在镇街" in read(public, "/report/?at=torn")  # a damaged code asks for the place
    given = {"category": "exit", "text": "三楼安全出口上了锁", "token": str(place.token)}
    told = public.post("/report/", given).content.decode()
    code = re.search(r"data-code>([A-Z0-9-]+)<", told)[1]
    assert "没有这条举报" in public.post("/report/follow/", {"code": "X"}).content.decode()
    assert "还剩" in public.post("/report/follow/", {"code": code}).content.decode()
    county = enter("county")
    assert "安全出口上了锁" in read(county, "/safety/tips/")
    tip = Tip.objects.get()
    county.post(f"/safety/tips/{tip.pk}/", {"confirmed": "yes", "answer": "已处理"})
    assert "已处理" in public.post("/report/follow/", {"code": code}).content.decode()
    address = f"/safety/tips/{tip.pk}/"
    assert "由此登记的隐患" in read(county, address)
    assert "查询码不是这条举报的" in county.post(address, {"code": "X"}).content.decode()
    assert county.post(address, {"code": code}).status_code == 302
    assert "元已发放" in read(county, address)
    assert "元已发放" in public.post("/report/follow/", {"code": code}).content.decode()


def test_a_report_without_a_code_becomes_a_hazard_of_the_place_it_was_found_at(enter, world):
    Client().post(
        "/report/", {"category": "illegal", "text": "院里私自充装气瓶", "place": "码头镇"}
    )
    desk, address = enter("township"), f"/safety/tips/{Tip.objects.get().pk}/"
    given = {"confirmed": "yes", "answer": "已取缔", "place": "没有这个厂"}
    assert "没有登记这个场所" in desk.post(address, given).content.decode()
    row = establish(world, name="码头气站")
    desk.post(address, given | {"place": row.venue.name})
    assert Obligation.objects.get(flow="problem").hazard.establishment_id == row.pk


def test_a_near_miss_is_told_on_the_page(enter, place):
    given = {"text": "吊物擦过工人头顶", "happened_at": "昨天 14:00"}
    enter("factory").post(f"/safety/establishments/{place.pk}/near-miss/", given)
    assert Obligation.objects.filter(flow="task").count() == 1


def test_hazard_pages_speak_english(enter, place):
    county = enter("county")
    row = found(county, place)
    county.cookies["language"] = "en"
    assert "Grade by the criteria" in read(county, f"/safety/hazards/{row.pk}/")
    assert "Report a safety hazard" in read(county, "/report/")
