"""What changes when one edition follows another: entry by entry, field by field."""

from dataclasses import dataclass
from typing import Any

from bihuan.core.packs.types import Pack

SILENT = {"source", "note", "article", "mark", "title", "title_en"}


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs. `before` or `after` is None where the entry was not or is no more."""

    table: str
    key: str
    title: str
    title_en: str
    field: str
    before: Any
    after: Any


def diff(old: Pack, new: Pack) -> tuple[Change, ...]:
    """Every rule that differs between two editions, in the order of the tables."""
    before, after = _flat(old), _flat(new)
    found = []
    for place in dict.fromkeys([*before, *after]):
        was, now = before.get(place), after.get(place)
        said = now or was or {}
        for name in _fields(was, now):
            old_value = None if was is None else was.get(name)
            new_value = None if now is None else now.get(name)
            if old_value != new_value:
                found.append(
                    Change(
                        *place, str(said.get("title", place[1])),
                        str(said.get("title_en", place[1])), name, old_value, new_value,
                    )
                )  # fmt: skip
    return tuple(found)


def _fields(was: dict[str, Any] | None, now: dict[str, Any] | None) -> list[str]:
    names = dict.fromkeys([*(was or {}), *(now or {})])
    return [name for name in names if name not in SILENT and name != "key"]


def _flat(pack: Pack) -> dict[tuple[str, str], dict[str, Any]]:
    """Every entry of an edition by table and key."""
    flat: dict[tuple[str, str], dict[str, Any]] = {}
    for clock in pack.clocks:
        flat["clock", clock.key] = {
            "title": clock.title, "title_en": clock.title_en, "hours": clock.hours,
            "working_days": clock.working_days,
        }  # fmt: skip
    for entry in pack.values:
        flat["value", entry.key] = {
            "title": entry.title, "title_en": entry.title_en, "value": entry.value,
        }  # fmt: skip
    for table, rows in pack.tables.items():
        for number, row in enumerate(rows):
            flat[table, str(row.get("key", number))] = row
    return flat
