"""What supervision does when news of a loop arrives, after commit, from the outbox.

Each may run twice: it asks what is true now and does nothing when it is done.
"""

from datetime import datetime

from django.db import transaction

from bihuan.core.audit.models import Event
from bihuan.core.audit.services import SYSTEM, System
from bihuan.core.loops.models import Notice, Obligation, ProblemTask
from bihuan.core.loops.rules import FLOWS
from bihuan.core.loops.services import advance
from bihuan.core.loops.types import MoveInput
from bihuan.supervision.selectors.quality import quality_of

_READY = frozenset({"assigned", "rectifying"})


def task_ended(event: Event, *, at: datetime) -> None:
    """When the last task of a problem ends, the problem waits to be verified; never closed.

    (2.3 I4.) Whoever proved the last task counts as having submitted the problem, so that
    somebody else verifies it.
    """
    task_id = int(event.subject.rpartition(":")[2])
    links = ProblemTask.objects.filter(task=task_id).values_list("problem_id", flat=True)
    for problem_id in sorted(links):
        submit_when_done(problem_id, at=at)


def problem_begun(event: Event, *, at: datetime) -> None:
    """A problem whose tasks had all ended before its own rectification began."""
    submit_when_done(int(event.subject.rpartition(":")[2]), at=at)


@transaction.atomic
def submit_when_done(problem_id: int, *, at: datetime) -> bool:
    """Submit a problem whose tasks have all ended, one of them closed. Locks the problem."""
    problem = Obligation.objects.select_for_update().get(pk=problem_id)
    tasks = Obligation.objects.filter(serves__problem=problem_id)
    done = tasks.filter(state="closed").order_by("-closed_at").first()
    if problem.state not in _READY or done is None or tasks.filter(closed_at=None).exists():
        return False
    by = System(person_id=done.submitted_by_id, org_id=done.submitted_org_id)
    facts = {"is_owner": True, "evidence_after_assignment": 1}  # a task is closed by its proof
    flow = FLOWS["problem"]
    if problem.state == "assigned":
        problem = advance(flow, problem, "begin", facts=facts, by=by, at=at)
    note = MoveInput(note="、".join(task.number for task in tasks.order_by("pk")))
    advance(flow, problem, "prove", facts=facts, by=by, at=at, given=note)
    Notice.objects.create(
        post_id=problem.issuer_post_id, obligation=problem, kind="problem.to_verify", at=at
    )
    return True


def task_proven(event: Event, *, at: datetime) -> None:
    """A task that was handed in with unanswered steps goes back with exactly those steps."""
    return_unfinished(int(event.subject.rpartition(":")[2]), at=at)


@transaction.atomic
def return_unfinished(task_id: int, *, at: datetime) -> bool:
    """Return a submitted task whose checklist has gaps, naming them (M046). Locks the task."""
    task = Obligation.objects.select_for_update().get(pk=task_id)
    if task.state != "submitted" or task.flow != "task":
        return False
    missing = quality_of(task, at=at).unanswered
    if not missing:
        return False
    given = MoveInput(note=";".join(missing))
    facts = {"is_issuer": True, "person_id": None, "submitted_by_id": task.submitted_by_id,
             "note": given.note}  # fmt: skip
    advance(FLOWS["task"], task, "return", facts=facts, by=SYSTEM, at=at, given=given)
    Notice.objects.create(
        post_id=task.owner_post_id, obligation=task, kind="task.unfinished", at=at,
        facts={"steps": list(missing)},
    )  # fmt: skip
    return True
