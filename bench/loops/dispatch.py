"""(a) 30 demands to 27,000 communities against a bare INSERT … SELECT of the same rows."""

import resource
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction

from bench.loops.ground import NOON, holder
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services import dispatch, write_brief
from bihuan.core.loops.services.dispatch import Target
from bihuan.core.loops.services.opening import Deadline
from bihuan.core.loops.types import BriefInput
from bihuan.core.places.models import Place

DEMANDS = 30
LIMIT_RATIO = 3.0
LIMIT_MIB = 1024

# The peer: a table with the same columns, indexes and foreign keys, without our triggers.
_BARE = """
CREATE TABLE bare_obligation (LIKE loops_obligation INCLUDING ALL);
ALTER TABLE bare_obligation
    ADD FOREIGN KEY (brief_id) REFERENCES loops_brief (id) DEFERRABLE INITIALLY DEFERRED,
    ADD FOREIGN KEY (place_id) REFERENCES places_place (id) DEFERRABLE INITIALLY DEFERRED,
    ADD FOREIGN KEY (owner_post_id) REFERENCES orgs_post (id) DEFERRABLE INITIALLY DEFERRED,
    ADD FOREIGN KEY (issuer_post_id) REFERENCES orgs_post (id) DEFERRABLE INITIALLY DEFERRED;
"""
_BARE_SELECT = """
INSERT INTO bare_obligation (
    flow, brief_id, origin, place_id, scope, domain, sector, owner_post_id, owner_org_id,
    issuer_post_id, issuer_org_id, state, state_since, version, opened_at, assigned_at, due_at,
    due_rule, first_due_at, level, returns, extensions
)
SELECT 'task', b.id, 'bare:1', p.place_id, p.scope, b.domain, '', p.id, p.org_id, %(post)s,
       %(org)s, 'issued', %(at)s, 0, %(at)s, %(at)s, %(due)s, 'stated', %(due)s, 0, 0, 0
FROM loops_brief b CROSS JOIN orgs_post p JOIN places_place l ON l.id = p.place_id
WHERE b.id = ANY(%(briefs)s) AND l.level = 'community'
"""


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call, in one transaction."""
    start = time.perf_counter()
    with transaction.atomic():
        work()
    return time.perf_counter() - start


def run() -> dict[str, float]:
    """Dispatch and the peer, both from an empty table; prints the table's line."""
    head = holder("99")
    soon, late = Deadline(NOON + timedelta(days=7)), Deadline(NOON + timedelta(days=3_650))
    place = Place.objects.get(code="99")
    briefs = [
        write_brief(
            given=BriefInput(
                title=f"要求{n}", text="全部排查一遍", domain="work-safety", criterion="有照片"
            ),
            place=place,
            at=NOON,
        )
        for n in range(DEMANDS)
    ]
    wanted = {
        "post": head.post_id,
        "org": head.org_id,
        "at": NOON,
        "due": late.at,
        "briefs": [brief.pk for brief in briefs],
    }

    def ours() -> None:
        dispatch(
            demands=[(brief, late if n % 10 else soon) for n, brief in enumerate(briefs)],
            target=Target("community"),
            by=head,
            at=NOON,
            origin="directive:1",
        )

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(_BARE_SELECT, wanted)

    with connection.cursor() as cursor:
        cursor.execute(_BARE)
    bare_seconds = timed(bare)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bare_obligation")
        cursor.execute("CHECKPOINT")
    our_seconds = timed(ours)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "rows": Obligation.objects.count(),
        "bare_s": bare_seconds,
        "ours_s": our_seconds,
        "ratio": our_seconds / bare_seconds,
        "process_mib": memory,
    }
