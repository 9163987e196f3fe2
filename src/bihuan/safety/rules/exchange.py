"""Records of the dual-prevention exchange: read, check, translate codes. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

COMMON = ("deleted", "createDate", "createBy", "updateDate", "updateBy")
KINDS = ("unit", "event", "measure", "task", "check", "hazard")  # parents first
LONGEST_ID = 36
OPEN, SUBMITTED, DONE = "0", "1", "9"  # dangerState


@dataclass(frozen=True, slots=True)
class Spec:
    """The fields of one kind of record, as the pack has them."""

    kind: str
    must: tuple[str, ...]
    may: tuple[str, ...]
    parent: str = ""
    parent_kind: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a record cannot be taken: kind, its place from 1, code and field."""

    kind: str
    row: int
    code: str
    field: str


@dataclass(frozen=True, slots=True)
class Sorted:
    """The records that can be taken, by kind, and the faults of the others."""

    records: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def specs_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, Spec]:
    """The kinds of records of a pack."""
    return {
        row["key"]: Spec(
            row["key"], tuple(row["must"]), tuple(row["may"]), row.get("parent", ""),
            row.get("parent_kind", ""),
        )
        for row in rows
    }  # fmt: skip


def sort_out(
    told: Mapping[str, Any], specs: Mapping[str, Spec], known: Mapping[str, set[str]]
) -> Sorted:
    """Check every record of a file. `known`: identifiers that are there already, by kind.

    A record whose parent is neither there nor in the file is refused, so that nothing hangs.
    """
    found = Sorted({kind: [] for kind in KINDS})
    there = {kind: set(known.get(kind, ())) for kind in KINDS}
    for kind in KINDS:
        rows = told.get(kind, [])
        for number, row in enumerate(rows if isinstance(rows, list) else [], start=1):
            wrong = _wrong(row, specs[kind], there)
            if wrong is not None:
                found.faults.append(Fault(kind, number, *wrong))
                continue
            found.records[kind].append(dict(row))
            there[kind].add(row["id"])
    return found


def _wrong(row: Any, spec: Spec, there: Mapping[str, set[str]]) -> tuple[str, str] | None:
    if not isinstance(row, dict):
        return "exchange.not_record", ""
    for name in spec.must:
        if row.get(name) in (None, ""):
            return "exchange.missing", name
    strange = set(row) - {*spec.must, *spec.may, *COMMON}
    if strange:
        return "exchange.unknown_field", min(strange)
    if not _is_id(row["id"]):
        return "exchange.id", "id"
    if spec.parent and not _stands_in(row[spec.parent], there[spec.parent_kind]):
        return "exchange.no_parent", spec.parent
    return None


def _is_id(said: Any) -> bool:
    """A UUID as text, with or without hyphens."""
    if not isinstance(said, str) or len(said) > LONGEST_ID:
        return False
    try:
        UUID(said)
    except ValueError:
        return False
    return True


def _stands_in(said: Any, known: set[str]) -> bool:
    return isinstance(said, str) and said in known


def level_from(code: Any, partner: Mapping[str, Any]) -> str | None:
    """general | major from a partner's code; None for one that it does not have."""
    said = {str(partner["general"]): "general", str(partner["major"]): "major"}
    return said.get(str(code))


def level_to(grade: str, partner: Mapping[str, Any]) -> str:
    """A partner's code for a grade; what is not graded yet goes out as general."""
    return str(partner["major" if grade == "major" else "general"])
