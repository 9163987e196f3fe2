"""Follow places that were moved or merged: organisations, posts and key places go along."""

import json
from datetime import datetime

from django.db import connection, transaction

from bihuan.core.audit.models import Event
from bihuan.core.audit.services import SYSTEM, record

_PAIRS = """
WITH pair AS (
    SELECT was.id AS old, now.id AS new, now.path
    FROM jsonb_to_recordset(%(pairs)s::jsonb) AS p (old bigint, new bigint)
    JOIN places_place was ON was.id = p.old JOIN places_place now ON now.id = p.new
)
"""

# Where a merged place joins one that has a body, a desk or an owner of its own, that one stays.
_STEPS = (
    """UPDATE orgs_org o SET valid_to = %(on)s FROM pair
       WHERE o.place_id = pair.old AND o.valid_to IS NULL
         AND o.kind IN ('headquarters', 'safety_committee')
         AND EXISTS (SELECT 1 FROM orgs_org b WHERE b.place_id = pair.new AND b.kind = o.kind
                     AND b.valid_to IS NULL)""",
    """UPDATE orgs_post o SET desk = false FROM pair
       WHERE o.place_id = pair.old AND o.desk
         AND EXISTS (SELECT 1 FROM orgs_post b WHERE b.place_id = pair.new AND b.desk
                     AND b.valid_to IS NULL)""",
    """DELETE FROM orgs_sectorowner o USING pair WHERE o.place_id = pair.old
         AND EXISTS (SELECT 1 FROM orgs_sectorowner b WHERE b.place_id = pair.new
                     AND b.sector_id = o.sector_id)""",
    """DELETE FROM orgs_dutyline o USING pair WHERE o.place_id = pair.old
         AND EXISTS (SELECT 1 FROM orgs_dutyline b WHERE b.place_id = pair.new
                     AND b.function = o.function)""",
    """UPDATE orgs_slot o SET scope = pair.path FROM pair, orgs_venue v
       WHERE v.place_id = pair.old AND o.subject = 'venue:' || v.id""",
    """UPDATE orgs_org o SET place_id = pair.new, scope = pair.path FROM pair
       WHERE o.place_id = pair.old""",
    """UPDATE orgs_post o SET place_id = pair.new, scope = pair.path FROM pair
       WHERE o.place_id = pair.old""",
    """UPDATE orgs_venue o SET place_id = pair.new, scope = pair.path FROM pair
       WHERE o.place_id = pair.old""",
    "UPDATE orgs_sectorowner o SET place_id = pair.new FROM pair WHERE o.place_id = pair.old",
    "UPDATE orgs_dutyline o SET place_id = pair.new FROM pair WHERE o.place_id = pair.old",
)


@transaction.atomic
def follow_places(event: Event, *, at: datetime) -> None:
    """Hear "places.moved": whoever works in a place works on under its new code.

    Safe to repeat: what has moved is no longer found at the old place.
    """
    pairs = [{"old": old, "new": new} for old, new in event.facts["pairs"]]
    given = {"pairs": json.dumps(pairs), "on": event.facts["on"]}
    moved = 0
    with connection.cursor() as cursor:
        for step in _STEPS:
            cursor.execute(_PAIRS + step, given)
            moved += cursor.rowcount
    if moved:
        record(action="orgs.follow", subject=event.subject, by=SYSTEM, at=at,
               facts={"rows": moved, "places": len(pairs)})  # fmt: skip
