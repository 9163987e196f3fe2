"""Set a task's checklist, answer its steps, approve exceptions. The grade is computed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services.moves import fetch
from bihuan.core.orgs.types import Actor
from bihuan.supervision.models import ChecklistStep
from bihuan.supervision.types import Answer

MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class NewStep:
    """A step to be answered; `every_hours` when it must go on without a gap."""

    text: str
    every_hours: float | None = None


@transaction.atomic
def set_checklist(
    *, task_id: int, steps: Sequence[NewStep], by: Actor, at: datetime
) -> list[ChecklistStep]:
    """Add steps to a task, by whoever demanded it. Locks the task.

    Raises NotFound, NotAllowed, Conflict("checklist.task_closed"), Invalid("checklist.empty" |
    "checklist.too_long").
    """
    task = _demanded(task_id, by)
    texts = [step for step in steps if step.text.strip()]
    count = ChecklistStep.objects.filter(task=task).count()
    if not texts:
        raise Invalid("checklist.empty", field="steps")
    if count + len(texts) > MOST_STEPS:
        raise Invalid("checklist.too_long", field="steps", limit=MOST_STEPS)
    rows = ChecklistStep.objects.bulk_create(
        ChecklistStep(
            task=task, position=count + place, text=step.text.strip()[:200],
            every_hours=step.every_hours,
        )
        for place, step in enumerate(texts, start=1)
    )  # fmt: skip
    record(action="checklist.set", subject=task.subject, by=by, at=at, scope=task.scope,
           facts={"steps": [row.text for row in rows]})  # fmt: skip
    return rows


@transaction.atomic
def answer_step(
    *, step_id: int, answer: str, reason: str = "", by: Actor, at: datetime
) -> ChecklistStep:
    """Answer a step of one's own task. Locks the step.

    Raises NotFound, NotAllowed, Conflict("checklist.task_closed"), Invalid("checklist.answer" |
    "checklist.no_reason" where something was not done or an exception is asked for).
    """
    step, task = _step(step_id, by)
    if task.owner_org_id != by.org_id or not by.has("task.do"):
        raise NotAllowed("loop.not_owner")
    if answer not in Answer.values:
        raise Invalid("checklist.answer", field="answer")
    if answer != Answer.MET and not reason.strip():
        raise Invalid("checklist.no_reason", field="reason")
    step.answer, step.reason = answer, reason.strip()[:200]
    step.answered_at, step.answered_by = at, by.name
    step.approved_at, step.approved_by = None, ""
    step.save()
    record(action="checklist.answer", subject=task.subject, by=by, at=at, scope=task.scope,
           after=answer, facts={"step": step.text, "reason": step.reason})  # fmt: skip
    return step


@transaction.atomic
def approve_exception(*, step_id: int, by: Actor, at: datetime) -> ChecklistStep:
    """Approve the exception asked for in a step, by whoever demanded the task.

    Raises NotFound, NotAllowed, Conflict("checklist.no_exception" | "checklist.task_closed").
    """
    step, _ = _step(step_id, by)
    task = _demanded(step.task_id, by)
    if step.answer != Answer.EXEMPT or step.approved_at is not None:
        raise Conflict("checklist.no_exception")
    step.approved_at, step.approved_by = at, by.name
    step.save(update_fields=["approved_at", "approved_by"])
    record(action="checklist.approve", subject=task.subject, by=by, at=at, scope=task.scope,
           facts={"step": step.text})  # fmt: skip
    return step


def _step(step_id: int, by: Actor) -> tuple[ChecklistStep, Obligation]:
    step = ChecklistStep.objects.select_for_update().filter(pk=step_id).first()
    if step is None:
        raise NotFound("checklist.not_found", id=step_id)
    return step, _open(fetch(obligation_id=step.task_id, by=by, lock=True))


def _demanded(task_id: int, by: Actor) -> Obligation:
    task = fetch(obligation_id=task_id, by=by, lock=True)
    if task.flow != "task":
        raise NotFound("loop.not_found", id=task_id)
    if task.issuer_org_id != by.org_id or not by.has("task.assign"):
        raise NotAllowed("loop.not_issuer")
    return _open(task)


def _open(task: Obligation) -> Obligation:
    if task.closed_at is not None:
        raise Conflict("checklist.task_closed", number=task.number)
    return task
