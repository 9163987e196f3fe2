"""Whether a drafted order reaches further than the rule in force. Blocks are never waved through.

A rule says `check`; what each check looks at is here, its text, source and level are in the pack.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bihuan.core.packs.types import Pack


@dataclass(frozen=True, slots=True)
class Draft:
    """What an order says, as far as the rules look at it."""

    measures: tuple[str, ...]
    days: int
    person_class: str = ""  # plan it puts persons under; "" for none, "everybody" for an area
    plan_days: int = 0
    zone_level: str = ""
    expert_note: str = ""
    refuses_care: bool = False
    limits_travel: bool = False
    checkpoint: bool = False
    whole_area_test: bool = False
    source_unknown: bool = False
    missing: tuple[str, ...] = ()  # of the legal template


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule an order breaks."""

    rule: str
    level: str  # block | warn


def _area_in_zone(draft: Draft, pack: Pack) -> bool:
    return draft.limits_travel and draft.zone_level not in pack.rows("zone")


def _zone_days(draft: Draft, pack: Pack) -> bool:
    row = pack.rows("zone").get(draft.zone_level)
    return row is not None and draft.days > row["lift_days"] and not draft.expert_note


def _person_class(draft: Draft, pack: Pack) -> bool:
    return bool(draft.person_class) and draft.person_class not in pack.rows("plan")


def _plan_days(draft: Draft, pack: Pack) -> bool:
    """Against the plan of the class, or, for persons of no class, the longest of the edition."""
    plans = pack.rows("plan")
    lengths = {key: _length(row["segments"]) for key, row in plans.items()}
    if not lengths or not draft.plan_days:
        return False
    return draft.plan_days > lengths.get(draft.person_class, max(lengths.values()))


def _length(segments: list[dict[str, int]]) -> int:
    return sum(segment["days"] for segment in segments)


CHECKS: dict[str, Callable[[Draft, Pack], bool]] = {
    "area_in_zone": _area_in_zone,
    "zone_days": _zone_days,
    "person_class": _person_class,
    "plan_days": _plan_days,
    "care_open": lambda draft, _pack: draft.refuses_care,
    "checkpoint": lambda draft, _pack: draft.checkpoint,
    "mass_testing": lambda draft, _pack: draft.whole_area_test and not draft.source_unknown,
}


def lint(draft: Draft, pack: Pack) -> tuple[Finding, ...]:
    """Every rule of the edition that the draft breaks, and what its template lacks."""
    broken = [
        Finding(row["key"], row["level"])
        for row in pack.tables.get("lint", ())
        if CHECKS[row["check"]](draft, pack)
    ]
    gaps = [Finding(f"template.{name}", "block") for name in draft.missing]
    return (*broken, *gaps)
