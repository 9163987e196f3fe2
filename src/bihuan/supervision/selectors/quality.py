"""The five-part grade of a task, computed from its clock, its proofs and its checklist."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bihuan.core.evidence.models import Item
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services.moves import fetch
from bihuan.core.orgs.types import Actor
from bihuan.supervision.models import ChecklistStep
from bihuan.supervision.rules.quality import Proof, Quality, StepFact, Work, quality


@dataclass(frozen=True, slots=True)
class Checklist:
    """A task's steps with their answers, its grade, and what this post may do."""

    id: int
    number: str
    title: str
    state: str
    owner: str
    due_at: datetime
    closed_at: datetime | None
    steps: tuple[ChecklistStep, ...]
    quality: Quality
    answers: bool  # the reader owes the task and may answer
    approves: bool  # the reader demanded the task: may set steps and approve exceptions


def quality_of(task: Obligation, *, at: datetime) -> Quality:
    """The grade as known at `at`. Two queries."""
    return _graded(task, _steps(task.pk), at=at)


def has_checklist(*, task_id: int) -> bool:
    """Whether a task has steps to be answered. One query."""
    return ChecklistStep.objects.filter(task=task_id).exists()


def checklist(*, task_id: int, by: Actor, at: datetime) -> Checklist:
    """The checklist page of a task. Three queries. Raises NotFound."""
    task = fetch(obligation_id=task_id, by=by)
    steps = _steps(task.pk)
    open_now = task.closed_at is None
    return Checklist(
        id=task.pk, number=task.number, title=task.brief.title, state=task.state,
        owner=task.owner_post.title, due_at=task.due_at, closed_at=task.closed_at,
        steps=tuple(steps), quality=_graded(task, steps, at=at),
        answers=open_now and task.owner_org_id == by.org_id and by.has("task.do"),
        approves=open_now and task.issuer_org_id == by.org_id and by.has("task.assign"),
    )  # fmt: skip


def _steps(task_id: int) -> list[ChecklistStep]:
    return list(ChecklistStep.objects.filter(task=task_id).order_by("position"))


def _graded(task: Obligation, steps: Sequence[ChecklistStep], *, at: datetime) -> Quality:
    items = Item.objects.filter(subject=task.subject).values_list("made_at", "kind", "twin_of")
    return quality(
        Work(
            assigned_at=task.assigned_at, due_at=task.due_at,
            reached_at=task.submitted_at or task.closed_at or at,
            steps=[
                StepFact(s.text, s.answer, s.approved_at is not None, s.every_hours)
                for s in steps
            ],
            proofs=[Proof(made, kind, twin is not None) for made, kind, twin in items],
        )
    )  # fmt: skip
