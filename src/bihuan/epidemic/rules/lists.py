"""How a row of somebody's line list is read. Pure: headings and words come from the packs.

What cannot be read is refused with the column and a code; nothing is guessed.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from bihuan.core.evidence.cells import CellFault, plain, read_date, read_figure
from bihuan.core.packs.types import Pack
from bihuan.core.vault.types import Identity

FINDING = "finding:"  # a column for a criterion of the edition
DAYS = ("onset", "diagnosed", "treated", "isolated", "reported")
UNDO = "list.undo_hours"  # how long an import can be taken back, by pack
IDENTITY = ("name", "id_number", "phone", "address")
_ZONE = re.compile(r"(:\d{2})?(\.\d+)?(Z|[+-]\d{2}:?\d{2})$")
NUMBERLIKE = re.compile(r"\d{11}|\d{17}[\dXx]")  # a telephone or an identity number


class RowFault(Exception):
    """A row that is left out: which column, and why."""

    def __init__(self, column: str, code: str, **facts: object) -> None:
        self.column, self.code, self.facts = column, code, facts
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the packs, the edition and the place give to read cells with."""

    words: Mapping[tuple[str, str], str]  # (field, what is written) → what it means
    kinds: frozenset[str]
    findings: frozenset[str]
    places: Mapping[str, int]  # code or name → id; names of two places are left out
    bands: tuple[str, ...]
    today: date


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds where the list says nothing."""

    kind: str
    place_id: int
    found_in: str = "clinic"
    origin: str = "local_unknown"


@dataclass(frozen=True, slots=True)
class Read:
    """One row as a case, before anybody is looked up."""

    number: int
    label: str
    source: str
    person: Identity
    age_band: str
    place_id: int
    kind: str
    found_in: str
    origin: str
    onset: date | None
    diagnosed: date
    treated: date | None
    isolated: date | None
    reported: date
    findings: frozenset[str] = field(default=frozenset())
    visited: str = ""


def said_words(pack: Pack, classes: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    """Every word a cell may hold: those of the pack, and the edition's own names of classes."""
    words = {
        (str(row["field"]), plain(said).casefold()): str(row["means"])
        for row in pack.tables.get("list_word", ())
        for said in row["said"]
    }
    for row in classes:
        for name in ("key", "title", "title_en"):
            words["kind", plain(str(row[name])).casefold()] = str(row["key"])
    return words


def proposed(
    heads: Sequence[str], pack: Pack, criteria: Iterable[Mapping[str, Any]],
    lines: Sequence[Sequence[str]] = (),
) -> dict[str, str]:  # fmt: skip
    """Field → heading: a template that fits whole, then the words for each field.

    A heading that two fields may have goes to the one whose words stand in the cells below it.
    """
    seen = {plain(head).casefold(): head for head in heads if plain(head)}
    mapping: dict[str, str] = {}
    for template in pack.tables.get("list_template", ()):
        if all(plain(head).casefold() in seen for head in template["when"]):
            mapping |= {
                key: seen[plain(head).casefold()]
                for key, head in template["heads"].items()
                if plain(head).casefold() in seen
            }
            break
    taken = set(mapping.values())
    rows = [(str(row["key"]), row["said"]) for row in pack.tables.get("list_field", ())]
    rows += [(f"{FINDING}{c['key']}", (c["key"], c["title"], c["title_en"])) for c in criteria]
    claims = Counter(plain(str(word)).casefold() for _key, said in rows for word in said)
    for key, said in rows:
        words = (plain(str(word)).casefold() for word in said)
        fits = (seen[word] for word in words if word in seen and seen[word] not in taken
                and (claims[word] == 1 or _spoken(key, heads.index(seen[word]), pack, lines)))  # fmt: skip
        head = next(fits, None)
        if key not in mapping and head is not None:
            mapping[key] = head
            taken.add(head)
    return mapping


def _spoken(key: str, column: int, pack: Pack, lines: Sequence[Sequence[str]]) -> bool:
    """Whether a column's cells hold words of a field; true of a field without words of its own."""
    words = {plain(said).casefold() for row in pack.tables.get("list_word", ())
             if row["field"] == key for said in row["said"]}  # fmt: skip
    cells = {plain(line[column]).casefold() for line in lines if column < len(line)} - {""}
    return not words or not cells or bool(words & cells)


def read_row(number: int, cell: Mapping[str, str], told: Vocabulary, base: Defaults) -> Read:
    """A row as a case. Raises RowFault with the column and the code."""
    days = {key: _day(cell, key, told.today) for key in DAYS}
    diagnosed = days["diagnosed"] or days["treated"] or days["reported"] or days["onset"]
    if diagnosed is None:
        raise RowFault("diagnosed", "list.no_date")
    if days["onset"] and days["onset"] > max(diagnosed, days["reported"] or diagnosed):
        raise RowFault("onset", "list.onset_after")
    return Read(
        number=number, label=_label(cell, "label"), source=_label(cell, "source"),
        person=_person(cell, told), age_band=_band(cell, told, diagnosed),
        place_id=_place(cell, told, base), kind=_kind(cell, told, base),
        found_in=_word(cell, "found_in", told) or base.found_in,
        origin=_word(cell, "origin", told) or base.origin, onset=days["onset"],
        diagnosed=diagnosed, treated=days["treated"], isolated=days["isolated"],
        reported=days["reported"] or diagnosed, findings=_findings(cell, told),
        visited=plain(cell.get("visited", ""))[:80],
    )  # fmt: skip


def nameless(read: Read) -> bool:
    """Whether the list says nothing that identifies: then nothing goes to the vault."""
    return not any(getattr(read.person, key) for key in IDENTITY)


def _day(cell: Mapping[str, str], key: str, today: date) -> date | None:
    said = plain(cell.get(key, ""))
    if not said or said.casefold() in {"na", "n/a", "null", "-", "不详"}:
        return None
    try:
        day = read_date(_ZONE.sub(r"\1", said))
    except CellFault:
        raise RowFault(key, "table.date") from None
    if day > today:
        raise RowFault(key, "list.future")
    return day


def _label(cell: Mapping[str, str], key: str) -> str:
    said = plain(cell.get(key, ""))
    if NUMBERLIKE.fullmatch(said):
        raise RowFault(key, "list.label_identifies")
    return said[:40]


def _word(cell: Mapping[str, str], key: str, told: Vocabulary) -> str:
    said = plain(cell.get(key, ""))
    if not said:
        return ""
    means = told.words.get((key, said.casefold()))
    if means is None:
        raise RowFault(key, "list.word")
    return means


def _kind(cell: Mapping[str, str], told: Vocabulary, base: Defaults) -> str:
    kind = _word(cell, "kind", told) or base.kind
    if kind not in told.kinds:
        raise RowFault("kind", "list.kind", kind=kind)
    return kind


def _person(cell: Mapping[str, str], told: Vocabulary) -> Identity:
    whole = {key: plain(cell.get(key, "")) for key in IDENTITY}
    joined = plain(cell.get("family_name", "")) + plain(cell.get("given_name", ""))
    born = _day(cell, "born", told.today)
    person = Identity(**whole, born=born.isoformat() if born else "")
    person = replace(person, name=(person.name or joined)[:50], sex=_word(cell, "sex", told))
    if not person.name and any(getattr(person, key) for key in IDENTITY):
        raise RowFault("name", "list.no_name")
    return person


def _band(cell: Mapping[str, str], told: Vocabulary, on: date) -> str:
    said = plain(cell.get("age", ""))
    if said in told.bands:
        return said
    if said:
        try:
            age = read_figure(said.removesuffix("岁"))
        except CellFault:
            raise RowFault("age", "table.figure") from None
        if not 0 <= age <= 130:
            raise RowFault("age", "list.age")
        return band_of(int(age), told.bands)
    born = _day(cell, "born", told.today)
    return band_of((on - born) // timedelta(days=365.25), told.bands) if born else ""


def band_of(age: int, bands: Iterable[str]) -> str:
    """The band of an age; "" where none fits."""
    for band in bands:
        low, _, high = band.rstrip("+").partition("-")
        if int(low) <= age and (band.endswith("+") or age <= int(high)):
            return band
    return ""


def _place(cell: Mapping[str, str], told: Vocabulary, base: Defaults) -> int:
    said = plain(cell.get("place", ""))
    if not said:
        return base.place_id
    found = told.places.get(said.casefold())
    if found is None:
        raise RowFault("place", "list.place")
    return found


def _findings(cell: Mapping[str, str], told: Vocabulary) -> frozenset[str]:
    found = set()
    for key in told.findings:
        said = plain(cell.get(f"{FINDING}{key}", ""))
        if not said:
            continue
        means = told.words.get(("yes", said.casefold()))
        if means is None:
            raise RowFault(f"{FINDING}{key}", "list.yes_no")
        if means == "yes":
            found.add(key)
    return frozenset(found)
