"""Follow places that were moved or merged: work in hand goes along, what is closed stays."""

import json
from datetime import datetime

from django.db import connection, transaction

from bihuan.core.audit.models import Event
from bihuan.core.audit.services import SYSTEM, record
from bihuan.core.loops.services.dispatch import fold_tally

_FOLLOW = """
UPDATE loops_obligation o SET place_id = now.id, scope = now.path
FROM jsonb_to_recordset(%(pairs)s::jsonb) AS pair (old bigint, new bigint)
JOIN places_place now ON now.id = pair.new
WHERE o.place_id = pair.old AND o.closed_at IS NULL
"""


@transaction.atomic
def follow_places(event: Event, *, at: datetime) -> None:
    """Hear "places.moved": open obligations are owed, and seen, under the new code.

    A closed one keeps the place and scope of its day (M001). Safe to repeat.
    """
    pairs = [{"old": old, "new": new} for old, new in event.facts["pairs"]]
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW, {"pairs": json.dumps(pairs)})
        moved = cursor.rowcount
    if moved:
        fold_tally()
        record(action="loops.follow", subject=event.subject, by=SYSTEM, at=at,
               facts={"rows": moved, "places": len(pairs)})  # fmt: skip
