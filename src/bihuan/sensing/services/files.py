"""Counts that come as a file: what it would file, then the act. Zero is a report, empty is none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.evidence.cells import CellFault, Refusal, plain, read_date, read_figure
from bihuan.core.evidence.rules import safe_name
from bihuan.core.evidence.tables import Rows, read_tables
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.packs.diseases import diseases
from bihuan.core.places.models import Place
from bihuan.core.places.types import within
from bihuan.sensing.models import CountFile, Sentinel
from bihuan.sensing.selectors.sentinels import reportable
from bihuan.sensing.services.cases import bring_history
from bihuan.sensing.services.sentinels import OLDEST, report_counts
from bihuan.sensing.types import CasesOf, Count, FilePreview

HEADS = {
    "sentinel": ("哨点", "哨点名称", "sentinel", "site"),
    "day": ("日期", "报告日期", "date", "day"),
    "disease": ("病种", "疾病", "disease"),
    "place": ("地区", "县区", "地区编码", "place", "county", "code"),
    "n": ("例数", "病例数", "cases", "count", "n"),
}
KEEP = timedelta(days=1)


@transaction.atomic
def stage_counts(*, file_name: str, data: bytes, by: Actor, at: datetime) -> CountFile:
    """Keep a readable table. Raises NotAllowed, Invalid("table.…")."""
    if not by.has("sensing.report"):
        raise NotAllowed("not_allowed", duty="sensing.report")
    read_tables(data, safe_name(file_name))
    CountFile.objects.filter(created_at__lt=at - KEEP).delete()
    return CountFile.objects.create(
        post_id=by.post_id, scope=by.scope, file_name=safe_name(file_name), data=data,
        created_at=at,
    )  # fmt: skip


def fetch_file(*, file_id: int, by: Actor, lock: bool = False) -> CountFile:
    """The one door to a file: whoever brought it. Raises NotFound("counts.not_found")."""
    rows = CountFile.objects.select_for_update() if lock else CountFile.objects.all()
    row = rows.filter(pk=file_id, post_id=by.post_id).first() if by.has("sensing.report") else None
    if row is None:
        raise NotFound("counts.not_found", id=file_id)
    return row


def preview_counts(*, file_id: int, by: Actor, at: datetime) -> FilePreview:
    """What the file would file, and what it leaves out with row, column and reason."""
    read = _read(fetch_file(file_id=file_id, by=by), by, at)
    return FilePreview(len(read.counts), len(read.cases), read.zeros, tuple(read.refusals))


@transaction.atomic
def take_counts(*, file_id: int, by: Actor, at: datetime) -> int:
    """File what can be read; how many were new. Once for each file. Locks the file.

    Raises NotFound, Conflict("counts.acted"), Invalid("counts.no_table").
    """
    row = fetch_file(file_id=file_id, by=by, lock=True)
    if row.acted_at is not None:
        raise Conflict("counts.acted", file=row.file_name)
    read = _read(row, by, at)
    row.acted_at = at
    row.save(update_fields=["acted_at"])
    new = report_counts(counts=read.counts, by=by, at=at) if read.counts else 0
    return new + (bring_history(rows=read.cases, by=by, at=at) if read.cases else 0)


@dataclass
class _Read:
    counts: list[Count] = field(default_factory=list)
    cases: list[CasesOf] = field(default_factory=list)
    zeros: int = 0
    refusals: list[Refusal] = field(default_factory=list)


class _Left(Exception):
    """A cell that is left out: which column, and why."""

    def __init__(self, column: str, code: str, **facts: object) -> None:
        self.column, self.code, self.facts = column, code, facts
        super().__init__(code)


def _read(row: CountFile, by: Actor, at: datetime) -> _Read:
    lines = _lines(row)
    where = _where(lines[0])
    found = _Read()
    reader = _cases_reader(by, at) if "disease" in where else _counts_reader(lines[0], by, at)
    if "day" not in where or not ("disease" in where or "sentinel" in where):
        raise Invalid("counts.no_table", file=row.file_name)
    for number, line in enumerate(lines[1:], start=2):
        if not any(line):
            continue
        cell = {key: line[i] if i < len(line) else "" for key, i in where.items()}
        try:
            reader(found, cell, line, local_date(at))
        except _Left as left:
            said = cell.get(left.column, "")
            found.refusals.append(Refusal("", number, left.column, said, left.code, left.facts))
    return found


def _lines(row: CountFile) -> Rows:
    for lines in read_tables(bytes(row.data), row.file_name).values():
        if lines and any(lines[0]):
            return lines
    raise Invalid("counts.no_table", file=row.file_name)


def _where(heads: Sequence[str]) -> dict[str, int]:
    seen = {plain(head).casefold(): i for i, head in enumerate(heads)}
    return {key: seen[name] for key, names in HEADS.items() for name in names if name in seen}


Reader = Callable[[_Read, Mapping[str, str], list[str], date], None]


def _counts_reader(heads: Sequence[str], by: Actor, at: datetime) -> Reader:
    """A row for a sentinel and a day, a column for each stream."""
    sentinels = {plain(s.name).casefold(): s for s in reportable(by)}
    streams = _stream_columns(heads, at)
    names = {s.pk: set(s.streams) for s in sentinels.values()}

    def read(found: _Read, cell: Mapping[str, str], line: list[str], today: date) -> None:
        row = _sentinel(cell, sentinels)
        day = _day(cell, today, today - OLDEST)
        for stream, place in streams.items():
            said = plain(line[place]) if place < len(line) else ""
            if not said:
                continue
            if stream not in names[row.pk]:
                raise _Left("sentinel", "counts.stream", stream=heads[place])
            n = _number(said)
            found.counts.append(Count(row.pk, stream, day, n))
            found.zeros += n == 0

    return read


def _stream_columns(heads: Sequence[str], at: datetime) -> dict[str, int]:
    seen = {plain(head).casefold(): i for i, head in enumerate(heads)}
    rows = registry.table("stream", at)
    return {
        str(row["key"]): seen[plain(str(row[name])).casefold()]
        for row in rows
        for name in ("key", "title", "title_en")
        if plain(str(row[name])).casefold() in seen
    }


def _sentinel(cell: Mapping[str, str], known: Mapping[str, Sentinel]) -> Sentinel:
    row = known.get(plain(cell["sentinel"]).casefold())
    if row is None:
        raise _Left("sentinel", "counts.sentinel")
    return row


def _cases_reader(by: Actor, at: datetime) -> Reader:
    """Counts of earlier years: a row for a disease, a county and a day."""
    if not by.has("sensing.manage"):
        raise NotAllowed("not_allowed", duty="sensing.manage")
    codes = {
        word.casefold(): d.code for d in diseases(at) for word in (d.code, d.title, d.title_en)
    }
    places = Place.objects.filter(within("path", by.scope), level="county", valid_to=None)
    paths = {word: path for path, code, name in places.values_list("path", "code", "name")
             for word in (code, name.casefold())}  # fmt: skip

    def read(found: _Read, cell: Mapping[str, str], _line: list[str], today: date) -> None:
        code = codes.get(plain(cell["disease"]).casefold())
        path = paths.get(plain(cell.get("place", "")).casefold())
        if code is None:
            raise _Left("disease", "counts.disease")
        if path is None:
            raise _Left("place", "counts.place")
        found.cases.append(CasesOf(code, path, _day(cell, today, date(2000, 1, 1)),
                                   _number(plain(cell.get("n", "")))))  # fmt: skip

    return read


def _day(cell: Mapping[str, Any], today: date, oldest: date) -> date:
    try:
        day = read_date(cell["day"])
    except CellFault:
        raise _Left("day", "table.date") from None
    if not oldest <= day <= today:
        raise _Left("day", "counts.day", oldest=oldest.isoformat())
    return day


def _number(said: str) -> int:
    try:
        n = read_figure(said)
    except CellFault:
        raise _Left("n", "counts.number", value=said) from None
    if n < 0 or n > 1_000_000 or n != int(n):
        raise _Left("n", "counts.number", value=said)
    return int(n)
