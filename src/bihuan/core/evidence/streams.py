"""Read a table that is too large to be held: CSV line by line, from pieces of any size.

A workbook cannot be read in pieces: it has the limits of `tables`.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator

from bihuan.core.errors import Invalid
from bihuan.core.evidence.tables import MOST_BYTES, MOST_COLUMNS, OLD_OFFICE, read_tables

MOST_STREAMED = 300 * 1024 * 1024
MOST_LINES = 1_000_000
ENCODINGS = ("utf-8-sig", "gb18030")

Pieces = Callable[[], Iterator[bytes]]  # the file from its beginning, as often as it is asked for


class _Pipe(io.RawIOBase):
    """Pieces as a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces, self.rest = pieces, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self.rest:
            self.rest = memoryview(next(self.pieces, b""))
        n = min(len(buffer), len(self.rest))
        buffer[:n] = self.rest[:n]
        self.rest = self.rest[n:]
        return n


def stream_rows(pieces: Pieces, name: str) -> Iterator[tuple[str, int, list[str]]]:
    """Sheet, line and cells of each row; a CSV file has one sheet, named "csv".

    Raises Invalid("table.empty" | "too_large" | "encrypted" | "unreadable" | "too_many_rows").
    """
    head = _head(pieces())
    if not head:
        raise Invalid("table.empty", file=name)
    if head.startswith((b"PK", OLD_OFFICE)):
        data = b"".join(_limited(pieces(), name, MOST_BYTES))
        for sheet, rows in read_tables(data, name).items():
            yield from ((sheet, number, row) for number, row in enumerate(rows, start=1))
        return
    encoding = _encoding(pieces, name)
    text = io.TextIOWrapper(io.BufferedReader(_Pipe(pieces())), encoding, newline="")
    first = text.readline()
    comma = max((",", "\t", ";"), key=first.count)
    lines = csv.reader(_whole(first, text), delimiter=comma)
    try:
        for number, row in enumerate(lines, start=1):
            if number > MOST_LINES:
                raise Invalid("table.too_many_rows", file=name, limit=MOST_LINES)
            yield "csv", number, row[:MOST_COLUMNS]
    except csv.Error as fault:
        raise Invalid("table.unreadable", file=name) from fault


def _head(pieces: Iterator[bytes]) -> bytes:
    """The first bytes, however small the pieces are."""
    head = b""
    while len(head) < len(OLD_OFFICE) and (piece := next(pieces, b"")):
        head += piece
    return head


def _whole(first: str, rest: Iterable[str]) -> Iterator[str]:
    yield first
    yield from rest


def _limited(pieces: Iterable[bytes], name: str, most: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise Invalid("table.too_large", file=name, limit=most // 1024 // 1024)
        yield piece


def _encoding(pieces: Pieces, name: str) -> str:
    """UTF-16 by its mark, else UTF-8, else GB 18030: the whole file is looked through for it."""
    marked = _head(pieces()).startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ENCODINGS:
        try:
            text = codecs.iterdecode(_limited(pieces(), name, MOST_STREAMED), encoding)
            if not any("\0" in part for part in text):
                return encoding
        except UnicodeDecodeError:
            continue
    raise Invalid("table.unreadable", file=name)
