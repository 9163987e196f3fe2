"""How far down and how wide a cascade has come, and who is missing by name (M033)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from bihuan.command.models import Demand, Directive, Meeting
from bihuan.command.rules import DOWNWARD
from bihuan.command.selectors.sight import watched_path
from bihuan.command.types import LevelReach, MissingRow, NodeRow
from bihuan.core.errors import Invalid, NotFound
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place
from bihuan.core.places.types import prefix_range, under

STEPS = ("reached", "acknowledged", "planned", "proven")
MOST_NAMES = 500

# Every place of the cascade's part that the reader looks over, with the best step it has taken.
_STEPS = """
WITH taken AS (
    SELECT place_id,
           bool_or(state NOT IN ('issued')) AS acknowledged,
           CASE WHEN bool_or(flow = 'relay')
                THEN bool_or(flow = 'relay' AND state IN ('planned', 'submitted', 'closed'))
                ELSE bool_or(state <> 'issued') END AS planned,  -- a task alone is its own plan
           bool_or(state IN ('submitted', 'closed')) AS proven,
           min(due_at) FILTER (WHERE closed_at IS NULL) AS due_at,
           (array_agg(state ORDER BY flow, id DESC))[1] AS state
    FROM loops_obligation
    WHERE origin = %(origin)s AND scope >= %(low)s AND scope < %(high)s AND state <> 'withdrawn'
      AND (%(briefs)s::bigint[] IS NULL OR brief_id = ANY(%(briefs)s))
    GROUP BY place_id
)
"""

_LEVELS = f"""
{_STEPS}
SELECT place.level, count(*), count(taken.place_id), count(*) FILTER (WHERE taken.acknowledged),
       count(*) FILTER (WHERE taken.planned), count(*) FILTER (WHERE taken.proven)
FROM places_place place LEFT JOIN taken ON taken.place_id = place.id
WHERE place.path >= %(low)s AND place.path < %(high)s AND place.valid_to IS NULL
  AND place.level = ANY(%(levels)s)
GROUP BY place.level
"""  # noqa: S608 - a constant

_MISSING = f"""
{_STEPS}
SELECT place.id, place.path, place.name, coalesce(above.name, ''), coalesce(taken.state, ''),
       taken.due_at
FROM places_place place
LEFT JOIN places_place above ON above.id = place.parent_id
LEFT JOIN taken ON taken.place_id = place.id
WHERE place.path >= %(low)s AND place.path < %(high)s AND place.valid_to IS NULL
  AND place.level = ANY(%(levels)s)
  AND NOT coalesce(CASE %(step)s WHEN 'reached' THEN taken.place_id IS NOT NULL
                   WHEN 'acknowledged' THEN taken.acknowledged WHEN 'planned' THEN taken.planned
                   ELSE taken.proven END, false)
ORDER BY place.path LIMIT %(most)s
"""  # noqa: S608 - a constant

_NODES = """
SELECT place.id, place.path, place.name, place.level, relay.id, relay.state, relay.due_at,
       coalesce(relay.closed_at IS NULL AND relay.due_at <= %(at)s, false),
       own.tasks, own.closed, own.here, own.below,
       (SELECT count(*) FROM places_place child
        WHERE child.parent_id = place.id AND child.valid_to IS NULL)
FROM places_place place
LEFT JOIN LATERAL (
    SELECT id, state, due_at, closed_at FROM loops_obligation o
    WHERE o.origin = %(origin)s AND o.scope = place.path AND o.flow = 'relay'
      AND o.state <> 'withdrawn'
    ORDER BY o.id DESC LIMIT 1
) relay ON true
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE o.flow = 'task') AS tasks,
           count(*) FILTER (WHERE o.flow = 'task' AND o.state = 'closed') AS closed,
           count(*) FILTER (WHERE o.flow = 'task' AND o.scope = place.path) AS here,
           count(DISTINCT o.place_id) FILTER (WHERE o.scope <> place.path) AS below
    FROM loops_obligation o
    WHERE o.origin = %(origin)s AND o.scope >= place.path
      AND o.scope < left(place.path, -1) || '/' AND o.state <> 'withdrawn'
) own
WHERE place.parent_id = %(parent)s AND place.valid_to IS NULL
ORDER BY place.path
"""

_BRIEFS = """
WITH RECURSIVE line (id) AS (
    SELECT %(brief)s::bigint
    UNION
    SELECT lower.id FROM loops_brief lower JOIN line ON lower.upper_id = line.id
)
SELECT id FROM line
UNION
SELECT directive.brief_id FROM command_demand demand
JOIN command_directive directive ON directive.id = demand.directive_id
WHERE demand.brief_id IN (SELECT id FROM line)
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is measured: a cascade or one demand of it, in the places a post looks over."""

    origin: str
    path: str
    levels: tuple[str, ...]
    brief_ids: tuple[int, ...] | None = None

    def asked(self) -> dict[str, Any]:
        """The parameters of the queries."""
        low, high = prefix_range(self.path)
        return {
            "origin": self.origin, "low": low, "high": high, "levels": list(self.levels),
            "briefs": None if self.brief_ids is None else list(self.brief_ids),
        }  # fmt: skip


def whole(directive: Directive) -> Scope:
    """The whole cascade, as its issuer looks over it. No query."""
    below = DOWNWARD[DOWNWARD.index(directive.place.level) + 1 :]
    return Scope(directive.origin, directive.scope, tuple(below))


def measured(directive: Directive, *, by: Actor, demand: Demand | None = None) -> Scope | None:
    """What a post may measure of a directive, None for a post that sees its own work alone.

    One query, and one more for a single demand.
    """
    path = watched_path(directive, by=by)
    if path is None:
        return None
    top = Place.objects.filter(path=path, valid_to=None).values_list("level", flat=True).first()
    levels = DOWNWARD[DOWNWARD.index(top or directive.place.level) :]
    below = tuple(levels[1:]) if path == directive.scope else tuple(levels)
    briefs = None
    if demand is not None:
        with connection.cursor() as cursor:
            cursor.execute(_BRIEFS, {"brief": demand.brief_id})
            briefs = tuple(pk for (pk,) in cursor.fetchall())
    return Scope(directive.origin, path, below, briefs)


def level_reach(scope: Scope) -> list[LevelReach]:
    """Depth and breadth, from the top down, to the last level it reached. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_LEVELS, scope.asked())
        rows = {row[0]: LevelReach(*row) for row in cursor.fetchall()}
    found = [rows[level] for level in DOWNWARD if level in rows]
    deepest = max((n for n, row in enumerate(found) if row.reached), default=0)
    return found[: deepest + 1]


def missing(scope: Scope, *, level: str, step: str) -> list[MissingRow]:
    """The places of a level that have not taken a step, by name; at most 500. One query.

    Raises Invalid("reach.step").
    """
    if step not in STEPS or level not in scope.levels:
        raise Invalid("reach.step", field="step", value=f"{level}/{step}")
    asked = scope.asked() | {"levels": [level], "step": step, "most": MOST_NAMES}
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, asked)
        return [MissingRow(*row) for row in cursor.fetchall()]


def top_nodes(scope: Scope, *, at: datetime) -> list[NodeRow]:
    """The first branch of the tree: the places right below the top that is looked over.

    Four queries.
    """
    top = Place.objects.filter(path=scope.path, valid_to=None).values_list("pk", flat=True).get()
    return nodes(scope, parent_id=top, at=at)


def nodes(scope: Scope, *, parent_id: int, at: datetime) -> list[NodeRow]:
    """The places right below one, each with its answer and its subtree. Three queries.

    Raises NotFound for a place outside what the post looks over.
    """
    parent = Place.objects.filter(pk=parent_id).values_list("path", flat=True).first()
    if parent is None or not under(parent, scope.path):
        raise NotFound("place.not_found", id=parent_id)
    with connection.cursor() as cursor:
        cursor.execute(_NODES, {"origin": scope.origin, "parent": parent_id, "at": at})
        rows: Sequence[tuple[Any, ...]] = cursor.fetchall()
    studied = set(
        Meeting.objects.filter(form="study", relay__in=[row[4] for row in rows if row[4]])
        .values_list("relay_id", flat=True)
    )  # fmt: skip
    found = []
    for pk, path, name, level, relay, state, due, late, tasks, closed, here, below, kids in rows:
        found.append(NodeRow(
            place_id=pk, path=path, name=name, level=level,
            state=state or ("direct" if here else "none"), relay_id=relay, due_at=due,
            overdue=late, tasks=tasks, closed=closed, children=kids, reached_below=below,
            studied=relay in studied,
        ))  # fmt: skip
    return found
