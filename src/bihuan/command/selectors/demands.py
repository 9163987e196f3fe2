"""Demands with what became of them below, and the ledger of a body."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from bihuan.command.models import Demand
from bihuan.command.selectors.stricter import state_of
from bihuan.command.types import CitingRow, DemandLine, DemandRow, Progress, RepeatRow
from bihuan.core.loops.models import Brief
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import prefix_range, within

# Tasks of a demand are those of its own brief and of every brief that implements it, however deep.
_PROGRESS = """
WITH RECURSIVE line (root, id) AS (
    SELECT id, id FROM loops_brief WHERE id = ANY(%(briefs)s)
    UNION ALL
    SELECT line.root, lower.id FROM loops_brief lower JOIN line ON lower.upper_id = line.id
)
SELECT line.root, count(*), count(*) FILTER (WHERE o.state = 'submitted'),
       count(*) FILTER (WHERE o.state = 'closed'),
       count(*) FILTER (WHERE o.closed_at IS NULL AND o.due_at <= %(at)s
                        AND o.state <> 'suspended')
FROM line JOIN loops_obligation o ON o.brief_id = line.id
WHERE o.flow = 'task' AND o.state <> 'withdrawn' AND o.scope >= %(low)s AND o.scope < %(high)s
GROUP BY line.root
"""

_NONE_HERE = """
WITH RECURSIVE line (root, id) AS (
    SELECT id, id FROM loops_brief WHERE id = ANY(%(briefs)s)
    UNION ALL
    SELECT line.root, lower.id FROM loops_brief lower JOIN line ON lower.upper_id = line.id
)
SELECT line.root, count(*) FROM line
JOIN command_demand d ON d.brief_id = line.id
JOIN command_nonehere n ON n.demand_id = d.id AND n.revoked_at IS NULL
WHERE n.scope >= %(low)s AND n.scope < %(high)s
GROUP BY line.root
"""


def progress(*, brief_ids: Collection[int], path: str, at: datetime) -> dict[int, Progress]:
    """What became of demands in a place and below it. Two queries, whatever the number."""
    low, high = prefix_range(path)
    asked: dict[str, Any] = {"briefs": list(brief_ids), "low": low, "high": high, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_NONE_HERE, asked)
        none: dict[int, int] = dict(cursor.fetchall())
        cursor.execute(_PROGRESS, asked)
        rows = {root: Progress(*counts) for root, *counts in cursor.fetchall()}
    return {
        brief: replace(rows.get(brief, Progress()), none_here=none.get(brief, 0))
        for brief in brief_ids
    }


def demand_rows(
    *,
    directive_id: int,
    path: str | None,
    at: datetime,
    counted: dict[int, Progress] | None = None,
) -> list[DemandRow]:
    """The demands of a directive in their order. Five queries; one without `path`.

    `path` is the place whose part of the work is counted; None counts nothing. `counted` is what
    was counted before.
    """
    demands = Demand.objects.filter(directive=directive_id).order_by("ordinal")
    return _rows(demands, path, at, counted)


def ledger(*, body_id: int, by: Actor, at: datetime, size: int = 200) -> list[DemandRow]:
    """The demands in the book of one body, newest first (M006). Five queries."""
    demands = Demand.objects.filter(
        within("directive__scope", by.scope), body=body_id
    ).order_by("-pk")[:size]  # fmt: skip
    return _rows(demands, by.scope, at)


def citing(*, basis: str, by: Actor, size: int = 200) -> list[CitingRow]:
    """Demands and tasks of the post's place and below that rest on a document (M010). One query.

    Asked when a new edition of the document comes: these are to be looked at again.
    """
    if not basis.strip():
        return []
    rows = (
        Brief.objects.filter(sight(by, owned=False, sectors=False), basis__icontains=basis.strip())
        .exclude(directive__isnull=False)
        .select_related("place")
        .annotate(n=Count("obligations", filter=Q(obligations__closed_at=None)))
        .order_by("scope", "-pk")[:size]
    )
    return [CitingRow(b.pk, b.title, b.place.name, b.basis, b.n) for b in rows]


def demands_above(*, relay_id: int | None) -> list[DemandLine]:
    """The demands that a relay carries, in the order of their text. One query."""
    if relay_id is None:
        return []
    rows = Demand.objects.filter(directive__brief__obligations=relay_id).order_by("ordinal")
    return [_line(demand) for demand in rows.select_related("brief", "directive")]


def demands_before(*, path: str, most: int) -> list[DemandLine]:
    """The latest demands that a place itself issued, newest first. One query."""
    rows = Demand.objects.filter(directive__scope=path).order_by("-pk")[:most]
    return [_line(demand) for demand in rows.select_related("brief", "directive")]


def _line(demand: Demand) -> DemandLine:
    brief = demand.brief
    return DemandLine(
        id=demand.pk, brief_id=brief.pk, number=demand.directive.number, ordinal=demand.ordinal,
        title=brief.title, text=brief.text, domain=brief.domain,
    )  # fmt: skip


def _rows(
    demands: QuerySet[Demand],
    path: str | None,
    at: datetime,
    counted: dict[int, Progress] | None = None,
) -> list[DemandRow]:
    found = list(demands.select_related("brief", "owner_post", "body"))
    posts = _supports(found)
    if path is None:
        return [_row(d, Progress(), {}, at, posts) for d in found]
    if counted is None:
        counted = progress(brief_ids=[d.brief_id for d in found], path=path, at=at)
    earlier = _earlier(found, path, at)
    return [_row(d, counted.get(d.brief_id, Progress()), earlier, at, posts) for d in found]


def _supports(demands: list[Demand]) -> dict[int, str]:
    """The titles of the posts that support the owners of demands. One query, if there are any."""
    wanted = {post_id for demand in demands for post_id in demand.support_post_ids}
    return dict(Post.objects.filter(pk__in=wanted).values_list("pk", "title")) if wanted else {}


def _earlier(demands: list[Demand], path: str, at: datetime) -> dict[int, RepeatRow]:
    """The first issue of each demand that repeats one, by the brief of the repeat."""
    wanted = {d.brief.repeats_id: d.brief_id for d in demands if d.brief.repeats_id}
    if not wanted:
        return {}
    firsts = Demand.objects.filter(brief__in=wanted).select_related("directive", "brief")
    counted = progress(brief_ids=list(wanted), path=path, at=at)
    by_first = {d.brief_id: d for d in firsts}
    return {
        d.brief_id: RepeatRow(
            first.pk, first.directive_id, first.directive.number, first.brief.title,
            first.directive.issued_at, counted[first.brief_id],
        )
        for d in demands
        if d.brief.repeats_id and (first := by_first.get(d.brief.repeats_id))
    }  # fmt: skip


def _row(
    d: Demand, done: Progress, earlier: dict[int, RepeatRow], at: datetime, posts: dict[int, str]
) -> DemandRow:
    brief = d.brief
    return DemandRow(
        id=d.pk, brief_id=brief.pk, ordinal=d.ordinal, label=d.label, section=d.section,
        speaker=d.speaker, title=brief.title, text=brief.text, domain=brief.domain,
        responsible=d.responsible, deadline_text=d.deadline_text, due_at=d.due_at,
        criterion=brief.criterion, owner=d.owner_post.title if d.owner_post else "",
        supports=tuple(posts[pk] for pk in d.support_post_ids if pk in posts),
        body=d.body.name if d.body else "",
        body_number=str(d.body_ordinal) if d.body_ordinal is not None else "",
        direct_level=d.direct_level, upper_id=brief.upper_id, stricter=brief.stricter,
        stricter_state=state_of(brief, at=at)[0] if brief.stricter else "",
        repeats=earlier.get(brief.pk), progress=done,
    )  # fmt: skip
