"""Rows of a register's table, judged line by line into what the database copies. Pure.

Nothing here knows the database: a process beside the one that talks with it may do this work.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Protocol

from bihuan.core.evidence.cells import (
    CellFault,
    Column,
    columns_of,
    plain,
    read_figure,
    unshielded,
)
from bihuan.safety.rules.fields import MOST_KNOWN, OwnCells
from bihuan.safety.rules.sheet import COMMON, OWN, SENSOR
from bihuan.safety.rules.tables import Left

# Code, name, place, scope, and the JSON of what has no column of its own.
Waiting = tuple[str, str, int, str, str]
Line = tuple[str, int, list[str]]  # sheet, number, cells
Judged = tuple[bytes, bytes]  # rows that can be taken and rows that cannot, as COPY reads them

dumped = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Rows(Protocol):
    """What the rows of a register must hold."""

    @property
    def columns(self) -> Sequence[Column]:
        """Those that a sheet may have; it must have the first to be read."""
        ...

    def read(self, cells: Sequence[str]) -> Waiting:
        """Cells in the order of the columns. Raises Left."""
        ...


class Judge:
    """Judges the lines of one file in their order; where its columns stand the first one says."""

    def __init__(self, upload_id: int, rows: Rows) -> None:
        self.upload_id, self.rows = upload_id, rows
        self._cells_of: Callable[[list[str]], Sequence[str]] | None = None

    def __call__(self, lines: Sequence[Line]) -> Judged:
        """What the lines come to."""
        taken: list[str] = []
        refused: list[str] = []
        for sheet, number, row in lines:
            if number == 1:
                self._begin(row)
                continue
            if self._cells_of is None or not any(row):
                continue
            cells = self._cells_of(row)
            try:
                taken.append(copied((self.upload_id, number, sheet, *self.rows.read(cells))))
            except Left as left:
                refused.append(copied(self._refusal(sheet, number, cells, left)))
        return "".join(taken).encode(), "".join(refused).encode()

    def _begin(self, heads: list[str]) -> None:
        columns = self.rows.columns
        found = columns_of(columns, heads)
        self._cells_of = _picker(columns, found) if columns[0].key in found else None

    def _refusal(
        self, sheet: str, number: int, cells: Sequence[str], left: Left
    ) -> tuple[object, ...]:
        place = next(n for n, one in enumerate(self.rows.columns) if one.key == left.column)
        said = cells[place].replace("\0", "")[:200]
        return self.upload_id, sheet, number, left.column, said, left.code, dumped(left.facts)


def _picker(
    columns: Sequence[Column], found: Mapping[str, int]
) -> Callable[[list[str]], Sequence[str]]:
    """How the cells of a row are put in the order of the register's columns; what lacks is ""."""
    order = [found.get(column.key, -1) for column in columns]
    width = max(order) + 1
    pick: Callable[[list[str]], Sequence[str]] = itemgetter(*order)

    def cells_of(row: list[str]) -> Sequence[str]:
        cells = pick([*row[:width], *[""] * (width - len(row)), ""])  # the last is number -1
        if "'" in "".join(cells):
            return [unshielded(cell) for cell in cells]
        return cells

    return cells_of


def copied(row: Sequence[object]) -> str:
    """A row as COPY reads it. Hardly any needs a mark before one of its signs: looked at whole."""
    text = "\t".join(map(str, row))
    if text.count("\t") >= len(row) or "\\" in text or "\n" in text or "\r" in text:
        text = "\t".join(str(cell).translate(_MARKED) for cell in row)
    return f"{text}\n"


_MARKED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _figure(text: str, column: str) -> float | None:
    """A number, or nothing. Raises Left("table.figure")."""
    if not text.strip():
        return None
    try:
        return read_figure(text)
    except CellFault as fault:
        raise Left(column, str(fault)) from None


def _words(text: str, most: int) -> str:
    """A cell as it is kept; PostgreSQL holds no NUL in a text."""
    if not text:
        return text
    return plain(text).replace("\0", "")[:most]


@dataclass(slots=True)
class EstablishmentRows:
    """Establishments of a kind, and everything their rows may name."""

    columns: tuple[Column, ...]
    schema: Mapping[str, Any]
    sector: str  # of the kind: where a row names none
    places: Mapping[str, tuple[int, str]]  # by code: key and path
    own_code: str  # the place of who imports
    sectors: frozenset[str]
    units: Mapping[tuple[str, int], int]  # by name and place
    _read: OwnCells = field(init=False)
    _own: dict[tuple[str, ...], str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._read = OwnCells(self.schema)

    def read(self, cells: Sequence[str]) -> Waiting:
        """Code, name, place, scope and the rest of a row. Raises Left."""
        name = _words(cells[0], 120)
        if not name:
            raise Left("name", "establishment.no_name")
        pk, path = self._place(cells[1])
        sector = plain(cells[3]) or self.sector
        if sector and sector not in self.sectors:
            raise Left("sector", "establishment.sector")
        parts = [f'"sector":{dumped(sector)}', *_beside(cells)]
        parts.append(f'"own":{self._own_json(cells[len(COMMON) :])}')
        unit = self.units.get((plain(cells[7]) or name, pk)) if self.units else None
        if unit is not None:
            parts.append(f'"unit_id":{unit}')
        return _words(cells[2], 40), name, pk, path, f"{{{','.join(parts)}}}"

    def _place(self, text: str) -> tuple[int, str]:
        """Key and path of a place; as its code is written mostly. Raises Left."""
        found = self.places.get(text) or self.places.get(plain(text) or self.own_code)
        if found is None:
            raise Left("place", "establishment.place")
        return found

    def _own_json(self, cells: Sequence[str]) -> str:
        """The own fields as they are kept; cells that came together before are. Raises Left."""
        key = tuple(cells)
        known = self._own.get(key)
        if known is None:
            values, fault = self._read.read(cells)
            if fault is not None:
                raise Left(f"{OWN}{fault.key}", fault.code, fault.facts)
            known = dumped(values)
            if len(self._own) < MOST_KNOWN:
                self._own[key] = known
        return known


def _beside(cells: Sequence[str]) -> Iterator[str]:
    """What is filled in of the columns that no other row is compared by, as JSON. Raises Left."""
    for key, at, most in (("address", 4, 200), ("registered_in", 5, 80), ("head", 6, 50)):
        if cells[at] and (said := _words(cells[at], most)):
            yield f'"{key}":{dumped(said)}'
    for key, at, most in (("lon", 8, 180), ("lat", 9, 90)):
        if cells[at] and (value := _figure(cells[at], key)) is not None:
            if abs(value) > most:
                raise Left(key, "field.degrees", {"limit": most})
            yield f'"{key}":{value!r}'


@dataclass(frozen=True, slots=True)
class SensorRows:
    """Sensors; the place of each is that of its establishment, found later."""

    place_id: int
    scope: str
    columns: tuple[Column, ...] = SENSOR

    def read(self, cells: Sequence[str]) -> Waiting:
        """Code, name, place, scope and the rest of a row. Raises Left."""
        code, name, measure = _words(cells[0], 40), _words(cells[1], 120), _words(cells[3], 20)
        for column, said in (("code", code), ("name", name), ("measure", measure)):
            if not said:
                raise Left(column, "sensor.incomplete")
        low, high = _figure(cells[4], "low"), _figure(cells[5], "high")
        if (low is None and high is None) or (None not in (low, high) and low >= high):  # type: ignore[operator]
            raise Left("high", "sensor.limits")
        silent = _figure(cells[6], "silent")
        if silent is not None and (silent < 1 or silent != int(silent) or silent > 10_000_000):
            raise Left("silent", "field.whole")
        data: dict[str, Any] = {"licence": plain(cells[2]).replace("\0", ""), "measure": measure,
                                "low": low, "high": high}  # fmt: skip
        if silent is not None:
            data["silent"] = int(silent)
        return code, name, self.place_id, self.scope, dumped(data)
