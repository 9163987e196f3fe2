"""How a place answers for its duties: counters by flow and domain, and the four ratios (M018)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection

from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.rules import Counts, Stewardship, stewardship
from bihuan.core.places.types import prefix_range

_NONE = Counts(slots=0, filled=0, signatures=0, due=0, on_time=0, problems=0, repeats=0)

# A duty is a venue, or anything else that slots were made for; each has four parties.
_SLOTS = """
WITH wanted AS (SELECT * FROM unnest(%(paths)s::text[], %(low)s::text[], %(high)s::text[])
                AS w (path, low, high)),
duty AS (
    SELECT w.path, 'venue:' || v.id AS subject FROM wanted w
    JOIN orgs_venue v ON v.scope >= w.low COLLATE "C" AND v.scope < w.high COLLATE "C"
    UNION
    SELECT w.path, s.subject FROM wanted w
    JOIN orgs_slot s ON s.scope >= w.low COLLATE "C" AND s.scope < w.high COLLATE "C"
    WHERE s.valid_to IS NULL OR s.valid_to > %(at)s
)
SELECT duty.path, 4 * count(DISTINCT duty.subject), count(s.id), count(s.signed_at)
FROM duty LEFT JOIN orgs_slot s ON s.subject = duty.subject
    AND (s.valid_to IS NULL OR s.valid_to > %(at)s)
    AND (s.post_id IS NOT NULL OR s.org_id IS NOT NULL OR s.text <> '')
GROUP BY duty.path
"""

_DONE = """
SELECT w.path, sum(c.n) FILTER (WHERE c.bucket IN ('closed', 'late', 'overdue')),
       sum(c.n) FILTER (WHERE c.bucket = 'closed')
FROM unnest(%(paths)s::text[], %(low)s::text[], %(high)s::text[]) AS w (path, low, high)
JOIN LATERAL (
    SELECT bucket, n FROM loops_tally t WHERE t.path = w.path COLLATE "C" AND t.flow IN ('task', 'problem')
    UNION ALL
    SELECT bucket, delta FROM loops_tallychange t
    WHERE t.scope >= w.low COLLATE "C" AND t.scope < w.high COLLATE "C"
      AND t.flow IN ('task', 'problem')
) AS c ON true
GROUP BY w.path
"""

# A repeat: the same type of problem at the same place once more. Problems are few among the
# obligations: they are gathered first, so that no place has its whole range read.
_REPEATS = """
WITH found AS MATERIALIZED (
    SELECT o.scope, o.place_id, p.type_code
    FROM loops_problem p JOIN loops_obligation o ON o.id = p.obligation_id
    WHERE o.state <> 'withdrawn' AND o.opened_at <= %(at)s
)
SELECT w.path, count(*), count(*) FILTER (WHERE f.type_code <> '') - count(
    DISTINCT (f.place_id, f.type_code)) FILTER (WHERE f.type_code <> '')
FROM unnest(%(paths)s::text[], %(low)s::text[], %(high)s::text[]) AS w (path, low, high)
JOIN found f ON f.scope >= w.low COLLATE "C" AND f.scope < w.high COLLATE "C"
GROUP BY w.path
"""


def stewardship_of(*, paths: Sequence[str], at: datetime) -> dict[str, Stewardship]:
    """The four ratios of each place with all below it. Three queries, however many places.

    有责: parties named, of four for each duty. 担责: signed, of those named. 尽责: closed in time,
    of tasks and problems that fell due. 有方: one less the share of problems that came back.
    """
    bounds = [prefix_range(path) for path in paths]
    asked: dict[str, Any] = {
        "paths": list(paths), "at": at,
        "low": [low for low, _ in bounds], "high": [high for _, high in bounds],
    }  # fmt: skip
    counts = dict.fromkeys(paths, _NONE)
    for sql, names in (
        (_SLOTS, ("slots", "filled", "signatures")),
        (_DONE, ("due", "on_time")),
        (_REPEATS, ("problems", "repeats")),
    ):
        with connection.cursor() as cursor:
            cursor.execute(sql, asked)
            for path, *figures in cursor.fetchall():
                told = {name: int(n or 0) for name, n in zip(names, figures, strict=True)}
                counts[path] = replace(counts[path], **told)
    return {path: stewardship(figures) for path, figures in counts.items()}


@dataclass(frozen=True, slots=True)
class Share:
    """The counters of one flow and domain in a place and all below it."""

    flow: str
    domain: str
    open: int = 0
    submitted: int = 0
    overdue: int = 0
    closed: int = 0
    late: int = 0
    withdrawn: int = 0

    @property
    def active(self) -> int:
        """Those still open."""
        return self.open + self.submitted + self.overdue

    @property
    def done(self) -> int:
        """Those closed, in time or late."""
        return self.closed + self.late


_BREAKDOWN = """
SELECT flow, domain, bucket, sum(n) FROM (
    SELECT flow, domain, bucket, n FROM loops_tally WHERE path = %(path)s
    UNION ALL
    SELECT flow, domain, bucket, delta FROM loops_tallychange
    WHERE scope >= %(low)s AND scope < %(high)s
) AS c GROUP BY 1, 2, 3 HAVING sum(n) <> 0 ORDER BY 1, 2
"""


def breakdown(*, path: str) -> tuple[Share, ...]:
    """The counters of a place by flow and domain, from the maintained tally. One query."""
    low, high = prefix_range(path)
    found: dict[tuple[str, str], dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_BREAKDOWN, {"path": path, "low": low, "high": high})
        for flow, domain, bucket, n in cursor.fetchall():
            found.setdefault((flow, domain), {})[bucket] = int(n)
    return tuple(Share(flow, domain, **buckets) for (flow, domain), buckets in found.items())


_REPEATED = """
SELECT id FROM (
    SELECT o.id, row_number() OVER (PARTITION BY o.place_id, p.type_code ORDER BY o.id) AS nth
    FROM loops_obligation o JOIN loops_problem p ON p.obligation_id = o.id
    WHERE o.scope >= %(low)s AND o.scope < %(high)s AND p.type_code <> ''
      AND o.state <> 'withdrawn' AND o.opened_at <= %(at)s
) AS counted WHERE nth > 1 ORDER BY id DESC LIMIT %(size)s
"""


def repeated_problems(*, path: str, at: datetime, size: int = 200) -> list[Obligation]:
    """The problems that came back, newest first: the rows behind 有方. Two queries."""
    low, high = prefix_range(path)
    with connection.cursor() as cursor:
        cursor.execute(_REPEATED, {"low": low, "high": high, "at": at, "size": size})
        ids = [pk for (pk,) in cursor.fetchall()]
    rows = Obligation.objects.filter(pk__in=ids).select_related("brief", "place", "owner_post")
    return list(rows.order_by("-pk"))
