"""Load, lint and look up rule packs.

Packs lie as TOML files under `packs/data/` and, for a site's own editions, in the folder
that `BIHUAN_PACKS` names. Several families hold at once; within a family the narrowest
scope wins, then what is written for the disease, then the latest start.
"""

import os
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from bihuan.core.clock import local_date
from bihuan.core.errors import Invalid, NotFound
from bihuan.core.packs.tables import lint_tables
from bihuan.core.packs.types import Calendar, Clock, Mark, Pack, Value

SHIPPED = Path(__file__).parent / "data"
REQUIRED = ("id", "family", "title", "title_en", "version", "source", "valid_from", "mark")


def pack_files() -> Iterator[Path]:
    """Every pack file, the shipped ones first."""
    yield from sorted(SHIPPED.rglob("*.toml"))
    own = os.environ.get("BIHUAN_PACKS")
    if own:
        yield from sorted(Path(own).rglob("*.toml"))


def read_pack(path: Path) -> Pack:
    """Read and lint one file. Raises Invalid("pack.…") naming file, entry and reason."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise Invalid("pack.unreadable", file=path.name, reason=str(fault)) from fault
    head = raw.pop("pack", {})
    missing = [key for key in REQUIRED if key not in head]
    if missing:
        raise Invalid("pack.field_missing", file=path.name, fields=missing)
    pack = Pack(
        id=head["id"], family=head["family"], title=head["title"], title_en=head["title_en"],
        version=str(head["version"]), source=head["source"], valid_from=head["valid_from"],
        valid_to=head.get("valid_to"), scope=head.get("scope", ""), mark=_mark(path, head),
        path=path.name, diseases=tuple(head.get("diseases", ())),
    )  # fmt: skip
    if pack.valid_to is not None and pack.valid_to <= pack.valid_from:
        raise Invalid("pack.validity", file=path.name, start=pack.valid_from, end=pack.valid_to)
    clocks = tuple(_clock(path, pack, entry) for entry in raw.pop("clock", ()))
    values = tuple(_value(path, pack, entry) for entry in raw.pop("value", ()))
    _refuse_twins(path, [c.key for c in clocks] + [v.key for v in values])
    tables = {name: tuple(rows) for name, rows in raw.items()}
    lint_tables(path.name, tables)
    return replace(pack, clocks=clocks, values=values, tables=tables)


def _mark(path: Path, entry: dict[str, Any], otherwise: str = "") -> Mark:
    said = entry.get("mark", otherwise)
    if said not in list(Mark):
        raise Invalid("pack.mark", file=path.name, mark=said, allowed=[str(m) for m in Mark])
    return Mark(said)


def _clock(path: Path, pack: Pack, entry: dict[str, Any]) -> Clock:
    hours, days = entry.get("hours"), entry.get("working_days")
    if (hours is None) == (days is None) or (hours or days or 0) <= 0:
        raise Invalid("pack.clock_limit", file=path.name, key=entry.get("key", "?"))
    try:
        return Clock(
            key=entry["key"], title=entry["title"], title_en=entry["title_en"], hours=hours,
            working_days=days, starts=entry["starts"], article=entry.get("article", ""),
            mark=_mark(path, entry, pack.mark), pack=pack.ref,
            source=entry.get("source", pack.source),
        )  # fmt: skip
    except KeyError as key:
        raise Invalid("pack.field_missing", file=path.name, fields=[key.args[0]]) from key


def _value(path: Path, pack: Pack, entry: dict[str, Any]) -> Value:
    try:
        return Value(
            key=entry["key"], title=entry["title"], title_en=entry["title_en"],
            value=entry["value"], measure=entry.get("measure", ""),
            article=entry.get("article", ""), mark=_mark(path, entry, pack.mark), pack=pack.ref,
            source=entry.get("source", pack.source),
        )  # fmt: skip
    except KeyError as key:
        raise Invalid("pack.field_missing", file=path.name, fields=[key.args[0]]) from key


def _refuse_twins(path: Path, keys: list[str]) -> None:
    twins = sorted({key for key in keys if keys.count(key) > 1})
    if twins:
        raise Invalid("pack.key_twice", file=path.name, keys=twins)


@lru_cache(maxsize=1)
def all_packs() -> tuple[Pack, ...]:
    """Every pack, linted. Raises Invalid when a file is wrong or two editions are one."""
    packs = tuple(read_pack(path) for path in pack_files())
    refs = [pack.ref for pack in packs]
    twins = sorted({ref for ref in refs if refs.count(ref) > 1})
    if twins:
        raise Invalid("pack.edition_twice", editions=twins)
    return packs


def in_force(
    at: datetime, *, scope: str = "", family: str | None = None, disease: str = ""
) -> list[Pack]:
    """Packs that hold at a moment in a place for a disease, the strongest of each family first."""
    on = local_date(at)
    held = [p for p in all_packs() if p.holds(on, scope, disease) and family in (None, p.family)]

    def strength(p: Pack) -> tuple[object, ...]:
        return p.family, -len(p.scope), not p.diseases, -p.valid_from.toordinal(), p.id

    return sorted(held, key=strength)


def edition(family: str, at: datetime, *, scope: str = "", disease: str = "") -> Pack:
    """The strongest pack of one family in force. Raises NotFound("pack.no_edition")."""
    held = in_force(at, scope=scope, family=family, disease=disease)
    if not held:
        raise NotFound("pack.no_edition", family=family, disease=disease, at=at.isoformat())
    return held[0]


def by_edition(ref: str) -> Pack:
    """The pack that "id@version" names, in force or not. Raises NotFound("pack.unknown")."""
    for pack in all_packs():
        if pack.ref == ref:
            return pack
    raise NotFound("pack.unknown", ref=ref)


def clock(key: str, at: datetime, *, scope: str = "", disease: str = "") -> Clock:
    """The limit `key` in force. Raises NotFound("pack.no_clock")."""
    for pack in in_force(at, scope=scope, disease=disease):
        for entry in pack.clocks:
            if entry.key == key:
                return entry
    raise NotFound("pack.no_clock", key=key, at=at.isoformat())


def value(key: str, at: datetime, *, scope: str = "", disease: str = "") -> Value:
    """The value `key` in force. Raises NotFound("pack.no_value")."""
    for pack in in_force(at, scope=scope, disease=disease):
        for entry in pack.values:
            if entry.key == key:
                return entry
    raise NotFound("pack.no_value", key=key, at=at.isoformat())


def table(
    name: str, at: datetime, *, scope: str = "", disease: str = ""
) -> tuple[dict[str, Any], ...]:
    """The rows of a table in force. Raises NotFound("pack.no_table")."""
    for pack in in_force(at, scope=scope, disease=disease):
        if name in pack.tables:
            return pack.tables[name]
    raise NotFound("pack.no_table", name=name, at=at.isoformat())


def by_ref(ref: str) -> Clock | None:
    """The limit a stored deadline names ("id@version/key"), whether or not still in force."""
    for pack in all_packs():
        for entry in pack.clocks:
            if entry.ref == ref:
                return entry
    return None


@lru_cache(maxsize=1)
def calendar() -> Calendar:
    """All years of all calendar packs together; an announced arrangement replaces a law's days."""
    rows = [row for pack in all_packs() for row in pack.tables.get("year", ())]
    announced = {row["year"] for row in rows if row.get("announced", True)}
    held = [row for row in rows if row.get("announced", True) or row["year"] not in announced]
    years = frozenset(row["year"] for row in held)
    return Calendar(
        years=years,
        holidays=frozenset(day for row in held for day in row["holidays"]),
        workdays=frozenset(day for row in held for day in row["workdays"]),
        unannounced=years - announced,
    )


def due(key: str, start: datetime, *, scope: str = "", disease: str = "") -> tuple[datetime, str]:
    """When the limit `key` that runs from `start` ends, and the reference that says why."""
    rule = clock(key, start, scope=scope, disease=disease)
    return rule.due(start, calendar()), rule.ref
