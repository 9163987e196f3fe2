"""Read an uploaded table: XLSX or CSV, as rows of text. Nothing in it is ever run."""

import csv
import io
import zipfile
from datetime import date, datetime

from python_calamine import CalamineError, CalamineWorkbook

from bihuan.core.errors import Invalid

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 200
OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # .xls, or an .xlsx behind a password

Rows = list[list[str]]


def read_tables(data: bytes, name: str) -> dict[str, Rows]:
    """The sheets of a file by name; a CSV file has one, named "csv".

    Raises Invalid("table.empty" | "too_large" | "encrypted" | "unreadable" | "too_many_rows").
    """
    if not data:
        raise Invalid("table.empty", file=name)
    if len(data) > MOST_BYTES:
        raise Invalid("table.too_large", file=name, limit=MOST_BYTES // 1024 // 1024)
    if data.startswith(OLD_OFFICE):
        raise Invalid("table.encrypted", file=name)
    sheets = _workbook(data, name) if data.startswith(b"PK") else {"csv": _csv(data, name)}
    if sum(len(rows) for rows in sheets.values()) > MOST_ROWS:
        raise Invalid("table.too_many_rows", file=name, limit=MOST_ROWS)
    if not any(any(row) for rows in sheets.values() for row in rows):
        raise Invalid("table.empty", file=name)
    return sheets


def _workbook(data: bytes, name: str) -> dict[str, Rows]:
    _refuse_bomb(data, name)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        found = {sheet: book.get_sheet_by_name(sheet).to_python() for sheet in book.sheet_names}
    except (CalamineError, zipfile.BadZipFile, ValueError, OSError) as fault:
        raise Invalid("table.unreadable", file=name) from fault
    return {
        sheet: [[_text(value) for value in row[:MOST_COLUMNS]] for row in rows]
        for sheet, rows in found.items()
    }


def _refuse_bomb(data: bytes, name: str) -> None:
    """A small file may unpack to a huge one: what it declares is added up before it is opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = packed.infolist()
    except (zipfile.BadZipFile, ValueError) as fault:
        raise Invalid("table.unreadable", file=name) from fault
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED or len(entries) > 1000:
        raise Invalid("table.too_large", file=name, limit=MOST_UNPACKED // 1024 // 1024)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _csv(data: bytes, name: str) -> Rows:
    text = _decoded(data, name)
    first = text.partition("\n")[0]
    comma = max((",", "\t", ";"), key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=comma))
    except csv.Error as fault:
        raise Invalid("table.unreadable", file=name) from fault
    return [row[:MOST_COLUMNS] for row in rows]


def _decoded(data: bytes, name: str) -> str:
    """UTF-8 or UTF-16 by their marks, else UTF-8, else GB 18030: what spreadsheets write here."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Invalid("table.unreadable", file=name)
