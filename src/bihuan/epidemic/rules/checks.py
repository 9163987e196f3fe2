"""When an institution is next to be checked, and in which form. Pure; every limit is given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Past:
    """A check that was made."""

    day: date
    form: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """What the pack says: days between checks, when trouble is near, between mystery visits."""

    days: int
    trouble_days: int
    mystery_days: int
    unannounced_share: float


@dataclass(frozen=True, slots=True)
class Next:
    """The last day of the next check, in which form, and whether trouble made it sooner."""

    due: date
    form: str
    sooner: bool


def next_check(past: Sequence[Past], *, since: date, trouble: bool, limits: Limits) -> Next:
    """The next check of an institution whose checks are given latest first.

    A failed last check or an open ward file makes the interval that of the highest risk. An
    institution nobody has checked yet is due one interval after it came into the plan.
    """
    last = past[0] if past else None
    sooner = trouble or (last is not None and not last.passed)
    days = min(limits.days, limits.trouble_days) if sooner else limits.days
    due = (last.day if last else since) + timedelta(days=days)
    return Next(due, _form(past, on=due, since=since, limits=limits), sooner)


def _form(past: Sequence[Past], *, on: date, since: date, limits: Limits) -> str:
    mystery = max((p.day for p in past if p.form == "mystery"), default=since)
    if on - mystery >= timedelta(days=limits.mystery_days):
        return "mystery"
    hidden = sum(p.form != "announced" for p in past)
    return "unannounced" if hidden <= limits.unannounced_share * len(past) else "announced"
