"""(c) Single moves over HTTP: accept work that was proven, one request each, sustained."""

import http.client
import json
import time
from datetime import timedelta

from bench.loops.ground import NOON, holder
from bench.loops.server import ask, serving, together
from bihuan.core.clock import read_clock
from bihuan.core.evidence.models import Item
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.services import make_token

CLIENTS = 8
SECONDS = 30
LIMIT_PER_MINUTE = 2_000
READY = 6_000


def run() -> float:
    """Accepts a minute over half a minute, with the audit, events and counters of each."""
    now = read_clock()
    _, secret = make_token(
        name="bench",
        scopes=("read", "write"),
        by=holder("9901"),
        at=now,
        expires_at=now + timedelta(days=1),
    )
    waiting = list(
        Obligation.objects.filter(place__level="community", scope__startswith="99.01.").order_by(
            "pk"
        )[:READY]
    )
    Item.objects.bulk_create(
        [
            Item(
                subject=row.subject,
                scope=row.scope,
                kind="statement",
                text="完成",
                made_at=NOON,
                recorded_at=NOON,
                maker="人",
                maker_person_id=1,
                maker_post_id=1,
                maker_org_id=1,
            )
            for row in waiting
        ],
        batch_size=2_000,
    )
    ids = [row.pk for row in waiting]
    Obligation.objects.filter(pk__in=ids).update(
        state="submitted", submitted_at=NOON, submitted_by_id=1, version=1
    )
    done = [0] * CLIENTS
    headers = {
        "Authorization": f"Bearer {secret}",
        "Content-Type": "application/json",
        "If-Match": '"1"',
    }
    body = json.dumps({"move": "accept"})
    start = time.perf_counter()

    def accept(number: int, link: http.client.HTTPConnection) -> None:
        for pk in ids[number::CLIENTS]:
            if time.perf_counter() - start > SECONDS:
                return
            ask(link, "POST", f"/api/v1/loops/{pk}/moves", body, headers)
            done[number] += 1

    with serving() as port:
        start = time.perf_counter()
        together(CLIENTS, accept, port)
        took = time.perf_counter() - start
    return sum(done) / took * 60
