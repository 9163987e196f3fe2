"""What the import of a register needs to know of it."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from bihuan.core.evidence.cells import CellFault, Column, plain, read_figure
from bihuan.safety.rules.tables import Left

# Upload, line, sheet, then: code, name, place, scope, and what has no column of its own.
Waiting = tuple[Any, ...]


class Register(Protocol):
    """A register that a table is imported into."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """Those that a sheet may have."""
        ...

    @property
    def key(self) -> str:
        """The column that a sheet must have to be read."""
        ...

    @property
    def action(self) -> str:
        """How audit names the import."""
        ...

    def read(self, cells: Sequence[str]) -> Waiting:
        """Code, name, place, scope and the JSON of the rest, of cells in order. Raises Left."""
        ...

    def place_of(self, column: str) -> int:
        """Where a column stands among the cells."""
        ...

    def matching(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Statements that find what is there already, and refuse what cannot be written."""
        ...

    def write(self, cursor: Any, first: int, last: int) -> int:
        """Write the rows that wait within these ids, and take them away; how many there were."""
        ...


dumped = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def copied(row: Sequence[object]) -> str:
    """A row as COPY reads it. Hardly any needs a mark before one of its signs: looked at whole."""
    text = "\t".join(map(str, row))
    if text.count("\t") >= len(row) or "\\" in text or "\n" in text or "\r" in text:
        text = "\t".join(str(cell).translate(_MARKED) for cell in row)
    return f"{text}\n"


_MARKED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def figure(text: str, column: str) -> float | None:
    """A number, or nothing. Raises Left("table.figure")."""
    if not text.strip():
        return None
    try:
        return read_figure(text)
    except CellFault as fault:
        raise Left(column, str(fault)) from None


def words(text: str, most: int) -> str:
    """A cell as it is kept; PostgreSQL holds no NUL in a text."""
    if not text:
        return text
    return plain(text).replace("\0", "")[:most]


# The later of two rows that speak of the same thing; `thing` tells them apart.
TWICE = """
WITH told AS (
    SELECT id, row_number() OVER (PARTITION BY {thing} ORDER BY id) AS n
    FROM safety_uploadrow WHERE upload_id = %(upload)s
), gone AS (
    DELETE FROM safety_uploadrow r USING told WHERE r.id = told.id AND told.n > 1
    RETURNING r.upload_id, r.sheet, r.number, r.code, r.name
)
INSERT INTO safety_uploadrefusal (upload_id, sheet, "row", "column", value, code, facts)
SELECT upload_id, sheet, number, CASE code WHEN '' THEN 'name' ELSE 'code' END,
       CASE code WHEN '' THEN name ELSE code END, '{code}', '{{}}' FROM gone
"""
# Rows that meet a condition are refused, with the column `column` and the text `value`.
REFUSED = """
WITH gone AS (
    DELETE FROM safety_uploadrow r WHERE r.upload_id = %(upload)s AND {condition}
    RETURNING r.upload_id, r.sheet, r.number, r.code, r.data
)
INSERT INTO safety_uploadrefusal (upload_id, sheet, "row", "column", value, code, facts)
SELECT upload_id, sheet, number, '{column}', {value}, '{code}', {facts} FROM gone
"""
