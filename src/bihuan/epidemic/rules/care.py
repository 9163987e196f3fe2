"""How severe, and where to be cared for, by the treatment plan in force. The doctor decides."""

from collections.abc import Iterable
from dataclasses import dataclass

from bihuan.core.packs.types import Pack
from bihuan.epidemic.rules.classify import classify

RISK = "high_risk"  # the finding that makes a mild case one to be watched in hospital


@dataclass(frozen=True, slots=True)
class Care:
    """A severity and the place the edition names for it; "" where it names none."""

    severity: str
    place: str
    edition: str


def place_of_care(pack: Pack, findings: Iterable[str]) -> Care:
    """Severity and place of care by an edition of the treatment plan."""
    found = frozenset(findings)
    severity = classify(pack, found, table="severity").key
    for row in pack.tables["care"]:
        if severity in row["when"] and (not row.get("risk") or RISK in found):
            return Care(severity, str(row["to"]), pack.ref)
    return Care(severity, "", pack.ref)
