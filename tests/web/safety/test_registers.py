"""Pages of registers through HTTP: the work done on them, and who may see what."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from bihuan.core.audit.services import SYSTEM
from bihuan.core.orgs.models import Sector
from bihuan.core.orgs.services import give_sector
from bihuan.safety.models import Establishment, Kind, Upload
from bihuan.safety.services import handing, importing
from bihuan.safety.services.catalogue import load_catalogue
from tests.conftest import NOON
from tests.safety.conftest import establish, of_factory


@pytest.fixture(autouse=True)
def catalogue(world):
    load_catalogue(by=SYSTEM, at=NOON)


def read(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def test_an_establishment_is_registered_and_changed_through_its_own_fields(enter):
    client = enter("county")
    form = read(client, "/safety/establishments/new/ferry/")
    assert "核定载客 (人)" in form
    given = {"name": "东渡口", "place": "码头镇", "own_capacity": "五十"}
    assert "form-error" in client.post("/safety/establishments/new/ferry/", given).content.decode()
    client.post("/safety/establishments/new/ferry/", given | {"own_capacity": "50"})
    row = Establishment.objects.get()
    assert (row.fields, row.venue.place.name) == ({"capacity": 50}, "码头镇")
    address = f"/safety/establishments/{row.pk}/"
    change = {"name": "东渡口", "own_capacity": "60", "own_wind_limit": "5"}
    assert client.post(f"{address}change/", change).status_code == 302
    assert "60" in read(client, address)
    client.post(f"{address}survey/")
    assert "已摸排" in read(client, "/safety/establishments/?surveyed=yes&kind=ferry")


def test_counts_are_told_with_what_follows_from_them(enter, world):
    row = establish(world, kind="ferry", name="东渡口")
    client, address = enter("township"), f"/safety/establishments/{row.pk}/"
    answer = client.post(f"{address}count/", {"measure": "aboard", "value": "52"}, follow=True)
    assert "超过上限,必须停止" in answer.content.decode()
    assert "52" in read(client, address)
    assert "form-error" in client.post(f"{address}count/", {"measure": "x"}).content.decode()
    assert "现场计数超过上限" in read(client, "/work/told/")


def test_statements_are_drawn_up_and_signed(enter, world):
    row = of_factory(world)
    address = f"/safety/establishments/{row.pk}/"
    given = {"party": "unit", "post": str(world.factory.post_id), "duties": "落实责任制"}
    assert enter("county").post(f"{address}statement/", given).status_code == 302
    statement = row.statements.get()
    client = enter("factory")
    assert "签字" in read(client, address)
    client.post(f"/safety/statements/{statement.pk}/sign/")
    assert "有效期至" in read(client, address)


def test_sectors_and_kinds_are_added_on_the_page(enter):
    client = enter("head")
    client.post("/safety/catalogue/sectors/new/",
                {"code": "drones", "name": "低空", "name_en": "Drones"})  # fmt: skip
    schema = '{"type":"object","properties":{"pilots":{"type":"integer","title":"飞手"}}}'
    kind = {"code": "drone_base", "name": "机场", "name_en": "Base", "sector": "drones"}
    wrong = client.post("/safety/catalogue/kinds/new/", kind | {"schema": "{"}).content.decode()
    assert "JSON" in wrong
    client.post("/safety/catalogue/kinds/new/", kind | {"schema": schema})
    assert Sector.objects.filter(pk="drones").exists()
    page = read(client, "/safety/catalogue/")
    assert "飞手" in page
    assert "低空" in page
    client.post("/safety/catalogue/kinds/drone_base/", kind | {"schema": schema, "name": "机库"})
    assert (Kind.objects.get(pk="drone_base").name, Kind.objects.get(pk="drone_base").version) == (
        "机库", 2)  # fmt: skip
    assert enter("county").post("/safety/catalogue/load/").status_code in {302, 403}
    assert "低空" in read(enter("admin"), "/safety/catalogue/")  # who adds them sees them


def test_a_table_comes_in_by_template_preview_and_act(enter, world):
    client = enter("county")
    template = client.get("/safety/catalogue/kinds/ferry/template/?format=xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(template.content))
    heads = book.get_sheet_by_index(0).to_python()[0]
    assert heads[:2] == ["名称", "地方代码"]
    assert "核定载客 (人)" in heads
    line = {"名称": "西渡口", "地方代码": "990101002", "核定载客 (人)": "30"}
    far = {"名称": "天外渡口", "核定载客 (人)": "30", "经度": "999"}
    lines = [",".join(one.get(h, "") for h in heads) for one in (line, far)]
    text = "\n".join((",".join(heads), *lines, "坏,990201", ""))
    file = SimpleUploadedFile("a.csv", text.encode())
    client.post("/safety/import/", {"kind": "ferry", "file": file})
    pk = Upload.objects.get().pk
    assert "辖区内没有这个地方" in read(client, f"/safety/import/{pk}/")
    client.post(f"/safety/import/{pk}/")
    assert Establishment.objects.get().fields == {"capacity": 30}
    left = client.get(f"/safety/import/{pk}/refused/?format=csv").content.decode()
    assert "经度,999,经度在 ±180 之间" in left  # the column as the table calls it
    assert "查看导入的场所" in read(client, f"/safety/import/{pk}/")
    out = client.get("/safety/establishments/?format=csv").content.decode()
    assert "西渡口" in out


def test_a_large_table_is_the_workers_and_a_bar_tells_how_far_it_is(enter, world, monkeypatch):
    monkeypatch.setattr(handing, "AT_ONCE", 0)
    client = enter("county")
    text = "名称,证照编号,从业人数 (人)\n甲厂,A1,7\n,A2,1\n"
    file = SimpleUploadedFile("a.csv", text.encode())
    client.post("/safety/import/", {"kind": "workshop", "file": file})
    pk = Upload.objects.get().pk
    page, ask = f"/safety/import/{pk}/", {"upload_id": pk, "by": world.county, "at": NOON}
    for _ in range(2):  # looked at twice, read once
        assert "正在读取和核对:0%" in read(client, page)
    assert client.post(page).status_code == 409
    importing.preview_import(**ask)
    assert client.get(f"{page}progress/")["HX-Refresh"] == "true"
    assert "确认导入" not in read(client, page)  # one row is refused: it says so on the button
    client.post(page)
    assert "正在写入:已写 0 行,0%" in read(client, page)
    assert "HX-Refresh" not in client.get(f"{page}progress/")
    importing.import_rows(**ask)
    assert "导入结果" in read(client, page)
    assert "这一行没有名称" in read(client, f"{page}refused/?format=csv")
    assert enter("county2").get(f"{page}progress/").status_code == 404


def test_sensors_are_imported_on_the_same_page_with_a_template_of_their_own(enter, world):
    establish(world, name="罐区")
    Establishment.objects.update(code="L1")
    client = enter("county")
    template = client.get("/safety/import/sensors/?format=csv").content.decode("utf-8-sig")
    file = SimpleUploadedFile("s.csv", (template + "G-1,可燃气体,L1,%LEL,,25,\n").encode())
    client.post("/safety/import/", {"kind": "sensors", "file": file})
    pk = Upload.objects.get().pk
    assert "新增" in read(client, f"/safety/import/{pk}/")
    client.post(f"/safety/import/{pk}/")
    assert "可燃气体" in read(client, "/safety/sensors/")


def test_pages_speak_english(enter, world):
    establish(world)
    client = enter("county")
    client.cookies["language"] = "en"
    for address in ("/safety/establishments/", "/safety/catalogue/", "/safety/base/",
                    "/safety/import/", "/safety/establishments/new/mine/"):  # fmt: skip
        text = read(client, address)
        assert "Establishments" in text, address
    assert "Gas grade" in text


def test_a_department_that_is_given_a_sector_sees_its_places_on_the_page(enter, world):
    establish(world, name="一号车间")
    department = enter("builder")
    assert "一号车间" not in read(department, "/safety/establishments/")
    give_sector(sector="industry_trade", place_id=world.places["99"].pk,
                org_id=world.builder.org_id, by=world.admin, at=NOON)  # fmt: skip
    assert "一号车间" in read(department, "/safety/establishments/")


def test_pages_of_a_list_go_on_by_key(enter, world):
    for number in range(51):
        establish(world, name=f"车间{number}")
    client = enter("county")
    assert "下一页" in read(client, "/safety/establishments/")
    first = Establishment.objects.order_by("-pk")[49].pk
    assert "车间0" in read(client, f"/safety/establishments/?after={first}")
    assert client.get("/safety/establishments/?after=x").status_code == 422


def test_base_says_what_is_not_surveyed(enter, world):
    establish(world)
    text = read(enter("county"), "/safety/base/")
    assert "0.0%" in text
    assert "surveyed=no" in text


def test_an_unknown_kind_is_refused_in_words(enter):
    assert "没有这个类别" in read(enter("county"), "/safety/establishments/new/x/", status=404)
