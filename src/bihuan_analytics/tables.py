"""Tables at the edge: CSV and Parquet files, Polars and Arrow frames, to checked arrays.

Every refusal names the row of the file (the first row of data of a CSV file is row 2) and the
column.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from bihuan_analytics.arrays import Bools, Days, Floats, Ints
from bihuan_analytics.errors import NumericsError

ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class Table:
    """Columns by name, all of one length; first_row: number of the first row of data."""

    columns: Mapping[str, Sequence[object]]
    first_row: int = 1

    @property
    def length(self) -> int:
        """Rows of data."""
        return len(next(iter(self.columns.values()), ()))

    def column(self, name: str) -> Sequence[object]:
        """Values as they came. Raises "table.no_column" with the names there are."""
        if name not in self.columns:
            raise NumericsError("table.no_column", column=name, columns=list(self.columns))
        return self.columns[name]

    def texts(self, name: str) -> list[str]:
        """Values as text, empty where there is none."""
        return ["" if value is None else str(value).strip() for value in self.column(name)]

    def numbers(self, name: str) -> Floats:
        """Values as float64, NaN where a cell is empty. Raises "table.not_number" with the row."""
        return np.array(self._each(name, _number, "table.not_number"), dtype=np.float64)

    def counts(self, name: str) -> tuple[Floats, Bools]:
        """Whole numbers >= 0, and where there is one; an empty cell is a count not known.

        Raises:
            NumericsError: "table.not_number", "array.negative" or "counts.fractional" with row
                and column.
        """
        values = self.numbers(name)
        known = ~np.isnan(values)
        for code, bad in (
            ("array.negative", values < 0),
            ("counts.fractional", known & (values != np.floor(values))),
        ):
            if bad.any():
                place = int(np.argmax(bad))
                raise self.refusal(code, name, place)
        return np.where(known, values, 0.0), known

    def whole(self, name: str) -> Ints:
        """Whole numbers, none missing. Raises "counts.fractional" with row and column."""
        values = self.numbers(name)
        bad = np.isnan(values) | (values != np.floor(values))
        if bad.any():
            raise self.refusal("counts.fractional", name, int(np.argmax(bad)))
        return values.astype(np.int64)

    def days(self, name: str) -> Days:
        """Dates, none missing. Raises "table.not_date" with row and column."""
        return np.array(self._each(name, _day, "table.not_date"), dtype="datetime64[D]")

    def minutes(self, name: str) -> Ints:
        """Minutes since 1970, from whole numbers (taken as they are) or dates with times."""
        values = self._each(name, _minute, "table.not_date")
        return np.array(values, dtype=np.int64)

    def places(self, name: str, among: Sequence[str]) -> Ints:
        """Position of each value in a list of names. Raises "table.unknown_name" with the row."""
        number = {text: place for place, text in enumerate(among)}
        found = [number.get(text, -1) for text in self.texts(name)]
        if -1 in found:
            raise self.refusal("table.unknown_name", name, found.index(-1))
        return np.array(found, dtype=np.int64)

    def refusal(self, code: str, name: str, place: int) -> NumericsError:
        """An error about one cell."""
        value = self.columns[name][place]
        return NumericsError(code, row=self.first_row + place, column=name, value=value)

    def _each(self, name: str, reader: Callable[[object], Any], code: str) -> list[Any]:
        read = []
        for place, value in enumerate(self.column(name)):
            try:
                read.append(reader(value))
            except (TypeError, ValueError) as fault:
                raise self.refusal(code, name, place) from fault
        return read


@dataclass(frozen=True, slots=True)
class Panel:
    """Series over an even calendar: dates (T,), names (S,), counts and known (S, T)."""

    dates: Days
    names: tuple[str, ...]
    counts: Floats
    known: Bools


def read_table(path: Path) -> Table:
    """A CSV file (UTF-8 or GB 18030, with a head) or a Parquet file.

    Raises:
        NumericsError: "table.unreadable"; "table.empty"; "table.ragged" with the row.
    """
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise NumericsError("table.unreadable", file=str(path), reason=fault.strerror) from fault
    if path.suffix.lower() in (".parquet", ".pq"):
        return _parquet(data, path.name)
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _csv(text, path.name)
    raise NumericsError("table.unreadable", file=path.name)


def table_of(frame: Any) -> Table:
    """A Polars frame, an Arrow table or anything that speaks Arrow's C interface.

    Raises:
        NumericsError: "table.unreadable".
    """
    import polars as pl

    try:
        data = frame if isinstance(frame, pl.DataFrame) else pl.DataFrame(frame)
    except (TypeError, ValueError) as fault:
        raise NumericsError("table.unreadable", kind=type(frame).__name__) from fault
    return Table({name: data[name].to_list() for name in data.columns})


def panel(table: Table, date_column: str, values: Sequence[str], series: str = "") -> Panel:
    """Lay counts on an even calendar; times without a row are not known.

    Args:
        table: one row for each time (several `values`), or, with `series`, one row for each time
            and series (one of `values`).

    Raises:
        NumericsError: "dates.duplicated" and "dates.unsorted" with the row (rows of a long table
            may come in any order); "table.empty"; and what the readers of a column raise.
    """
    days = table.days(date_column)
    if days.size == 0:
        raise NumericsError("table.empty", column=date_column)
    if not series:
        _check_rising(table, days, date_column)
        cells = [table.counts(name) for name in values]
        names: tuple[str, ...] = tuple(values)
        rows = [np.arange(days.size)] * len(values)
        counts = np.concatenate([count for count, _ in cells])
        known = np.concatenate([there for _, there in cells])
    else:
        labels = table.texts(series)
        names = tuple(dict.fromkeys(labels))
        counts, known = table.counts(values[0])
        code = np.array([names.index(label) for label in labels])
        _check_single(table, days, code, date_column)
        rows = [np.flatnonzero(code == number) for number in range(len(names))]
        order = np.concatenate(rows)
        counts, known = counts[order], known[order]
    offset = (days - days.min()).astype(np.int64)
    step = max(int(np.gcd.reduce(offset)), 1)
    place = offset // step
    shape = (len(names), int(place.max()) + 1)
    laid, there = np.zeros(shape), np.zeros(shape, dtype=np.bool_)
    where = np.repeat(np.arange(len(names)), [row.size for row in rows])
    laid[where, place[np.concatenate(rows)]] = counts
    there[where, place[np.concatenate(rows)]] = known
    return Panel(days.min() + step * np.arange(shape[1]), names, laid, there)


def _check_rising(table: Table, days: Days, name: str) -> None:
    step = np.diff(days).astype(np.int64)
    for code, bad in (("dates.duplicated", step == 0), ("dates.unsorted", step < 0)):
        if bad.any():
            raise table.refusal(code, name, int(np.argmax(bad)) + 1)


def _check_single(table: Table, days: Days, code: Ints, name: str) -> None:
    key = np.stack([code, days.astype(np.int64)])
    order = np.lexsort(key)
    same = (np.diff(key[:, order], axis=1) == 0).all(axis=0)
    if same.any():
        raise table.refusal("dates.duplicated", name, int(order[1:][same].min()))


def _csv(text: str, name: str) -> Table:
    lines = list(csv.reader(io.StringIO(text, newline="")))
    while lines and not lines[-1]:
        lines.pop()
    if len(lines) < 2:
        raise NumericsError("table.empty", file=name)
    head = [cell.strip() for cell in lines[0]]
    body = lines[1:]
    for place, line in enumerate(body):
        if len(line) != len(head):
            raise NumericsError("table.ragged", row=place + 2, cells=len(line), columns=len(head))
    return Table({cell: [line[i] for line in body] for i, cell in enumerate(head)}, first_row=2)


def _parquet(data: bytes, name: str) -> Table:
    import polars as pl

    try:
        frame = pl.read_parquet(io.BytesIO(data))
    except pl.exceptions.PolarsError as fault:
        raise NumericsError("table.unreadable", file=name) from fault
    return table_of(frame)


def _number(value: object) -> float:
    if value is None or (isinstance(value, str) and not value.strip()):
        return float("nan")
    number = float(value)  # type: ignore[arg-type]  # whatever cannot be one raises
    if not np.isfinite(number):
        raise ValueError
    return number


def _day(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value).strip()[:10])


def _minute(value: object) -> int:
    if isinstance(value, int) or (isinstance(value, str) and value.strip().isdigit()):
        return int(value)
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
    return int(np.datetime64(moment.replace(tzinfo=None), "m").astype(np.int64))
