"""One paper, two kinds of file, with Chinese where the machine has no Chinese font."""

from io import BytesIO

import docx
import pypdf
import pytest
import typst

from bihuan.core.errors import NotFound
from bihuan.web.printing import Code, Grid, Heading, Pairs, Paper, Signature, Text, printed, typeset

PAPER = Paper(
    title="码头镇聚集性发热每日报告", number="YB-2026-000007", sub="截至 2026-03-29 08:00",
    blocks=(
        Heading("一、总体"), Text("新增 3 例,均在隔离管控中发现。"), Pairs((("现有", "12 例"),)),
        Grid(("日期", "例数"), tuple((f"03-{d:02d}", str(d)) for d in range(1, 31)) * 2,
             frozenset({1}), "按发病日期"),
        Text('#panic("x") $x$ *b* \\ "', quiet=True), Signature("研判人", "市疾控中心 值班岗"),
        Code("https://example.org/r/7", "核对本报告"),
    ),
)  # fmt: skip


@pytest.fixture
def bare(monkeypatch):
    """A machine without any font of its own."""
    alone = typst.Fonts(include_system_fonts=False, font_paths=[str(typeset.HERE / "fonts")])
    monkeypatch.setattr(typeset, "_fonts", lambda: alone)


def test_the_shipped_font_sets_chinese_on_a_bare_machine(bare):
    pages = pypdf.PdfReader(BytesIO(printed(PAPER, form="pdf", name="x").content)).pages
    text = "".join(page.extract_text() for page in pages)
    fonts = {
        font.get_object()["/BaseFont"].partition("+")[2]
        for page in pages for font in page["/Resources"]["/Font"].values()
    }  # fmt: skip
    assert fonts == {"NotoSansCJKsc-Regular-Identity-H"}
    assert {"码头镇聚集性发热每日报告", "市疾控中心"} <= set(text.replace(" ", "\n").splitlines())
    assert text.count("YB-2026-000007") == len(pages) == 3
    assert text.count("例数") == 2, "the head of a table is repeated"


def test_what_people_type_is_never_read_as_markup(bare):
    text = "".join(p.extract_text() for p in pypdf.PdfReader(BytesIO(typeset.pdf(PAPER))).pages)
    assert '#panic("x") $x$ *b* \\ "' in text


def test_the_same_paper_gives_the_same_bytes(bare):
    assert typeset.pdf(PAPER) == typeset.pdf(PAPER)


def test_a_word_file_holds_the_same_words_and_tables():
    answer = printed(PAPER, form="docx", name="report")
    made = docx.Document(BytesIO(answer.content))
    said = [p.text for p in made.paragraphs]
    assert said[0] == PAPER.title
    assert "新增 3 例,均在隔离管控中发现。" in said
    assert [len(table.rows) for table in made.tables] == [1, 61]
    assert made.sections[0].footer.paragraphs[0].text == "YB-2026-000007"
    assert answer["Content-Disposition"] == 'attachment; filename="report.docx"'


def test_an_unknown_form_is_not_found():
    with pytest.raises(NotFound):
        printed(PAPER, form="exe", name="x")
