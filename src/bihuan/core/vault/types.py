"""Who somebody is, and what may be known of it for a purpose."""

from dataclasses import asdict, dataclass
from datetime import datetime

FIELDS = ("name", "id_number", "phone", "address", "born", "sex", "guardian_phone")


@dataclass(frozen=True, slots=True)
class Identity:
    """What identifies a person. It exists in clear only inside the vault and in an answer of it."""

    name: str = ""
    id_number: str = ""
    phone: str = ""
    address: str = ""
    born: str = ""  # ISO date
    sex: str = ""
    guardian_phone: str = ""

    def only(self, fields: frozenset[str]) -> "Identity":
        """The same person with everything else left out."""
        return Identity(**{key: value for key, value in asdict(self).items() if key in fields})


@dataclass(frozen=True, slots=True)
class Twin:
    """Somebody already in the vault who may be the same person."""

    pseudonym: str
    score: float  # 0..1
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One reading, as the person it concerns is told."""

    at: datetime
    reader: str
    purpose: str
    glass: bool
    reason: str


@dataclass(frozen=True, slots=True)
class GlassRow:
    """An emergency reading that waits for, or had, its review."""

    id: int
    pseudonym: str
    reader: str
    reason: str
    at: datetime
    due_at: datetime
    reviewed_at: datetime | None
    finding: str
