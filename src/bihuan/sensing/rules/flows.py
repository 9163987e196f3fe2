"""Forecasts of arrivals as people write them, and what a gate lacks. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bihuan.core.evidence.cells import CellFault, plain, read_date, read_figure

HEADS = {
    "gate": ("卡口", "站点", "gate"),
    "day": ("日期", "到达日期", "day", "date"),
    "n": ("人数", "到达人数", "people", "n", "count"),
    "source": ("来源", "source"),
    "group": ("单位", "学校或园区", "group", "school", "park"),
}
ORDER = ("gate", "day", "n", "source", "group")
SOURCES = {
    "total": ("", "total", "总量", "票务", "路网", "总量预测(票务、路网)"),
    "school": ("school", "学校", "返校", "学校返校方案"),
    "enterprise": ("enterprise", "park", "企业", "园区", "返岗", "企业、园区返岗方案"),
}
MOST_LINES = 5_000
MOST_PEOPLE = 5_000_000
FARTHEST = timedelta(days=120)
_COMMAS = re.compile("[,\uff0c]")
_IDENTIFYING = re.compile(r"\d{11,}")  # a telephone or an identity number


@dataclass(frozen=True, slots=True)
class Line:
    """A row that can be taken; `gate` is a name still to be found."""

    row: int
    gate: str
    day: date
    source: str
    group: str
    n: int


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that cannot be taken: what it says, and the code of the reason."""

    row: int
    said: str
    code: str


class _Left(ValueError):
    """Why a row is left out; the message is the code."""


def read_flow_lines(text: str, today: date) -> tuple[tuple[Line, ...], tuple[Fault, ...]]:
    """Rows of gate, day, people, source, group: under headings in any order, else in this one.

    Tabs divide, or commas where there is none. Empty rows are passed over; of two rows about the
    same the first is taken.
    """
    taken: dict[tuple[str, date, str, str], Line] = {}
    faults: list[Fault] = []
    where = {key: i for i, key in enumerate(ORDER)}
    for row, said in enumerate(text.splitlines(), start=1):
        cells = [
            plain(cell) for cell in (said.split("\t") if "\t" in said else _COMMAS.split(said))
        ]
        if not any(cells):
            continue
        heads = _heads(cells)
        if heads and not taken and not faults:
            where = heads
            continue
        try:
            line = _line(row, {key: cells[i] for key, i in where.items() if i < len(cells)}, today)
            key = (line.gate.casefold(), line.day, line.source, line.group)
            if key in taken:
                raise _Left("flow.row_twice")
            if len(taken) == MOST_LINES:
                raise _Left("flow.row_too_many")
            taken[key] = line
        except _Left as left:
            faults.append(Fault(row, _IDENTIFYING.sub("…", said)[:60], str(left)))
    return tuple(taken.values()), tuple(faults)


def _heads(cells: Sequence[str]) -> dict[str, int]:
    seen = {cell.casefold(): i for i, cell in enumerate(cells)}
    found = {key: seen[name] for key, names in HEADS.items() for name in names if name in seen}
    return found if {"gate", "day", "n"} <= set(found) else {}


def _line(row: int, cell: Mapping[str, str], today: date) -> Line:
    group = cell.get("group", "")
    if _IDENTIFYING.search(cell.get("gate", "") + group):
        raise _Left("flow.row_identifies")
    if not cell.get("gate"):
        raise _Left("flow.row_gate")
    said = cell.get("source", "").casefold()
    source = next((key for key, names in SOURCES.items() if said in names), None)
    if source is None:
        raise _Left("flow.row_source")
    if (source == "total") == bool(group) or len(group) > 80:
        raise _Left("flow.row_group")
    return Line(row, cell["gate"], _day(cell.get("day", ""), today), source, group,
                _people(cell.get("n", "")))  # fmt: skip


def _day(said: str, today: date) -> date:
    try:
        day = read_date(said)
    except CellFault:
        raise _Left("table.date") from None
    if not today <= day <= today + FARTHEST:
        raise _Left("flow.row_day")
    return day


def _people(said: str) -> int:
    try:
        n = read_figure(said)
    except CellFault:
        raise _Left("table.figure") from None
    if n != int(n) or not 0 <= n <= MOST_PEOPLE:
        raise _Left("flow.row_people")
    return int(n)


@dataclass(frozen=True, slots=True)
class GateDay:
    """What is expected at a gate on a day, and what it can take."""

    day: date
    total: int | None  # everybody, where somebody forecast it
    school: int
    enterprise: int
    checks: int
    tests: int | None  # None: nobody is tested here
    test_share: float = 1.0  # of those expected
    told: bool = True  # whether anybody forecast the day: nothing said is not nobody

    @property
    def planned(self) -> int:
        """Returns of schools and enterprises: those that can be asked to come on another day."""
        return self.school + self.enterprise

    @property
    def expected(self) -> int:
        """The total, or the sum of the plans where it is larger: plans are parts of the total."""
        return max(self.total or 0, self.planned)

    @property
    def short(self) -> int:
        """People who cannot be checked and let through."""
        return max(self.expected - self.checks, 0)

    @property
    def tested(self) -> int:
        """People who are to be tested."""
        return round(self.expected * self.test_share)

    @property
    def untested(self) -> int:
        """People to be tested for whom there is no test."""
        return 0 if self.tests is None else max(self.tested - self.tests, 0)
