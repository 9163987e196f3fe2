"""Open loops that the product itself finds due: a signal, an investigation, one or many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bihuan.core.audit.models import Event
from bihuan.core.audit.services import System, record, together
from bihuan.core.loops.models import Brief, Notice, Obligation
from bihuan.core.loops.services.opening import Deadline, put_row, row_of, tell_issued
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.types import Actor


@transaction.atomic(savepoint=False)
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
    row = put_row(
        flow=flow, brief=brief, owner=owner, issuer=issuer, due=deadline, at=at, origin=origin
    )
    tell_issued(row, by=by, at=at)
    return row


@dataclass(frozen=True, slots=True)
class Raised:
    """One of many loops to open; its brief is not stored yet."""

    flow: str
    brief: Brief
    owner: Post
    issuer: Post
    deadline: Deadline
    origin: str


def held_open(origins: Iterable[str]) -> set[str]:
    """Those origins that have an open loop already. One query."""
    rows = Obligation.objects.filter(origin__in=list(origins), closed_at=None)
    return set(rows.values_list("origin", flat=True))


@transaction.atomic(savepoint=False)
def raise_many(wanted: Sequence[Raised], *, by: Actor | System, at: datetime) -> list[Obligation]:
    """Open many loops, each told to its owner and to the audit. The same few statements for all."""
    Brief.objects.bulk_create([one.brief for one in wanted])
    rows = Obligation.objects.bulk_create(
        row_of(flow=one.flow, brief=one.brief, owner=one.owner, issuer=one.issuer,
               due=one.deadline, at=at, origin=one.origin)
        for one in wanted
    )  # fmt: skip
    Notice.objects.bulk_create(
        Notice(post=row.owner_post, obligation=row, kind=f"{row.flow}.issued", at=at)
        for row in rows
    )
    Event.objects.bulk_create(
        Event(name=f"{row.flow}.issued", subject=row.subject, at=at, facts={}) for row in rows
    )
    with together():
        for row in rows:
            record(
                action=f"{row.flow}.issue", subject=row.subject, by=by, at=at, scope=row.scope,
                after=row.state, facts={"due": row.due_at.isoformat(), "rule": row.due_rule},
            )  # fmt: skip
    return rows
