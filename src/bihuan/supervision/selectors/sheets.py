"""The three lists as a file: one workbook with three sheets, or one list as CSV."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

import xlsxwriter

from bihuan.core.clock import local
from bihuan.core.evidence.cells import shielded, write_figure
from bihuan.supervision.rules.tables import PROBLEMS, RESPONSIBILITIES, TASKS, Sheet
from bihuan.supervision.types import DemandRow, ProblemRow, Ref, ResponsibilityRow, TaskRow

Row = ProblemRow | TaskRow | ResponsibilityRow
Say = Callable[[str, str], str]  # (kind of word, code) → the word in the reader's language

_SAID = {
    "state": "state",
    "domain": "domain",
    "grade": "grade",
    "party": "party",
}


def cells_of(sheet: Sheet, row: Row, say: Say) -> dict[str, str]:
    """A row of a list as text by column: what an export writes and an import compares with."""
    return {column.key: _cell(row, column.key, say) for column in sheet.columns}


def _cell(row: Row, key: str, say: Say) -> str:
    if key == "place" and isinstance(row, DemandRow):
        return f"{row.place_code} {row.place}"
    if key == "origin" and isinstance(row, ProblemRow):
        return f"{say('origin', row.origin_kind)} {row.origin_name}".strip()
    if key == "subject" and isinstance(row, ResponsibilityRow):
        return row.subject_number
    if key == "reason":
        return ""  # typed by whoever extends a deadline
    found = getattr(row, key)
    if key in _SAID:
        return say(_SAID[key], found) if found else ""
    if key == "met":
        return "" if found is None else say("met", "yes" if found else "no")
    return _plain(found)


def _plain(found: object) -> str:
    if found is None:
        return ""
    if isinstance(found, datetime):
        return f"{local(found):%Y-%m-%d %H:%M}"
    if isinstance(found, date):
        return found.isoformat()
    if isinstance(found, float):
        return write_figure(found)
    if isinstance(found, tuple):
        return "、".join(ref.number for ref in found if isinstance(ref, Ref))
    return str(found)


def workbook(
    lists: Sequence[Sequence[Row]],
    *,
    language: str,
    say: Say,
) -> bytes:
    """Three sheets whose rows carry their numbers. Every cell is text: nothing is a formula."""
    paper = io.BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(paper, options) as book:
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        for sheet, rows in zip((PROBLEMS, TASKS, RESPONSIBILITIES), lists, strict=True):
            page = book.add_worksheet(sheet.title(language))
            page.freeze_panes(1, 1)
            page.set_column(0, len(sheet.columns) - 1, 16, text)
            for place, head in enumerate(_heads(sheet, language)):
                page.write_string(0, place, head, bold)
            for line, row in enumerate(rows, start=1):
                for place, cell in enumerate(cells_of(sheet, row, say).values()):
                    page.write_string(line, place, shielded(cell), text)
    return paper.getvalue()


def comma_separated(sheet: Sheet, rows: Iterable[Row], *, language: str, say: Say) -> bytes:
    """One list as CSV, with the mark of UTF-8 that spreadsheets need."""
    paper = io.StringIO()
    writer = csv.writer(paper)
    writer.writerow(_heads(sheet, language))
    for row in rows:
        writer.writerow([shielded(cell) for cell in cells_of(sheet, row, say).values()])
    return paper.getvalue().encode("utf-8-sig")


def _heads(sheet: Sheet, language: str) -> list[str]:
    return [column.title(language) for column in sheet.columns]
