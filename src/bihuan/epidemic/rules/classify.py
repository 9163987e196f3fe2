"""Which class an edition puts a person into, and why. The rule proposes; a person decides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bihuan.core.packs.types import Pack


@dataclass(frozen=True, slots=True)
class Proposal:
    """The highest class whose conditions are met, with the findings it rests on."""

    key: str  # "" when no class fits
    edition: str
    met: tuple[str, ...] = ()  # findings that count
    lacking: tuple[tuple[str, tuple[str, ...]], ...] = ()  # class above, what it would need


def classify(pack: Pack, findings: Iterable[str], *, table: str = "case_class") -> Proposal:
    """Judge findings by an edition's case definitions (or its severity scale).

    An alternative asks `all`, at least one of `any`, `none`, and `counts` by group of criteria.
    """
    found = frozenset(findings)
    groups = {key: str(row["group"]) for key, row in pack.rows("criterion").items()}
    classes = sorted(pack.tables.get(table, ()), key=lambda row: -row["rank"])
    lacking: list[tuple[str, tuple[str, ...]]] = []
    for row in classes:
        missing = [_missing(alternative, found, groups) for alternative in row["any"]]
        if any(not gaps for gaps in missing):
            met = next(a for a, gaps in zip(row["any"], missing, strict=True) if not gaps)
            return Proposal(row["key"], pack.ref, _met(met, found, groups), tuple(lacking))
        lacking.append((row["key"], min(missing, key=len)))
    return Proposal("", pack.ref, (), tuple(lacking))


def _missing(
    asked: Mapping[str, Any], found: frozenset[str], groups: Mapping[str, str]
) -> tuple[str, ...]:
    """What an alternative lacks: criteria, "any:…", "not:…", "group:n"."""
    gaps = [key for key in asked.get("all", ()) if key not in found]
    one_of = asked.get("any", ())
    if one_of and not found.intersection(one_of):
        gaps.append("any:" + "|".join(one_of))
    gaps += [f"not:{key}" for key in asked.get("none", ()) if key in found]
    for group, least in asked.get("counts", {}).items():
        have = sum(groups.get(key) == group for key in found)
        if have < least:
            gaps.append(f"{group}:{least - have}")
    return tuple(gaps)


def _met(
    asked: Mapping[str, Any], found: frozenset[str], groups: Mapping[str, str]
) -> tuple[str, ...]:
    named = {*asked.get("all", ()), *asked.get("any", ())} & found
    counted = {key for key in found if groups.get(key) in asked.get("counts", {})}
    return tuple(sorted(named | counted))
