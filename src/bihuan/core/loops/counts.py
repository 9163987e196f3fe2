"""How many: from the maintained tally of places, and what one post owes, waits for, was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from bihuan.core.loops.types import TallyRow
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import prefix_range

_TALLY = """
WITH child AS (
    SELECT id, code, name, path FROM places_place
    WHERE parent_id = %(place)s AND valid_to IS NULL
), counted AS (
    SELECT child.path, t.bucket, t.n FROM child JOIN loops_tally t ON t.path = child.path
    WHERE (%(flow)s = '' OR t.flow = %(flow)s) AND (%(domains)s = '{}'::text[]
          OR t.domain = ANY(%(domains)s))
    UNION ALL
    SELECT child.path, c.bucket, c.delta FROM loops_tallychange c
    JOIN child ON c.scope >= child.path AND c.scope < left(child.path, -1) || '/'
    WHERE (%(flow)s = '' OR c.flow = %(flow)s) AND (%(domains)s = '{}'::text[]
          OR c.domain = ANY(%(domains)s))
)
SELECT child.path, child.name, child.id, child.code, counted.bucket, sum(counted.n)
FROM child LEFT JOIN counted ON counted.path = child.path
GROUP BY 1, 2, 3, 4, 5 ORDER BY child.code
"""


def roll_up(*, place_id: int, flow: str = "", domains: Sequence[str] = ()) -> tuple[TallyRow, ...]:
    """The counters of each child of a place, from the maintained tally. One query.

    The caller has checked that the place lies in the reader's scope.
    """
    rows: dict[str, dict[str, object]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_TALLY, {"place": place_id, "flow": flow, "domains": list(domains)})
        for path, name, pk, code, bucket, n in cursor.fetchall():
            row = rows.setdefault(path, {"path": path, "name": name, "place_id": pk, "code": code})
            if bucket is not None:
                row[bucket] = int(n)
    return tuple(TallyRow(**row) for row in rows.values())  # type: ignore[arg-type]


def totals(*, path: str, flow: str = "") -> dict[str, int]:
    """The counters of one place and everything below it, by bucket. Two queries."""
    low, high = prefix_range(path)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bucket, sum(n) FROM ("
            " SELECT bucket, n FROM loops_tally"
            " WHERE path = %(path)s AND (%(flow)s = '' OR flow = %(flow)s)"
            " UNION ALL SELECT bucket, delta FROM loops_tallychange WHERE scope >= %(low)s"
            " AND scope < %(high)s AND (%(flow)s = '' OR flow = %(flow)s)) AS c"
            " GROUP BY 1 HAVING sum(n) <> 0",
            {"path": path, "flow": flow, "low": low, "high": high},
        )
        return {bucket: int(n) for bucket, n in cursor.fetchall()}


def unread(*, by: Actor, most: int) -> int:
    """How many news the post has not read, counted no further than `most`. One query."""
    return _counted("loops_notice WHERE post_id = %s AND read_at IS NULL", by.post_id, most)


def owed(*, by: Actor, most: int) -> int:
    """How many open loops the post has, counted no further than `most`. One query."""
    return _counted(
        "loops_obligation WHERE owner_post_id = %s AND closed_at IS NULL", by.post_id, most
    )


def _counted(rows: str, post_id: int, most: int) -> int:
    """Every page asks: as SQL, since building these two queries took longer than they do."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM (SELECT FROM {rows} LIMIT %s) AS few",  # noqa: S608
            [post_id, most],
        )
        return int(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class Desk:
    """What a post owes, how much of it is late or unseen, what waits for it, what it was told."""

    owed: int
    overdue: int
    unseen: int
    to_accept: int
    told: int


_DESK = """
SELECT count(*), count(*) FILTER (WHERE due_at <= %(at)s AND state <> 'suspended'),
       count(*) FILTER (WHERE state = 'issued'),
       (SELECT count(*) FROM loops_obligation
        WHERE issuer_org_id = %(org)s AND state = 'submitted'),
       (SELECT count(*) FROM loops_notice WHERE post_id = %(post)s AND read_at IS NULL)
FROM loops_obligation WHERE owner_post_id = %(post)s AND closed_at IS NULL
"""


def desk(*, by: Actor, at: datetime) -> Desk:
    """The figures above the lists of My work. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_DESK, {"post": by.post_id, "org": by.org_id, "at": at})
        return Desk(*cursor.fetchone())
