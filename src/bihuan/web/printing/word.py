"""A paper as a Word file, for whoever has to write on in it."""

from io import BytesIO
from typing import Any

import segno

from bihuan.web.printing.paper import Block, Code, Grid, Heading, Pairs, Paper, Signature, Text

FONT = "Noto Sans CJK SC"
ASIAN = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}eastAsia"


def docx(paper: Paper) -> bytes:
    """The paper with real headings and tables."""
    from docx import Document  # 10 MB that only whoever prints needs
    from docx.shared import Mm, Pt

    made = Document()
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for style in ("Normal", "Title", "Heading 2", "Caption"):
        font = made.styles[style].font
        font.name = FONT
        made.styles[style].element.get_or_add_rPr().get_or_add_rFonts().set(ASIAN, FONT)
    made.styles["Normal"].font.size = Pt(10.5)
    made.core_properties.title = paper.title
    section.footer.paragraphs[0].text = paper.number
    made.add_paragraph(paper.title, style="Title")
    if paper.sub:
        made.add_paragraph(paper.sub)
    for block in paper.blocks:
        _add(made, block)
    held = BytesIO()
    made.save(held)
    return held.getvalue()


def _add(made: Any, block: Block) -> None:
    match block:
        case Heading(text, _tint):
            made.add_paragraph(text, style="Heading 2")
        case Text(text, _quiet):
            made.add_paragraph(text)
        case Pairs(rows):
            _table(made, (), rows, frozenset())
        case Grid(head, rows, numeric, caption):
            if caption:
                made.add_paragraph(caption, style="Caption")
            _table(made, head, rows, numeric)
        case Signature(label, text):
            made.add_paragraph(f"{label} {text or '________________'}")
        case Code(target, caption):
            _code(made, target, caption)


def _table(
    made: Any, head: tuple[str, ...], rows: tuple[tuple[str, ...], ...], numeric: frozenset[int]
) -> None:
    lines = [head, *rows] if head else list(rows)
    if not lines:
        return
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    table = made.add_table(rows=len(lines), cols=len(lines[0]), style="Table Grid")
    for line, row in zip(lines, table.rows, strict=True):
        for place, (words, cell) in enumerate(zip(line, row.cells, strict=True)):
            cell.text = words
            if place in numeric:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    made.add_paragraph()


def _code(made: Any, target: str, caption: str) -> None:
    from docx.shared import Mm

    drawn = BytesIO()
    segno.make(target, micro=False).save(drawn, kind="png", scale=6, border=1)
    drawn.seek(0)
    made.add_picture(drawn, width=Mm(28))
    made.add_paragraph(caption)
