"""Daily series by place, as they were known at a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from bihuan.core.clock import local_date
from bihuan.core.places.types import prefix_range
from bihuan.sensing.models import Report

LOOK_BACK = 42  # days a detector and a chart look back
DEPTH = {"county": 9, "township": 13}  # length of the path of a level

_SUMS = """
SELECT left(s.scope, %(depth)s) AS path, r.day, sum(r.n)
FROM (
    SELECT DISTINCT ON (sentinel_id, day) sentinel_id, day, n
    FROM sensing_report
    WHERE stream = %(stream)s AND day > %(first)s AND day <= %(last)s AND reported_at <= %(at)s
    ORDER BY sentinel_id, day, reported_at DESC
) r JOIN sensing_sentinel s ON s.id = r.sentinel_id
WHERE s.scope >= %(low)s AND s.scope < %(high)s
GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Series:
    """Counts of places (rows) by days (columns), and where a report had come."""

    paths: tuple[str, ...]
    days: tuple[date, ...]
    counts: list[list[int]]
    known: list[list[bool]]


def grouped(
    stream: str, *, level: str, at: datetime, scope: str = "", days: int = LOOK_BACK
) -> Series:
    """Sums of a stream by place and day as known at `at`, the day of `at` last. One query.

    Late reports count on the day they are about, once they are there.
    """
    last = local_date(at)
    low, high = prefix_range(scope)
    with connection.cursor() as cursor:
        cursor.execute(
            _SUMS,
            {"depth": DEPTH[level], "stream": stream, "first": last - timedelta(days=days),
             "last": last, "at": at, "low": low, "high": high},
        )  # fmt: skip
        found = {(path, day): int(n) for path, day, n in cursor.fetchall()}
    span = tuple(last - timedelta(days=back) for back in range(days - 1, -1, -1))
    paths = tuple(sorted({path for path, _ in found}))
    return Series(
        paths, span,
        [[found.get((path, day), 0) for day in span] for path in paths],
        [[(path, day) in found for day in span] for path in paths],
    )  # fmt: skip


def received(
    sentinel_ids: Sequence[int], *, days: Sequence[date], at: datetime
) -> dict[int, set[date]]:
    """Days about which each sentinel had reported by `at`. One query."""
    rows = Report.objects.filter(
        sentinel__in=sentinel_ids, day__in=list(days), reported_at__lte=at
    ).values_list("sentinel_id", "day")
    found: dict[int, set[date]] = {}
    for sentinel, day in rows.distinct():
        found.setdefault(sentinel, set()).add(day)
    return found
