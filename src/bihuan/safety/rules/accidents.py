"""Classes of accidents, who must report to whom by when, and what statistics may say. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from typing import Any

CLASSES = ("general", "larger", "major", "extraordinary")
LEVELS = ("unit", "township", "county", "city", "province", "nation")
GROUND = ("unit", "township")  # below the first authority: both report to the county


@dataclass(frozen=True, slots=True)
class Harm:
    """What an accident did, as one source knows it; loss in yuan."""

    deaths: int = 0
    serious: int = 0
    missing: int = 0
    loss: int = 0


def classify(harm: Harm, table: Sequence[Mapping[str, Any]]) -> str:
    """The class by the legal table: any one criterion suffices; lower bounds are included."""
    best = 0
    for row in table:
        reached = (
            harm.deaths >= row["deaths"]
            or harm.serious >= row["serious"]
            or harm.loss >= row["loss"]
        )
        if reached:
            best = max(best, CLASSES.index(row["key"]))
    return CLASSES[best]


def most(figures: Sequence[Harm]) -> Harm:
    """The gravest of what several sources say: nobody is counted away by the milder source."""
    if not figures:
        return Harm()
    return Harm(
        max(f.deaths for f in figures), max(f.serious for f in figures),
        max(f.missing for f in figures), max(f.loss for f in figures),
    )  # fmt: skip


def counts_until(occurred_at: datetime, days: int) -> datetime:
    """Until when a change of casualties counts (30 days, 7 for road traffic and fire)."""
    return occurred_at + timedelta(days=days)


def destination(accident_class: str, table: Sequence[Mapping[str, Any]]) -> str:
    """The highest level that must hear of a class."""
    return str(next(row["to"] for row in table if row["key"] == accident_class))


def next_level(level: str, to: str) -> str | None:
    """The level that hears next on the way to a destination; None when it was reached."""
    following = "county" if level in GROUND else LEVELS[min(LEVELS.index(level) + 1, 5)]
    if LEVELS.index(level) >= LEVELS.index(to) or level == "nation":
        return None
    return following


def report_state(
    *, due: datetime, sent: datetime | None, false_at: datetime | None, at: datetime
) -> str:
    """waiting | missing | on_time | late | false: distinct, never one word for two."""
    if sent is not None and sent <= at:
        if false_at is not None and false_at <= at:
            return "false"
        return "late" if sent > due else "on_time"
    return "missing" if at > due else "waiting"


def late_minutes(*, due: datetime, sent: datetime) -> int:
    """Whole minutes after the limit; 0 on time. A begun minute counts."""
    late = (sent - due).total_seconds()
    return max(-int(-late // 60), 0)


def double_drop(*, accidents: tuple[int, int], deaths: tuple[int, int]) -> bool:
    """Whether both fell against the same months of the year before; equality is no drop."""
    return accidents[1] < accidents[0] and deaths[1] < deaths[0]


def phone_state(*, due: datetime, told: datetime | None, at: datetime) -> str:
    """How the duty to tell by telephone was met: waiting | missing | on_time | late."""
    return report_state(due=due, sent=told, false_at=None, at=at)


def serious_enough(accident_class: str) -> bool:
    """Whether a class calls the top level together (M196): major and extraordinary."""
    return CLASSES.index(accident_class) >= CLASSES.index("major")


@dataclass(frozen=True, slots=True)
class Chart:
    """A control chart of monthly counts."""

    mean: float
    upper: float
    lower: float
    out: tuple[int, ...]  # places of months outside the limits
    runs: tuple[int, ...]  # places at which a run on one side of the mean grew too long

    @property
    def stable(self) -> bool:
        """Within limits, and no rule of runs broken: only then may the words say so."""
        return not self.out and not self.runs


def control_chart(counts: Sequence[int], *, base: int, longest_run: int) -> Chart:
    """A c-chart: mean of the first `base` months, limits at three standard deviations.

    A run longer than `longest_run` on the upper side of the mean breaks the rule.
    """
    known = counts[:base] or (0,)
    mean = sum(known) / len(known)
    upper, lower = mean + 3 * sqrt(mean), max(mean - 3 * sqrt(mean), 0.0)
    out = tuple(i for i, n in enumerate(counts) if n > upper or n < lower)
    runs, length = [], 0
    for i, n in enumerate(counts):
        length = length + 1 if n > mean else 0
        if length > longest_run:
            runs.append(i)
    return Chart(mean, upper, lower, out, tuple(runs))
