"""What time does by itself: overdue is marked, told and escalated; pauses end; counters fold."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from bihuan.core.audit.services import SYSTEM, emit, record
from bihuan.core.loops.models import Notice, Obligation
from bihuan.core.loops.rules import FLOWS, escalation_level
from bihuan.core.loops.services.dispatch import fold_tally
from bihuan.core.loops.services.moves import advance
from bihuan.core.orgs.selectors import Chains
from bihuan.core.packs import registry

BATCH = 20_000
HIGHEST = 4

_MARK = """
WITH late AS (
    SELECT id FROM loops_obligation
    WHERE closed_at IS NULL AND overdue_at IS NULL AND due_at <= %(at)s AND state <> 'suspended'
    ORDER BY due_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED
), marked AS (
    UPDATE loops_obligation o SET overdue_at = %(at)s FROM late WHERE o.id = late.id
    RETURNING o.id, o.owner_post_id
), told AS (
    INSERT INTO loops_notice (post_id, obligation_id, kind, facts, at)
    SELECT owner_post_id, min(id), 'overdue', jsonb_build_object('count', count(*)), %(at)s
    FROM marked GROUP BY owner_post_id
)
SELECT count(*) FROM marked
"""


@dataclass(frozen=True, slots=True)
class Ticked:
    """What one tick did."""

    marked: int
    escalated: int
    resumed: int


def tick(*, at: datetime) -> Ticked:
    """Run the clocks once. Safe to repeat and to run twice at a time; each batch commits."""
    marked = 0
    while (found := _mark(at)) > 0:
        marked += found
    resumed = _resume(at)
    escalated = 0
    while (found := _escalate(at)) > 0:
        escalated += found
    fold_tally()
    return Ticked(marked, escalated, resumed)


@transaction.atomic
def _mark(at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_MARK, {"at": at, "batch": BATCH})
        (count,) = cursor.fetchone()
    if count:
        emit("loops.overdue", subject="loops", at=at, facts={"rows": count})
        record(action="loops.mark_overdue", subject="loops", by=SYSTEM, at=at,
               facts={"rows": count})  # fmt: skip
    return int(count)


@transaction.atomic
def _resume(at: datetime) -> int:
    """End the pauses whose moment has come: back to work, with the time they had left."""
    rows = Obligation.objects.select_for_update(skip_locked=True).filter(
        state="suspended", resume_at__lte=at
    )[:BATCH]
    for row in rows:
        advance(FLOWS[row.flow], row, "resume", facts={"is_issuer": True}, by=SYSTEM, at=at)
    return len(rows)


@transaction.atomic
def _escalate(at: datetime) -> int:
    """Let overdue work climb the portfolio chain, one notice a step; a reminder, nothing more."""
    step = registry.due("escalate.step", at)[0] - at
    due_for_step = Q(pk__in=())
    for level in range(HIGHEST):  # the next step is due when `level` steps have passed
        due_for_step |= Q(level=level, overdue_at__lte=at - level * step)
    rows = list(
        Obligation.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(due_for_step, closed_at__isnull=True)
        .select_related("owner_post__place", "owner_post__leader")[:BATCH]
    )
    chains = Chains(row.owner_post for row in rows)
    told: dict[tuple[int, int], list[Obligation]] = {}
    climbed: dict[int, list[int]] = {}
    for row in rows:
        assert row.overdue_at is not None
        row.level = min(escalation_level(overdue_since=row.overdue_at, at=at, step=step), HIGHEST)
        climbed.setdefault(row.level, []).append(row.pk)
        post = chains.post(row.owner_post, sector=row.sector, level=row.level)
        if post is not None:
            told.setdefault((post.pk, row.level), []).append(row)
    for level, ids in climbed.items():
        Obligation.objects.filter(pk__in=ids).update(level=level)
    Notice.objects.bulk_create(
        Notice(post_id=post, obligation=late[0], kind="escalated", at=at,
               facts={"count": len(late), "level": level})
        for (post, level), late in told.items()
    )  # fmt: skip
    if rows:
        record(action="loops.escalate", subject="loops", by=SYSTEM, at=at,
               facts={"rows": len(rows)})  # fmt: skip
    return len(rows)
