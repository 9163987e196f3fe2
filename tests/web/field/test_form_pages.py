"""XLSForm through HTTP: preview, faults by row and column, a new version, back again."""

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from bihuan.core.audit.services import SYSTEM
from bihuan.core.evidence.tables import read_tables
from bihuan.core.loops.models import Obligation
from bihuan.safety.models import Checklist, Inspection
from bihuan.safety.rules.checklists import items_of
from bihuan.safety.rules.xlsform import read_form
from bihuan.safety.services.catalogue import load_catalogue
from tests.conftest import NOON
from tests.safety.conftest import of_factory
from tests.safety.test_xlsform import SHEETS, SURVEY
from tests.web.safety.test_registers import read

IMPORT = "/safety/checklists/import/"


@pytest.fixture(autouse=True)
def catalogue(world, settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    load_catalogue(by=SYSTEM, at=NOON)


def book(sheets, name="镇检查.xlsx"):
    paper = io.BytesIO()
    with xlsxwriter.Workbook(paper) as made:
        for title, rows in sheets.items():
            sheet = made.add_worksheet(title)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return SimpleUploadedFile(name, paper.getvalue())


def test_a_form_is_previewed_written_inspected_by_and_exported(enter, world):
    county = enter("county")
    answer = county.post(IMPORT, {"sector": "industry_trade", "file": book(SHEETS)})
    assert answer.status_code == 302
    assert "还没有写入任何内容" in read(county, answer["Location"])
    assert not Checklist.objects.exists()
    county.post(answer["Location"])
    row = Checklist.objects.get()
    assert (row.code, row.version, row.title) == ("town_check", 1, "村镇检查")
    page = read(county, f"/safety/checklists/v/{row.pk}/")
    assert "消防 / 危化品" in page
    county.cookies["language"] = "en"
    assert "Exits clear" in read(county, f"/safety/checklists/v/{row.pk}/")
    county.cookies["language"] = "zh-hans"
    data = county.get(f"/safety/checklists/v/{row.pk}/xlsform/").content
    again = read_form(read_tables(data, "a.xlsx"))
    assert again.faults == []
    assert [item.code for item in again.items] == [item.code for item in items_of(row.items)]
    again = county.post(IMPORT, {"sector": "industry_trade", "file": book(SHEETS)})
    assert "与现行版本相比" in read(county, again["Location"])
    _inspect(county, of_factory(world), row)


def _inspect(county, place, row):
    """The same form through the ordinary page: every kind of question."""
    county.post(f"/safety/establishments/{place.pk}/inspect/", {"checklist": row.pk})
    address = f"/safety/inspections/{Inspection.objects.get().pk}/"
    typed = {"exit": "fine", "stock": "yes", "which": ["lpg", "acid"], "tons": "5", "people": "12",
             "locked": "yes", "where": "113.5 24.1", "checked": "2026-02-03",
             "remark": "好"}  # fmt: skip
    assert "吨数" not in read(county, address)
    for item, value in typed.items():
        assert county.post(f"{address}answer/", {"item": item, "answer": value}).status_code == 302
    assert county.post(f"{address}answer/", {"item": "tons", "answer": "500"}).status_code == 422
    photo = SimpleUploadedFile("a.png", _png())
    county.post(f"{address}photo/", {"item": "photo", "photo": photo})
    assert "液化气、酸" in read(county, address)
    county.post(f"{address}end/")
    assert Inspection.objects.get().ended_at == NOON
    assert Obligation.objects.get(flow="problem").problem.type_code == "出口锁闭"


def _png():
    out = io.BytesIO()
    Image.new("RGB", (40, 30)).save(out, "PNG")
    return out.getvalue()


def test_a_form_with_faults_is_shown_with_them_and_never_written(enter):
    county = enter("county")
    broken = SHEETS | {"survey": [*SURVEY, ["calculate", "x", "题"]]}
    answer = county.post(IMPORT, {"sector": "industry_trade", "file": book(broken)})
    page = read(county, answer["Location"])
    assert "不支持这种题型" in page
    assert county.post(answer["Location"]).status_code == 422
    assert not Checklist.objects.exists()
    assert enter("clerk").get(answer["Location"]).status_code == 404
    refused = county.post(IMPORT, {"sector": "industry_trade",
                                   "file": SimpleUploadedFile("a.xlsx", b"PK no workbook")})  # fmt: skip
    assert refused.status_code == 200
    assert not Checklist.objects.exists()
