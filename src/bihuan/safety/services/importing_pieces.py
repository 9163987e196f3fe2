"""A file in the database, piece by piece: nothing of it is held in memory."""

from collections.abc import Iterable, Iterator

from django.db import connection
from psycopg import Cursor

from bihuan.core.errors import Invalid
from bihuan.core.evidence.streams import MOST_STREAMED, stream_rows
from bihuan.safety.models import Upload
from bihuan.safety.rules.registers import Line

PIECE = 1024 * 1024

# As bytes over the wire, not through Django: written out in digits they would be twice as many.
_KEEP = "INSERT INTO safety_uploadpart (upload_id, number, data) VALUES (%s, %s, %b)"
_PIECE = "SELECT data FROM safety_uploadpart WHERE upload_id = %s AND number = %s"


def keep_pieces(upload: Upload, pieces: Iterable[bytes]) -> None:
    """Keep a file, its pieces of any size, and add up its size. Raises Invalid("table.too_large")."""
    for number, piece in enumerate(_cut(pieces, upload.file_name)):
        with Cursor(connection.connection) as cursor:
            cursor.execute(_KEEP, (upload.pk, number, piece))
        upload.size += len(piece)


def _cut(pieces: Iterable[bytes], name: str) -> Iterator[bytes]:
    rest, size = b"", 0
    for piece in pieces:
        rest += piece
        size += len(piece)
        if size > MOST_STREAMED:
            raise Invalid("table.too_large", file=name, limit=MOST_STREAMED // 1024 // 1024)
        while len(rest) >= PIECE:
            yield rest[:PIECE]
            rest = rest[PIECE:]
    if rest:
        yield rest


def lines_of(upload: Upload) -> Iterator[Line]:
    """Sheet, line and cells of each row; `passed` says how far the file was read. Raises Invalid."""

    def pieces() -> Iterator[bytes]:
        upload.passed = 0
        for number in range(-(-upload.size // PIECE)):
            data = _piece(upload, number)
            upload.passed += len(data)
            yield data

    return stream_rows(pieces, upload.file_name)


def _piece(upload: Upload, number: int) -> bytes:
    connection.ensure_connection()
    with Cursor(connection.connection) as cursor:
        cursor.execute(_PIECE, (upload.pk, number), binary=True)
        (data,) = cursor.fetchone() or (b"",)
        return bytes(data)
