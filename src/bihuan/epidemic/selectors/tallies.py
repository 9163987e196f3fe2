"""Cases as numbers: how many of a disease in a county on a day. Nobody is told of."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from bihuan.core.clock import TZ
from bihuan.core.places.types import COUNTY
from bihuan.epidemic.selectors.sight import APART

_TALLY = f"""
SELECT e.disease, left(c.scope, %(depth)s), (c.diagnosed_at AT TIME ZONE %(zone)s)::date, count(*)
FROM epidemic_case c JOIN epidemic_event e ON e.id = c.event_id
WHERE c.diagnosed_at >= %(since)s AND c.reported_at <= %(at)s AND {APART}
  AND c.kind <> 'excluded'
GROUP BY 1, 2, 3
"""  # noqa: S608 - text of this package alone


@dataclass(frozen=True, slots=True)
class Tally:
    """So many cases of a disease, diagnosed in a county on a day."""

    disease: str
    path: str
    day: date
    n: int


def tallies(*, since: datetime, at: datetime) -> list[Tally]:
    """Cases by disease, county and local day of diagnosis, as known at a moment. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_TALLY, {"depth": COUNTY, "zone": TZ.key, "since": since, "at": at})
        return [Tally(*row) for row in cursor.fetchall() if len(row[1]) == COUNTY]
