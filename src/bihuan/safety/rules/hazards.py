"""What the moves of a hazard need beyond those of a problem, and what restart takes. Pure.

The flow itself is the kernel's PROBLEM_FLOW; a hazard adds gates to its moves:

    grade    a criterion was read, or it was said that none applies
    begin    a major hazard: the five commitments (五落实) are all there
    close    no stop-work order for it still holds
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bihuan.core.clock import day_end

NO_CRITERION = "none"
COMMITMENTS = ("measures", "funds", "charged_id", "finish_by", "plan")
RESTART_PARTIES = ("unit", "department", "territory")


def promised_until(finish_by: date) -> datetime:
    """The last minute of the day that the five commitments name."""
    return day_end(finish_by) - timedelta(minutes=1)


def commitments_missing(hazard: Mapping[str, Any]) -> tuple[str, ...]:
    """Which of the five commitments are not there."""
    return tuple(name for name in COMMITMENTS if not hazard.get(name))


def gates(hazard: Mapping[str, Any], *, grade: str, stopped: bool) -> dict[str, tuple[str, ...]]:
    """For each move of a hazard, the codes of what a hazard still lacks for it."""
    lacks: dict[str, tuple[str, ...]] = {}
    if not hazard.get("criterion"):
        lacks["grade"] = ("hazard.no_criterion",)
    if grade == "major" and commitments_missing(hazard):
        lacks["begin"] = ("hazard.commitments",)
    if stopped:
        lacks["close"] = ("hazard.order_holds",)
    return lacks


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the checklist of a restart and what was found."""

    step: str
    fine: bool | None


def restart_missing(steps: Sequence[Step], signed: Collection[str]) -> tuple[str, ...]:
    """What a restart still takes: every step fine, and the signatures of three parties."""
    missing = []
    if any(step.fine is not True for step in steps):
        missing.append("stop_order.steps_open")
    if set(RESTART_PARTIES) - set(signed):
        missing.append("stop_order.signatures")
    return tuple(missing)


@dataclass(frozen=True, slots=True)
class Weights:
    """How reports weigh in a site's score, from the pack."""

    near_miss: float
    own_find: float
    found_by_others: float


def attention_score(
    *, near_misses: int, own_finds: int, found_by_others: int, weights: Weights
) -> float:
    """Rises with what a site reports itself, falls with what others find there (M126)."""
    told = near_misses * weights.near_miss + own_finds * weights.own_find
    return 100 + told - found_by_others * weights.found_by_others
