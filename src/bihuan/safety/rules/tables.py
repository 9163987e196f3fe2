"""Small tables that people send or paste: rows under their headings, each fault by row. Pure."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from bihuan.core.errors import Invalid
from bihuan.core.evidence.cells import (
    CellFault,
    Column,
    Refusal,
    Report,
    columns_of,
    plain,
    read_date,
    read_figure,
)

Rows = Sequence[Sequence[str]]
Cell = TypeVar("Cell")
Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row")


class Left(Exception):
    """A row that is left out: which column, and why."""

    def __init__(self, column: str, code: str, facts: Mapping[str, object] | None = None) -> None:
        self.column, self.code, self.facts = column, code, facts or {}
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its number and its cells by column."""

    row: int
    cells: Mapping[str, str]

    def day(self, key: str) -> date:
        """A cell as a day. Raises Left("table.date")."""
        return self._read(key, read_date)

    def figure(self, key: str) -> float:
        """A cell as a number. Raises Left("table.figure")."""
        return self._read(key, read_figure)

    def whole(self, key: str) -> int:
        """A cell as a whole number, not below zero. Raises Left."""
        value = self.figure(key)
        if value != int(value) or value < 0:
            raise Left(key, "table.whole")
        return int(value)

    def _read(self, key: str, read: Callable[[str], Cell]) -> Cell:
        try:
            return read(self.cells.get(key, ""))
        except CellFault as fault:
            raise Left(key, str(fault)) from None

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


def each_once(
    lines: Sequence[Line], read: Callable[[Line], tuple[Key, Row]], *, twin: tuple[str, str]
) -> tuple[dict[Key, Row], tuple[Refusal, ...]]:
    """The rows that can be read, by their key; the others with why they are left out.

    `twin` is the column and the code for a row whose key came before.
    """
    given: dict[Key, Row] = {}
    refused = []
    for line in lines:
        try:
            key, row = read(line)
            if key in given:
                raise Left(*twin)
        except Left as left:
            refused.append(line.refused(left.column, left.code))
            continue
        given[key] = row
    return given, tuple(refused)


@dataclass(frozen=True, slots=True)
class Difference(Generic[Row]):
    """Rows of a table held against what is known: new ones, ones that say something else."""

    fresh: tuple[Row, ...]
    other: tuple[Row, ...]
    unchanged: int

    @property
    def to_write(self) -> tuple[Row, ...]:
        """What must be written."""
        return self.fresh + self.other

    def report(self, refusals: tuple[Refusal, ...]) -> Report:
        """As an import tells it."""
        return Report(added=len(self.fresh), changed=len(self.other), unchanged=self.unchanged,
                      refusals=refusals)  # fmt: skip


def difference(
    given: Mapping[Key, Row], known: Mapping[Key, object], says: Callable[[Row], object]
) -> Difference[Row]:
    """Hold rows against what is known by the same keys, in the words of `says`."""
    fresh = tuple(row for key, row in given.items() if key not in known)
    other = tuple(row for key, row in given.items() if key in known and known[key] != says(row))
    return Difference(fresh, other, len(given) - len(fresh) - len(other))
