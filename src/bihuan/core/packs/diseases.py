"""The statutory list as it stands on a day: which diseases, of which class, to report how soon."""

from dataclasses import dataclass
from datetime import datetime

from bihuan.core.errors import NotFound
from bihuan.core.packs import registry
from bihuan.core.packs.types import Clock

FAMILY = "disease-list"
UNKNOWN = "unknown"  # the syndrome before a pathogen has a name: on every list, managed as class A


@dataclass(frozen=True, slots=True)
class Disease:
    """One line of the list in force."""

    code: str
    title: str
    title_en: str
    group: str  # A, B, C, or "" for what is watched without being of a class
    managed_as_a: bool
    route: str
    icd10: str
    icd11: str
    report_code: str  # of the national report card; "" where it is not known
    edition: str

    @property
    def strict(self) -> bool:
        """Whether the limits of class A apply."""
        return self.group == "A" or self.managed_as_a


def diseases(at: datetime, *, scope: str = "") -> tuple[Disease, ...]:
    """The list in force, in its own order."""
    pack = registry.edition(FAMILY, at, scope=scope)
    return tuple(
        Disease(
            row["key"], row["title"], row["title_en"], row["class"], row["managed_as_a"],
            row["route"], row.get("icd10", ""), row.get("icd11", ""), row.get("report_code", ""),
            pack.ref,
        )
        for row in pack.tables["disease"]
    )  # fmt: skip


def disease(code: str, at: datetime, *, scope: str = "") -> Disease:
    """One line of the list in force. Raises NotFound("disease.not_listed")."""
    for row in diseases(at, scope=scope):
        if row.code == code:
            return row
    raise NotFound("disease.not_listed", disease=code, at=at.isoformat())


def report_limit(row: Disease, at: datetime, *, scope: str = "") -> Clock | None:
    """How soon a case diagnosed at `at` must be reported; None when it is of no class."""
    if row.strict:
        return registry.clock("epidemic.class_a", at, scope=scope)
    return registry.clock("epidemic.class_b", at, scope=scope) if row.group else None
