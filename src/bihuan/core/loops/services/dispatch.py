"""Send demands to many places at once: one statement, one audit entry, counters by trigger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from bihuan.core.audit.services import emit, record
from bihuan.core.errors import Invalid, NotAllowed
from bihuan.core.loops.models import Brief
from bihuan.core.loops.rules import FLOWS
from bihuan.core.loops.services.opening import Deadline
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import prefix_range

DEPTHS = (0, 3, 6, 9, 13, 17)  # lengths of the paths from the nation to a community

# The digest names every row of the batch, so that the audit entry of a dispatch proves them all.
_DISPATCH = """
WITH born AS (
    INSERT INTO loops_obligation (
        flow, brief_id, origin, parent_id, place_id, scope, domain, sector, owner_post_id,
        owner_org_id, issuer_post_id, issuer_org_id, state, state_since, version, opened_at,
        assigned_at, due_at, due_rule, first_due_at, level, returns, extensions
    )
    SELECT %(flow)s, brief.id, %(origin)s, parent.id, desk.place_id, desk.scope, brief.domain,
           brief.sector, desk.id, desk.org_id, %(post)s, %(org)s, %(state)s, %(at)s, 0, %(at)s,
           %(at)s, wanted.due_at, wanted.due_rule, wanted.due_at, 0, 0, 0
    FROM unnest(%(briefs)s::bigint[], %(due)s::timestamptz[], %(rules)s::text[])
         AS wanted (brief_id, due_at, due_rule)
    JOIN loops_brief brief ON brief.id = wanted.brief_id
    CROSS JOIN (
        SELECT post.id, post.place_id, post.scope, post.org_id FROM orgs_post post
        JOIN places_place place ON place.id = post.place_id
        WHERE post.desk AND post.valid_to IS NULL AND place.valid_to IS NULL
          AND post.scope >= %(low)s AND post.scope < %(high)s AND place.level = %(level)s
          AND (%(places)s::bigint[] IS NULL OR post.place_id = ANY(%(places)s))
    ) AS desk
    LEFT JOIN loops_obligation parent ON parent.id = %(parent)s
    ON CONFLICT (brief_id, owner_post_id) DO NOTHING
    RETURNING id, brief_id, owner_post_id
)
SELECT count(*), count(DISTINCT owner_post_id),
       min(id), encode(sha256(coalesce(string_agg(id || ':' || brief_id || ':' || owner_post_id, ','
                                         ORDER BY id), '')::bytea), 'hex')
FROM born
"""

_NOTICES = """
INSERT INTO loops_notice (post_id, obligation_id, kind, facts, at)
SELECT owner_post_id, min(id), %(kind)s, jsonb_build_object('count', count(*)), %(at)s
FROM loops_obligation
WHERE brief_id = ANY(%(briefs)s) AND opened_at = %(at)s AND flow = %(flow)s AND id >= %(first)s
GROUP BY owner_post_id
"""

_FOLD = """
WITH gone AS (DELETE FROM loops_tallychange RETURNING scope, flow, domain, bucket, delta),
     paths AS (
        SELECT left(scope, depth) AS path, flow, domain, bucket, delta
        FROM gone, unnest(%(depths)s::int[]) AS depth WHERE depth <= length(scope)
     )
INSERT INTO loops_tally (path, flow, domain, bucket, n)
SELECT path, flow, domain, bucket, sum(delta) FROM paths GROUP BY 1, 2, 3, 4
HAVING sum(delta) <> 0
ORDER BY 1, 2, 3, 4
ON CONFLICT (path, flow, domain, bucket) DO UPDATE SET n = loops_tally.n + excluded.n
"""


@dataclass(frozen=True, slots=True)
class Target:
    """Which places receive: all of a level below the issuer, or the listed ones of them."""

    level: str
    place_ids: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Dispatched:
    """What a dispatch wrote. `rows` is 0 when it had run before."""

    rows: int
    posts: int
    digest: str


@transaction.atomic
def dispatch(
    *,
    demands: Sequence[tuple[Brief, Deadline]],
    target: Target,
    by: Actor,
    at: datetime,
    flow: str = "task",
    origin: str,
    parent_id: int | None = None,
) -> Dispatched:
    """Give every demand to the desk of every place of the target; all or nothing.

    Idempotent: a desk that already owes a brief is left alone. Counters follow by trigger and
    are folded here. Raises NotAllowed without the duty to issue or hand down, Invalid
    ("dispatch.nobody") when the target holds no desk, Invalid("task.no_criterion").
    """
    if not (by.has("directive.issue") or by.has("task.assign")):
        raise NotAllowed("not_allowed", duty="directive.issue")
    _refuse_unready(demands, flow=flow, at=at)
    low, high = prefix_range(by.scope)
    wanted: dict[str, Any] = {
        "flow": flow, "origin": origin, "parent": parent_id, "post": by.post_id, "org": by.org_id,
        "state": FLOWS[flow].start, "at": at, "low": low, "high": high, "level": target.level,
        "briefs": [brief.pk for brief, _ in demands],
        "due": [due.at for _, due in demands], "rules": [due.rule for _, due in demands],
        "places": None if target.place_ids is None else list(target.place_ids),
        "kind": f"{flow}.issued",
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_DISPATCH, wanted)
        rows, posts, first, digest = cursor.fetchone()
        if rows:  # a brief may go to several levels in one moment: each desk is told once
            cursor.execute(_NOTICES, wanted | {"first": first})
        elif not _already_there(wanted):
            raise Invalid("dispatch.nobody", level=target.level, place=by.place_name)
    if rows:
        fold_tally()
        facts = {"rows": rows, "posts": posts, "digest": digest, "level": target.level,
                 "briefs": wanted["briefs"], "flow": flow}  # fmt: skip
        emit("loops.dispatched", subject=origin, at=at, facts={"rows": rows, "posts": posts})
        record(action=f"{flow}.dispatch", subject=origin, by=by, at=at, facts=facts)
    return Dispatched(rows, posts, digest)


def _refuse_unready(demands: Sequence[tuple[Brief, Deadline]], *, flow: str, at: datetime) -> None:
    for brief, due in demands:
        if flow == "task" and not brief.criterion:
            raise Invalid("task.no_criterion", field="criterion", brief=brief.title)
        if due.at <= at:
            raise Invalid("task.due_past", field="due_at", brief=brief.title)


def _already_there(wanted: dict[str, Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM loops_obligation WHERE brief_id = ANY(%(briefs)s)"
            " AND scope >= %(low)s AND scope < %(high)s)",
            wanted,
        )
        (found,) = cursor.fetchone()
    return bool(found)


def fold_tally() -> None:
    """Add what triggers noted to the counters of every place above. Safe at any time.

    One folder at a time (an advisory lock of the transaction); readers add what is not folded.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('loops.fold_tally'))")
        cursor.execute(_FOLD, {"depths": list(DEPTHS)})
