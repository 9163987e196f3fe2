"""Small tables that people send or paste: rows under their headings, each fault by row. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bihuan.core.errors import Invalid
from bihuan.core.evidence.cells import (
    CellFault,
    Column,
    Refusal,
    columns_of,
    plain,
    read_date,
    read_figure,
)

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its number and its cells by column."""

    row: int
    cells: Mapping[str, str]

    def day(self, key: str) -> date:
        """A cell as a day. Raises CellFault("table.date")."""
        return read_date(self.cells.get(key, ""))

    def figure(self, key: str) -> float:
        """A cell as a number. Raises CellFault("table.figure")."""
        return read_figure(self.cells.get(key, ""))

    def whole(self, key: str) -> int:
        """A cell as a whole number, not below zero. Raises CellFault."""
        value = self.figure(key)
        if value != int(value) or value < 0:
            raise CellFault("table.whole")
        return int(value)

    def refused(self, column: str, code: str, **facts: object) -> Refusal:
        """Why the row is left out, and which of its cells says so."""
        return Refusal("", self.row, column, self.cells.get(column, ""), code, facts)


def lines_of(rows: Rows, columns: Sequence[Column], needed: Sequence[str]) -> tuple[Line, ...]:
    """The rows below the headings; empty ones are passed over.

    Raises Invalid("table.headings", heads=[…]) naming the headings that are missing.
    """
    filled = [row for row in rows if any(plain(cell) for cell in row)]
    places = columns_of(columns, filled[0]) if filled else {}
    lost = [column.zh for column in columns if column.key in needed and column.key not in places]
    if lost:
        raise Invalid("table.headings", field="file", heads=lost)
    return tuple(
        Line(number, {key: plain(row[at]) for key, at in places.items() if at < len(row)})
        for number, row in enumerate(rows, start=1)
        if row is not filled[0] and any(plain(cell) for cell in row)
    )
