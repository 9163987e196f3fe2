"""Line lists: the door to one, what its file says now, and what became of those before."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotFound
from bihuan.core.evidence.cells import Refusal, unshielded
from bihuan.core.evidence.tables import Rows, read_tables
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.packs.types import Pack
from bihuan.core.places.models import Place
from bihuan.core.places.types import within
from bihuan.core.vault import bulk
from bihuan.core.vault.rules import POSSIBLE, keys, similarity
from bihuan.core.vault.types import Identity
from bihuan.epidemic.models import Event, LineList, LineRow
from bihuan.epidemic.rules.lists import (
    UNDO,
    Defaults,
    Read,
    RowFault,
    Vocabulary,
    nameless,
    read_row,
    said_words,
)
from bihuan.epidemic.selectors.sight import events_seen
from bihuan.epidemic.types import AGES, Doubt, ListPreview, ListRow

FAMILY = "line-list"
BATCH = 250  # rows that are looked up, and later written, together
CROWD = 50  # of one key: more namesakes than this tell nothing


def fetch_list(*, list_id: int, by: Actor, lock: bool = False) -> LineList:
    """The one door to a line list: the body that brought it. Raises NotFound("list.not_found")."""
    rows = LineList.objects.select_related("event__place")
    if lock:
        rows = rows.select_for_update(of=("self",))
    own = rows.filter(pk=list_id, org_id=by.org_id) if by.has("case.write") else rows.none()
    row = own.first()
    if row is None or not Event.objects.filter(events_seen(by), pk=row.event_id).exists():
        raise NotFound("list.not_found", id=list_id)
    return row


def list_rows(*, event: Event, by: Actor, at: datetime) -> tuple[ListRow, ...]:
    """Lists that the reader's body brought to an event, newest first. One query."""
    rows = LineList.objects.filter(event=event, org_id=by.org_id, created_at__lte=at)
    return tuple(list_row(row, at) for row in rows.order_by("-pk")[:50])


def list_row(row: LineList, at: datetime) -> ListRow:
    """One import as lists show it."""
    until = undo_until(row)
    return ListRow(
        row.pk, row.file_name, row.created_at, row.created_by, state_of(row), dict(row.report),
        until if until and until > at and row.undone_at is None else None,
    )  # fmt: skip


def place_code(row: LineList) -> str:
    """Code of the place that holds where the list says none. One query."""
    return Place.objects.get(pk=row.given.get("place", row.event.place_id)).code


def state_of(row: LineList) -> str:
    """draft | broken_off | taken | undone."""
    if row.undone_at is not None:
        return "undone"
    if row.acted_at is not None:
        return "taken"
    return "broken_off" if row.begun_at is not None else "draft"


def undo_until(row: LineList) -> datetime | None:
    """Until when an import may be taken back."""
    if row.acted_at is None:
        return None
    hours = float(registry.value(UNDO, row.acted_at, scope=row.scope).value)
    return row.acted_at + timedelta(hours=hours)


def lines_of(row: LineList, at: datetime) -> tuple[list[str], Rows]:
    """Headings and rows of the first sheet that has any. Raises Conflict("list.gone"), Invalid."""
    if not row.content:
        raise Conflict("list.gone", file=row.file_name)
    data = bulk.open_paper(bytes(row.content), collection=row.event.collection, at=at)
    for lines in read_tables(data, row.file_name).values():
        if lines and any(lines[0]):
            return lines[0], lines[1:]
    raise Invalid("table.empty", file=row.file_name)


@dataclass
class Reading:
    """A file read once: rows as cases, rows left out, rows that are there already."""

    reads: list[tuple[Read, str]] = field(default_factory=list)  # with the key of the row
    known: int = 0
    refusals: list[Refusal] = field(default_factory=list)


def reading_of(row: LineList, pack: Pack, by: Actor, at: datetime) -> Reading:
    """Read every row by the mapping of the list. Four queries. Raises Invalid("list.mapping")."""
    heads, lines = lines_of(row, at)
    where = {key: heads.index(head) for key, head in row.mapping.items() if head in heads}
    if not where:
        raise Invalid("list.mapping", file=row.file_name)
    told, base = vocabulary(row, pack, by, at), _defaults(row)
    known = set(LineRow.objects.filter(event=row.event_id).values_list("key", flat=True))
    found, seen = Reading(), set[str]()
    for number, line in enumerate(lines, start=2):
        cell = {k: unshielded(line[i]) if i < len(line) else "" for k, i in where.items()}
        if not any(cell.values()):
            continue
        key = row_key(row, cell)
        if key in known:
            found.known += 1
            continue
        try:
            if key in seen:
                raise RowFault("label", "list.twice")
            seen.add(key)
            found.reads.append((read_row(number, cell, told, base), key))
        except RowFault as left:
            said = cell.get(left.column, "")
            found.refusals.append(Refusal("", number, left.column, said, left.code, left.facts))
    return found


def row_key(row: LineList, cell: Mapping[str, str]) -> str:
    """What makes two rows of a body's lists the same: the number in the list, else all it says."""
    said = cell.get("label", "").strip()
    text = said or json.dumps(dict(cell), ensure_ascii=False, sort_keys=True)
    return bulk.mark_of(f"line:{row.event_id}:{row.org_id}:{text}")


def vocabulary(row: LineList, pack: Pack, by: Actor, at: datetime) -> Vocabulary:
    """What the cells of a list may say, of the edition of its event. One query."""
    classes = list(pack.tables.get("case_class", ()))
    words = said_words(registry.edition(FAMILY, at, scope=row.scope), classes)
    return Vocabulary(
        words, frozenset({*pack.rows("case_class"), "excluded"}), frozenset(pack.rows("criterion")),
        _places(by), AGES, local_date(at),
    )  # fmt: skip


def _places(by: Actor) -> dict[str, int]:
    """Places of the reader by code and by name; a name that two share means neither."""
    rows = Place.objects.filter(within("path", by.scope), valid_to=None)
    told = list(rows.values_list("pk", "code", "name"))
    twice = Counter(name.casefold() for _pk, _code, name in told)
    names = {name.casefold(): pk for pk, _code, name in told if twice[name.casefold()] == 1}
    return names | {code.casefold(): pk for pk, code, _name in told}


def _defaults(row: LineList) -> Defaults:
    given = row.given
    return Defaults(
        kind=str(given.get("kind", "")), place_id=int(given.get("place", row.event.place_id)),
        found_in=str(given.get("found_in", "clinic")),
    )  # fmt: skip


def preview_list(*, row: LineList, pack: Pack, by: Actor, at: datetime) -> ListPreview:
    """What taking the list would do. Nothing is written; nobody's name is shown."""
    heads, lines = lines_of(row, at)
    found = reading_of(row, pack, by, at)
    reads = [read for read, _key in found.reads]
    doubts = tuple(doubts_of(row, reads, at))
    held = sum(not doubt.checked for doubt in doubts)
    kinds = Counter(read.kind for read in reads)
    return ListPreview(
        tuple(heads), sum(any(line) for line in lines), len(reads) - held, found.known,
        sum(not nameless(read) for read in reads), tuple(found.refusals), doubts,
        tuple(sorted(kinds.items())),
    )  # fmt: skip


def doubts_of(row: LineList, reads: list[Read], at: datetime) -> Iterator[Doubt]:
    """Rows that may be somebody known, or somebody further up in the file. Linear in the rows."""
    checked = set(row.given.get("checked", ()))
    above: dict[str, list[Read]] = {}
    named = [read for read in reads if not nameless(read)]
    for start in range(0, len(named), BATCH):
        part = named[start : start + BATCH]
        twins = bulk.twins_many([r.person for r in part], scope=row.event.scope, at=at)
        for read, known in zip(part, twins, strict=True):
            others = [twin.pseudonym for twin in known[:5]] + same_file(read, above)
            if others:
                yield Doubt(read.number, tuple(others), read.number in checked)


class Numbered(Protocol):
    """Somebody with a number in a file or batch."""

    @property
    def number(self) -> int: ...
    @property
    def person(self) -> Identity: ...


Row = TypeVar("Row", bound=Numbered)


def same_file(read: Row, above: dict[str, list[Row]]) -> list[str]:
    """Whoever stands further up and may be the same person ("#12"); `above` then knows this one."""
    near: dict[int, Row] = {}
    for key in keys(read.person):
        near |= {other.number: other for other in above.get(key, ())[:CROWD]}
        above.setdefault(key, []).append(read)
    scored = ((n, similarity(read.person, other.person)[0]) for n, other in sorted(near.items()))
    return [f"#{number}" for number, score in scored if score >= POSSIBLE][:5]
