"""Papers as PDF: the text is in the file, in Chinese, whatever the reader's language."""

import io

import pypdf
import pytest

from bihuan.core.audit.services import SYSTEM
from bihuan.safety.models import Writ
from bihuan.safety.services.catalogue import load_catalogue
from bihuan.safety.services.hazards import Grading, NewHazard, grade_hazard, report_hazard
from tests.conftest import NOON
from tests.safety.conftest import of_factory


@pytest.fixture(autouse=True)
def catalogue(world):
    load_catalogue(by=SYSTEM, at=NOON)


def words_of(answer):
    assert answer["Content-Type"] == "application/pdf"
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")


def test_an_order_to_rectify_is_issued_on_the_page_and_printed(enter, world):
    place = of_factory(world, name="罐区")
    row = report_hazard(establishment_id=place.pk, given=NewHazard("出口锁闭", "东侧挂锁"),
                        by=world.county, at=NOON)  # fmt: skip
    grade_hazard(hazard_id=row.pk, given=Grading("none"), by=world.county, at=NOON)
    client = enter("county")
    client.post(f"/safety/hazards/{row.pk}/writ/rectify/")
    writ = Writ.objects.get()
    assert writ.number in client.get(f"/safety/hazards/{row.pk}/").content.decode()
    paper = words_of(client.get(f"/safety/writs/{writ.pk}/", headers={"accept-language": "en"}))
    for said in (
        "责令限期整改指令书",
        "责改〔2026〕1号",
        "第六十五条",
        "行政复议",
        "罐区",
        "整改期限",
    ):
        assert said in paper
    assert client.get(f"/safety/writs/{writ.pk}/?form=docx").content[:2] == b"PK"
    assert client.get(f"/safety/writs/{writ.pk}/?form=exe").status_code == 404


def test_the_risk_card_is_printed_with_its_code(enter, world):
    place = of_factory(world, name="罐区")
    client = enter("county")
    paper = words_of(client.get(f"/safety/establishments/{place.pk}/card/?form=pdf"))
    assert "安全风险告知卡" in paper
    assert "扫码举报" in paper
