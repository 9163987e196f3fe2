"""严、快、紧、实、细: the grade of a task, computed from what is known, never typed (2.18)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

Mark = Literal["pass", "fail", "none"]
STRONG = frozenset({"photo", "document", "reading", "countersign"})


@dataclass(frozen=True, slots=True)
class StepFact:
    """A step of the checklist as it stands."""

    text: str
    answer: str  # met | not_met | exempt | "" unanswered
    approved: bool = False
    every_hours: float | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """One item of evidence."""

    at: datetime
    kind: str
    twin: bool  # the same file proves something else already


@dataclass(frozen=True, slots=True)
class Work:
    """What a task's grade is computed from."""

    assigned_at: datetime
    due_at: datetime
    reached_at: datetime  # submitted, or the moment of asking while still open
    steps: Sequence[StepFact] = ()
    proofs: Sequence[Proof] = ()


@dataclass(frozen=True, slots=True)
class Quality:
    """The five marks, and the steps that were left without an answer."""

    strict: Mark
    fast: Mark
    tight: Mark
    solid: Mark
    fine: Mark
    unanswered: tuple[str, ...] = ()

    @property
    def marks(self) -> tuple[tuple[str, Mark], ...]:
        """In the order in which they are said."""
        names: tuple[Literal["strict", "fast", "tight", "solid", "fine"], ...] = (
            "strict", "fast", "tight", "solid", "fine",
        )  # fmt: skip
        return tuple((name, getattr(self, name)) for name in names)


def quality(work: Work) -> Quality:
    """The five-part grade. A part without a demand behind it has no mark."""
    unanswered = tuple(step.text for step in work.steps if not step.answer)
    return Quality(
        strict=_strict(work.steps),
        fast=_mark(work.reached_at <= work.due_at),
        tight=_tight(work),
        solid=_mark(any(p.kind in STRONG and not p.twin for p in work.proofs)),
        fine=_mark(not unanswered) if work.steps else "none",
        unanswered=unanswered,
    )


def _mark(good: bool) -> Mark:  # noqa: FBT001 - the verdict itself
    return "pass" if good else "fail"


def _strict(steps: Sequence[StepFact]) -> Mark:
    """严: no step was missed and no exception used without approval."""
    answered = [step for step in steps if step.answer]
    if not answered:
        return "none"
    return _mark(all(s.answer == "met" or (s.answer == "exempt" and s.approved) for s in answered))


def _tight(work: Work) -> Mark:
    """紧: proofs never further apart than a step that must go on allows."""
    limits = [step.every_hours for step in work.steps if step.every_hours]
    if not limits:
        return "none"
    times = sorted(proof.at for proof in work.proofs if proof.at <= work.reached_at)
    stops = [work.assigned_at, *times, work.reached_at]
    longest = max(later - earlier for earlier, later in pairwise(stops))
    return _mark(longest <= timedelta(hours=min(limits)))
