"""Word and PDF files to text, with the refusals that such files need."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final

from docx import Document
from docx.document import Document as DocumentObject
from docx.table import Table
from docx.text.paragraph import Paragraph
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from bihuan.intake.communique.errors import (
    DAMAGED_FILE,
    ENCRYPTED_PDF,
    SCANNED_PDF,
    UNKNOWN_FORMAT,
    ZIP_BOMB,
    Unreadable,
)

_LARGEST_UNPACKED: Final = 60 * 1024 * 1024
_LARGEST_RATIO: Final = 200
_MOST_FILES: Final = 2000
_MOST_PAGES: Final = 400
_STOPS: Final = "。！？；：:;!?”）)"


def docx_text(data: bytes) -> str:
    """The paragraphs and table rows of a Word file, in their order."""
    _check_archive(data)
    try:
        document = Document(io.BytesIO(data))
    except (KeyError, ValueError, zipfile.BadZipFile, SyntaxError) as error:
        raise Unreadable(DAMAGED_FILE) from error
    return "\n".join(_lines(document))


def _check_archive(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise Unreadable(DAMAGED_FILE) from error
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    if unpacked > _LARGEST_UNPACKED or len(parts) > _MOST_FILES:
        raise Unreadable(ZIP_BOMB, unpacked=unpacked)
    if unpacked > 1024 * 1024 and unpacked / packed > _LARGEST_RATIO:
        raise Unreadable(ZIP_BOMB, unpacked=unpacked)
    if not any(part.filename == "word/document.xml" for part in parts):
        raise Unreadable(UNKNOWN_FORMAT)


def _lines(document: DocumentObject) -> list[str]:
    lines: list[str] = []
    for part in document.iter_inner_content():
        if isinstance(part, Paragraph):
            lines += part.text.split("\n")
        elif isinstance(part, Table):
            for row in part.rows:
                cells = dict.fromkeys(cell.text.strip() for cell in row.cells)
                lines.append(" ".join(cell for cell in cells if cell))
    return lines


def pdf_text(data: bytes) -> str:
    """The text layer of a PDF, its wrapped lines joined into paragraphs."""
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable(ENCRYPTED_PDF)
        pages = [page.extract_text() for page in reader.pages[:_MOST_PAGES]]
    except (PyPdfError, ValueError, KeyError, RecursionError, NotImplementedError) as error:
        raise Unreadable(DAMAGED_FILE) from error
    text = "\n".join(pages)
    if len(text.strip()) < 20:
        raise Unreadable(SCANNED_PDF, pages=len(pages))
    return rejoined(text)


def rejoined(text: str) -> str:
    """Paragraphs out of hard-wrapped lines: a full line without a stop goes on in the next."""
    lines = [line.rstrip() for line in text.split("\n")]
    widths = sorted(len(line) for line in lines if len(line) > 15)
    if len(widths) < 4:
        return text
    full = widths[len(widths) * 3 // 4] - 3
    out: list[str] = []
    open_line = False
    for line in lines:
        if re.fullmatch(r"\s{0,20}[-—–]?\s{0,5}\d{1,4}\s{0,5}[-—–]?\s{0,20}", line):
            continue
        if open_line and line and not line.startswith(("\u3000\u3000", "    ")):
            out[-1] += line.lstrip()
        else:
            out.append(line)
        open_line = len(line) >= full and (line[-1:] not in _STOPS or len(line) > full + 2)
        open_line = open_line and line[-1:] not in "。！？"
    return "\n".join(out)
