"""Lines between levels: matters brought up, and how many desks and hours each route takes (M187)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from bihuan.core.loops.models import Request
from bihuan.core.loops.selectors import loops
from bihuan.core.loops.types import Filter, LoopRow
from bihuan.core.orgs.selectors import desk_of
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place
from bihuan.core.places.rules import upper_paths
from bihuan.core.places.types import prefix_range

PERIOD = timedelta(days=90)

# Upward: from the place that asks to the one addressed. Downward: from the place that began the
# cascade to the place of the relay or task. Hours to arrive, and hours to an answer, are medians.
_ROUTES = """
WITH RECURSIVE depth AS (
    SELECT id, 0 AS n FROM places_place WHERE parent_id IS NULL
    UNION ALL
    SELECT p.id, depth.n + 1 FROM places_place p JOIN depth ON p.parent_id = depth.id
), up AS (
    SELECT 'up' AS way, r.direct, f.level AS source, t.level AS target, r.hops,
           extract(epoch FROM r.reached_at - o.opened_at) / 3600 AS arrived,
           extract(epoch FROM o.submitted_at - o.opened_at) / 3600 AS answered
    FROM loops_request r JOIN loops_obligation o ON o.id = r.obligation_id
    JOIN places_place f ON f.id = o.place_id JOIN places_place t ON t.id = r.addressed_id
    WHERE o.scope >= %(low)s AND o.scope < %(high)s AND o.opened_at >= %(since)s
      AND o.state <> 'withdrawn'
), begun AS (
    SELECT d.origin, d.issued_at, p.level, depth.n
    FROM command_directive d JOIN places_place p ON p.id = d.place_id
    JOIN depth ON depth.id = p.id
    WHERE d.relay_id IS NULL AND d.issued_at >= %(since)s
), down AS (
    SELECT 'down' AS way, demand.id IS NOT NULL AS direct, begun.level AS source,
           place.level AS target,
           CASE WHEN demand.id IS NOT NULL THEN 1 ELSE depth.n - begun.n END AS hops,
           extract(epoch FROM o.opened_at - begun.issued_at) / 3600 AS arrived,
           extract(epoch FROM o.submitted_at - begun.issued_at) / 3600 AS answered
    FROM begun JOIN loops_obligation o ON o.origin = begun.origin
    JOIN places_place place ON place.id = o.place_id JOIN depth ON depth.id = place.id
    LEFT JOIN command_demand demand ON demand.brief_id = o.brief_id AND demand.direct_level <> ''
    WHERE o.scope >= %(low)s AND o.scope < %(high)s
      AND (o.flow = 'relay' OR demand.id IS NOT NULL)
)
SELECT way, direct, source, target, count(*), avg(hops)::float,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY arrived),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY answered), count(answered)
FROM (SELECT * FROM up UNION ALL SELECT * FROM down) AS matters
GROUP BY 1, 2, 3, 4 ORDER BY way DESC, direct DESC, source, target
"""


@dataclass(frozen=True, slots=True)
class Route:
    """One way between two levels: matters, desks they came to, hours until they were there."""

    way: str  # up | down
    direct: bool
    source: str
    target: str
    matters: int
    hops: float
    hours_to_arrive: float | None
    hours_to_answer: float | None
    answered: int


def routes(*, by: Actor, at: datetime) -> tuple[Route, ...]:
    """Hops and hours of each route in the post's place and below, of the last 90 days. One query."""
    low, high = prefix_range(by.scope)
    asked: dict[str, Any] = {"low": low, "high": high, "since": at - PERIOD}
    with connection.cursor() as cursor:
        cursor.execute(_ROUTES, asked)
        return tuple(Route(*row) for row in cursor.fetchall())


@dataclass(frozen=True, slots=True)
class LineRow:
    """A matter brought up: the loop, and how far it came."""

    loop: LoopRow
    kind: str
    urgent: bool
    direct: bool
    addressed: str
    hops: int
    answer: str


def lines(*, by: Actor, at: datetime, after: str = "") -> tuple[list[LineRow], str]:
    """Matters brought up that the post may see, newest first, and the key of the next page.

    Two queries.
    """
    page = loops(by=by, at=at, wanted=Filter(flow="request"), after=after)
    asked = Request.objects.select_related("addressed").in_bulk([row.id for row in page.rows])
    told = [
        LineRow(row, r.kind, r.urgent, r.direct, r.addressed.name, r.hops, r.answer)
        for row in page.rows
        if (r := asked.get(row.id)) is not None
    ]
    return told, page.after


def desks_above(*, by: Actor) -> list[tuple[int, str]]:
    """The places above the post's own that have a desk, the nearest first. Two queries."""
    above = Place.objects.filter(path__in=upper_paths(by.scope), valid_to=None).order_by("-path")
    desks = desk_of(place_ids=[place.pk for place in above])
    return [(place.pk, place.name) for place in above if place.pk in desks]
