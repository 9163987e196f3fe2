"""Gather what the checks of a move ask about one obligation."""

from datetime import datetime
from typing import Any

from bihuan.core.evidence.models import Item
from bihuan.core.loops.gates import domain_missing
from bihuan.core.loops.models import (
    Obligation,
    Problem,
    ProblemTask,
    Request,
    Responsibility,
)
from bihuan.core.loops.types import MoveInput
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.rules import SEES_PLACE
from bihuan.core.orgs.types import Actor
from bihuan.core.places.rules import upper_paths


def facts_of(
    row: Obligation, *, by: Actor, at: datetime, given: MoveInput, extra: dict[str, Any]
) -> dict[str, Any]:
    """Facts for the checks of `rules`. Three queries, six for a problem."""
    above = (
        by.role in SEES_PLACE
        and by.scope != row.scope
        and row.scope.startswith(by.scope)
        and by.org_id != row.owner_org_id
    )
    facts: dict[str, Any] = {
        "at": at,
        "note": given.note,
        "until": given.until,
        "due_at": row.due_at,
        "person_id": by.person_id,
        "post_id": by.post_id,
        "org_id": by.org_id,
        "is_owner": by.org_id == row.owner_org_id,
        "is_issuer": by.org_id == row.issuer_org_id or above,
        "submitted_by_id": row.submitted_by_id,
        "submitted_org_id": row.submitted_org_id,
        "asked_by_id": row.asked_by_id,
        "evidence_after_assignment": _proofs(row),
        "open_parts": row.parts.filter(closed_at__isnull=True).count(),
        "is_asker": by.org_id == row.issuer_org_id,
        "passes_to": next_desk(row) if row.flow == "request" else None,
        "unmapped": (),
        "decided": False,
        "grade": "",
    }
    if row.flow == "problem":
        facts |= _problem_facts(row, given)
    facts["domain_missing"] = domain_missing(row, facts["grade"])
    return facts | extra


def next_desk(row: Obligation) -> Post | None:
    """The desk right above the one that has a request, up to where it was addressed. Two queries.

    A level without a desk is passed over. None where it has arrived.
    """
    here = row.owner_post.place
    aim = Request.objects.values_list("addressed__path", flat=True).get(pk=row.pk)
    above = Post.objects.filter(
        place__path__in=[path for path in upper_paths(here.path) if path.startswith(aim)],
        place__valid_to=None, desk=True, valid_to=None,
    )  # fmt: skip
    return above.select_related("place").order_by("-place__path").first()


def _proofs(row: Obligation) -> int:
    """Proofs made after the assignment; those of the tasks that serve a problem prove it too."""
    subjects = [row.subject]
    if row.flow == "problem":
        served = ProblemTask.objects.filter(problem=row.pk, task__closed_at__isnull=False)
        subjects += [f"obligation:{pk}" for pk in served.values_list("task_id", flat=True)]
    proofs = Item.objects.filter(subject__in=subjects, recorded_at__gte=row.assigned_at)
    return proofs.count()


def _problem_facts(row: Obligation, given: MoveInput) -> dict[str, Any]:
    problem = Problem.objects.get(pk=row.pk)
    tasks = ProblemTask.objects.filter(problem=problem, task__closed_at__isnull=True)
    return {
        "grade": given.grade or problem.grade,
        "interim": given.interim or problem.interim,
        "interim_post_id": given.interim_post_id or problem.interim_post_id,
        "cause": problem.cause,
        "extent": problem.extent,
        "similar": problem.similar,
        "verified_at": problem.verified_at,
        "recheck_at": problem.recheck_at,
        "open_tasks": tasks.count(),
        "decided_responsibilities": Responsibility.objects.filter(
            obligation=row, decided_at__isnull=False
        ).count(),
        "figure_name": problem.figure_name,
        "figure_after": problem.figure_after,
        "verifier_post_id": row.issuer_post_id if problem.origin_kind == "visit" else None,
        "external": problem.external,
        # A finding of a numbered list is accepted by the record of its issuer's document (M037).
        "external_accepted": given.external_accepted and not row.origin.startswith("external:"),
    }
