"""A task for several organisations: one leads and answers for it, the others support (M019)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.errors import Invalid
from bihuan.core.loops.models import Brief, JointPart, Obligation
from bihuan.core.loops.services.opening import Deadline, issue, write_brief
from bihuan.core.loops.types import BriefInput, Share
from bihuan.core.orgs.types import Actor


def refuse_shares(shares: Sequence[Share]) -> Share:
    """The share of who leads. A joint task has exactly one, and no post twice (M019).

    Raises Invalid("joint.no_lead" | "joint.two_leads" | "joint.twice").
    """
    leads = [share for share in shares if share.part == "lead"]
    if len(leads) != 1:
        raise Invalid("joint.two_leads" if leads else "joint.no_lead", field="owner_post_id")
    if len({share.post_id for share in shares}) != len(shares):
        raise Invalid("joint.twice", field="support_post_ids")
    return leads[0]


@transaction.atomic
def issue_joint(
    *,
    brief: Brief,
    shares: Sequence[Share],
    by: Actor,
    at: datetime,
    deadline: Deadline | None = None,
    parent: Obligation | None = None,
    origin: str = "",
) -> Obligation:
    """Make one post owe a brief and each supporter its part of it; the task of who leads.

    The parts hang below that task, so that it is proven only when all of them are closed. With
    nobody supporting it is a task like any other. Raises what `refuse_shares` and `issue` raise.
    """
    lead = refuse_shares(shares)
    task = issue(
        brief=brief, owner_post_id=lead.post_id, by=by, at=at, deadline=deadline, parent=parent,
        origin=origin,
    )  # fmt: skip
    supports = [share for share in shares if share is not lead]
    if not supports:
        return task
    parts = [JointPart(task=task, lead=task, part="lead")]
    for share in supports:
        own = write_brief(given=_part_of(brief, share), place=brief.place, at=at)
        part = issue(
            brief=own, owner_post_id=share.post_id, by=by, at=at,
            deadline=Deadline(task.due_at, task.due_rule), parent=task, origin=origin,
        )  # fmt: skip
        parts.append(JointPart(task=part, lead=task, part="support"))
    JointPart.objects.bulk_create(parts)
    record(
        action="task.join", subject=task.subject, by=by, at=at, scope=task.scope,
        facts={"parts": [part.task.number for part in parts]},
    )  # fmt: skip
    return task


def _part_of(brief: Brief, share: Share) -> BriefInput:
    return BriefInput(
        title=brief.title, text=share.text or brief.text, domain=brief.domain,
        domains=tuple(brief.domains), sector=brief.sector, criterion=brief.criterion,
        basis=brief.basis, upper_id=brief.pk,
    )  # fmt: skip
