"""How severe, where to be cared for, when to let go, by the editions. The doctor decides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bihuan.core.clock import day_start
from bihuan.core.packs.types import Pack
from bihuan.epidemic.rules.classify import classify

RISK = "high_risk"  # the finding that makes a mild case one to be watched in hospital
NEED_AT = {"central_isolation": "isolation", "designated_hospital": "bed"}


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


def need_of(care: Care) -> str:
    """Which queue an edition puts a case into: isolation, bed, icu, or none (home care)."""
    if care.severity == "critical":
        return "icu"
    return NEED_AT.get(care.place, "none")


@dataclass(frozen=True, slots=True)
class Score:
    """A score, and what alone asks for a transfer."""

    points: int
    triggers: tuple[str, ...]
    alert: bool


def warning_score(
    vitals: Mapping[str, float | None], *, bands: Iterable[Mapping[str, Any]],
    triggers: Iterable[Mapping[str, Any]], alert_at: int,
) -> Score:  # fmt: skip
    """Points of an observation by the bands of the pack; an alert at the points or a trigger."""
    points = sum(int(band["points"]) for band in bands if _in(vitals.get(band["param"]), band))
    hit = tuple(str(row["key"]) for row in triggers if _in(vitals.get(row["param"]), row))
    return Score(points, hit, bool(hit) or points >= alert_at)


def _in(value: float | None, row: Mapping[str, Any]) -> bool:
    if value is None:
        return False
    return bool(row.get("least", value) <= value <= row.get("most", value))


def release_moment(
    pack: Pack, *, tests: Sequence[tuple[datetime, float | None]], onset: date | None
) -> datetime | None:
    """When the edition lets a case go: two tests in a row, apart, clear; or days from onset.

    `tests` are (moment, Ct), in order; Ct None is negative. None: not yet, or the edition sets
    no such rule and the doctor decides alone.
    """
    limit = pack.value_of("release.ct")
    if limit is not None:
        gap = timedelta(hours=float(pack.value_of("release.gap_hours", 24)))
        clear: datetime | None = None
        for at, ct in tests:
            if ct is not None and ct < limit:
                clear = None
            elif clear is None:
                clear = at
            elif at - clear >= gap:
                return at
        return None
    days = pack.value_of("release.days")
    return day_start(onset + timedelta(days=int(days) + 1)) if days and onset else None


@dataclass(frozen=True, slots=True)
class Rates:
    """Admission and cure, each with its denominator; None where that is zero (M076)."""

    needing: int
    admitted: int
    cured: int
    died: int

    @property
    def admission(self) -> float | None:
        """Admitted of those diagnosed who need it."""
        return self.admitted / self.needing if self.needing else None

    @property
    def closed(self) -> int:
        """Those whose outcome is known."""
        return self.cured + self.died

    @property
    def in_care(self) -> int:
        """Those still there, who bias every rate."""
        return self.admitted - self.closed

    @property
    def cured_of_closed(self) -> float | None:
        """Cured of those whose outcome is known."""
        return self.cured / self.closed if self.closed else None

    @property
    def cured_of_admitted(self) -> float | None:
        """Cured of all admitted."""
        return self.cured / self.admitted if self.admitted else None

    @property
    def fatality(self) -> float | None:
        """Died of those whose outcome is known."""
        return self.died / self.closed if self.closed else None


def beds_forecast(
    *, occupied: int, admissions: int, departures: int, window: int, days: int
) -> int:
    """Beds in use after some days when the flows of the last days go on."""
    return max(round(occupied + (admissions - departures) / window * days), 0)
