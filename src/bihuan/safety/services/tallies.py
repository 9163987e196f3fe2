"""Fold what triggers noted into the counters of every place above."""

from django.db import connection, transaction

from bihuan.core.loops.services.dispatch import DEPTHS

_FOLD = """
WITH gone AS (DELETE FROM safety_placetallychange RETURNING scope, kind, sector, bucket, delta),
     paths AS (
        SELECT left(scope, depth) AS path, kind, sector, bucket, delta
        FROM gone, unnest(%(depths)s::int[]) AS depth WHERE depth <= length(scope)
     )
INSERT INTO safety_placetally (path, kind, sector, bucket, n)
SELECT path, kind, sector, bucket, sum(delta) FROM paths GROUP BY 1, 2, 3, 4
HAVING sum(delta) <> 0
ORDER BY 1, 2, 3, 4
ON CONFLICT (path, kind, sector, bucket) DO UPDATE SET n = safety_placetally.n + excluded.n
"""


def fold_places() -> None:
    """Safe at any time; one folder at a time, and readers add what is not folded."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('safety.fold_places'))")
        cursor.execute(_FOLD, {"depths": list(DEPTHS)})
