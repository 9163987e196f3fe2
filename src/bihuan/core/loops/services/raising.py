"""Open a loop that the product itself finds due: a signal, an investigation."""

from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import System, emit, record
from bihuan.core.loops.models import Brief, Notice, Obligation
from bihuan.core.loops.rules import FLOWS
from bihuan.core.loops.services.opening import Deadline
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.types import Actor


@transaction.atomic
def raise_loop(
    *,
    flow: str,
    brief: Brief,
    owner: Post,
    issuer: Post,
    deadline: Deadline,
    origin: str,
    by: Actor | System,
    at: datetime,
) -> Obligation:
    """Make `owner` owe a brief from `at` on, with `issuer` as the post it answers to."""
    row = Obligation.objects.create(
        flow=flow, brief=brief, origin=origin, place_id=owner.place_id, scope=owner.scope,
        domain=brief.domain, sector=brief.sector, owner_post=owner, owner_org_id=owner.org_id,
        issuer_post=issuer, issuer_org_id=issuer.org_id, state=FLOWS[flow].start, state_since=at,
        opened_at=at, assigned_at=at, due_at=deadline.at, due_rule=deadline.rule,
        first_due_at=deadline.at,
    )  # fmt: skip
    Notice.objects.create(post=owner, obligation=row, kind=f"{flow}.issued", at=at)
    emit(f"{flow}.issued", subject=row.subject, at=at)
    record(
        action=f"{flow}.issue", subject=row.subject, by=by, at=at, scope=row.scope,
        after=row.state, facts={"due": deadline.at.isoformat(), "rule": deadline.rule},
    )  # fmt: skip
    return row
