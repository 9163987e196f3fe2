"""Rural roads, dangerous operations and dormitories through HTTP."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.core.audit.services import SYSTEM
from bihuan.safety.models import CrashCount, InterimLimit, Operation
from bihuan.safety.services.catalogue import load_catalogue
from bihuan.safety.services.checklists import load_checklists
from tests.conftest import NOON
from tests.safety.conftest import establish
from tests.safety.test_operations import look, site
from tests.web.safety.test_registers import read


@pytest.fixture(autouse=True)
def catalogue(world):
    load_catalogue(by=SYSTEM, at=NOON)
    load_checklists(by=SYSTEM, at=NOON)


def test_crashes_are_pasted_previewed_and_the_worst_segment_gets_its_interim_limit(enter, world):
    row = establish(world, name="北山线", kind="road_segment", fields={"barrier": False})
    county = enter("county")
    assert "北山线" in read(county, "/safety/roads/")
    pasted = "路段\uff0c日期\uff0c伤人事故起数\n北山线\uff0c2026-03-01\uff0c4\n无名线\uff0c2026-03-01\uff0c1"
    sent = county.post("/safety/roads/import/", {"text": pasted})
    assert sent.status_code == 302, sent.content.decode()
    preview = read(county, sent.url)
    assert "辖区内没有这个路段" in preview
    assert not CrashCount.objects.exists()
    assert county.post(sent.url).status_code == 302
    assert "应临时限速 30 km/h" in read(county, "/safety/roads/")
    assert county.post(f"/safety/roads/{row.pk}/limit/", {"speed": "30"}).status_code == 302
    assert InterimLimit.objects.get().speed == 30
    page = read(county, f"/safety/roads/{row.pk}/")
    assert "临时限速 30 km/h" in page
    typed = {"day": "2026-03-02", "injury": "1", "source": "交警"}
    assert county.post(f"/safety/roads/{row.pk}/", typed).status_code == 302
    officer = {"post_id": "码头镇township"}
    assert county.post(f"/safety/roads/{row.pk}/officer/", officer).status_code == 302
    assert "码头镇township" in read(county, "/safety/roads/")
    county.cookies["language"] = "en"
    assert "Rural roads" in read(county, "/safety/roads/")
    assert enter("outsider").get(f"/safety/roads/{row.pk}/").status_code == 404


def test_a_table_without_its_headings_says_which_are_missing(enter, world):
    county = enter("county")
    file = SimpleUploadedFile("a.csv", "路段,日期\n北山线,2026-03-01".encode())
    sent = county.post("/safety/roads/import/", {"file": file})
    answer = county.get(sent.url)
    assert answer.status_code == 422
    assert "伤人事故起数" in answer.content.decode()
    assert "请选择文件" in county.post("/safety/roads/import/", {"text": ""}).content.decode()


def test_a_crane_found_without_a_plan_is_stopped_from_its_page(enter, world):
    place = site(world)
    builder = enter("builder")
    form = {"kind": "crane", "what": "二号塔吊", "day": "2026-03-10", "under_way": "on"}
    made = builder.post(f"/safety/establishments/{place.pk}/operation/", form)
    assert made.status_code == 302, made.content.decode()
    row = Operation.objects.get()
    page = read(builder, made.url)
    assert "已叫停" in page
    assert row.order.number in page
    assert "已叫停" in read(builder, "/safety/operations/")
    assert enter("outsider").get(made.url).status_code == 404


def test_a_plan_is_written_and_signed_by_both_sides_and_the_work_begins_and_ends(enter, world):
    place = site(world)
    factory, builder = enter("factory"), enter("builder")
    form = {"kind": "crane", "what": "二号塔吊", "day": "2026-03-11", "plan": ""}
    page = factory.post(f"/safety/establishments/{place.pk}/operation/", form).url
    assert "under_way" not in read(factory, f"/safety/establishments/{place.pk}/operation/")
    for client, deed in (
        (factory, "plan"), (factory, "sign"), (builder, "sign"), (factory, "begin"),
        (factory, "end"),
    ):  # fmt: skip
        client.post(f"{page}{deed}/", {"plan": "塔吊方案 3 号"})
    assert "已完成" in read(factory, page)
    assert factory.post(f"{page}moon/").status_code == 404


def test_a_dormitory_shows_one_look_in_both_columns(enter, world):
    place = site(world)
    county = enter("county")
    assert "还没有查过" in read(county, "/safety/dormitories/")
    look(world, place, gaps=("2",))
    page = read(county, "/safety/dormitories/")
    assert "5 项,隐患 1 项" in page
    assert "5 项都合格" in page
    assert "1 / 1" in page
