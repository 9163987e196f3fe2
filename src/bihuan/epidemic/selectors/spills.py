"""Notices outward as both sides see them, and who went where by the files. Counts alone."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Prefetch, Q

from bihuan.core.errors import NotFound
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import within
from bihuan.epidemic.models import Event, ExportedCase, Spill
from bihuan.epidemic.rules.spills import Outward, Standing, outward, receiver_of, standing
from bihuan.epidemic.selectors.sight import APART, NOTHING

MOST = 200
_OPEN = "e.closed_at IS NULL AND e.origin <> 'transfer' AND (%(one)s = 0 OR e.id = %(one)s)"
_CONTACTS = f"""
SELECT e.id, e.scope, c.scope, count(*), min(c.found_at), max(c.last_exposure)
FROM epidemic_contact c JOIN epidemic_event e ON e.id = c.event_id
WHERE {_OPEN} AND NOT starts_with(c.scope, e.scope) AND c.found_at <= %(at)s
GROUP BY 1, 2, 3
"""  # noqa: S608 - text of this module alone
_CASES = f"""
SELECT e.id, e.scope, c.scope, c.id, c.reported_at
FROM epidemic_case c JOIN epidemic_event e ON e.id = c.event_id
WHERE {_OPEN} AND NOT starts_with(c.scope, e.scope) AND c.reported_at <= %(at)s
  AND {APART} AND c.kind <> 'excluded'
UNION
SELECT e.id, e.scope, c.scope, c.id, c.reported_at
FROM epidemic_contact k JOIN epidemic_case c ON c.id = k.became_case_id
JOIN epidemic_event e ON e.id = k.event_id
WHERE {_OPEN} AND NOT starts_with(c.scope, e.scope) AND c.reported_at <= %(at)s
  AND {APART} AND c.kind <> 'excluded'
"""  # noqa: S608
_PEERS = f"""
SELECT e.id, t.peer_id, count(*), min(t.offered_at), max(k.last_exposure)
FROM epidemic_transfer t JOIN epidemic_contact k ON k.pseudonym = t.pseudonym
JOIN epidemic_event e ON e.id = k.event_id
WHERE {_OPEN} AND NOT t.incoming AND t.refused_at IS NULL AND t.offered_at <= %(at)s
GROUP BY 1, 2
"""  # noqa: S608


@dataclass(slots=True)
class Gone:
    """Who of an event went to one node or peer: how many, the first of them, the cases among them."""

    exposed: int = 0
    first_at: datetime | None = None
    last_exposure: date | None = None
    cases: list[tuple[int, datetime]] = field(default_factory=list)

    def add(self, n: int, first: datetime, last: date | None = None) -> None:
        """So many more, known from a moment on."""
        self.exposed += n
        self.first_at = min(filter(None, (self.first_at, first)))
        self.last_exposure = max(filter(None, (self.last_exposure, last)), default=None)


Went = dict[tuple[int, str | int], Gone]  # (event, path of a node or id of a peer)


def gone_out(*, at: datetime, event_id: int = 0) -> Went:
    """By the files of open events: who left the event's place, by node and by peer. Three queries."""
    found: Went = defaultdict(Gone)
    told: dict[str, Any] = {"one": event_id, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_CONTACTS, told)
        for event, home, scope, n, first, last in cursor.fetchall():
            found[event, receiver_of(home, scope) or scope].add(n, first, last)
        cursor.execute(_CASES, told)
        for event, home, scope, case, reported in cursor.fetchall():
            gone = found[event, receiver_of(home, scope) or scope]
            gone.add(0, reported)
            gone.cases.append((case, reported))
        cursor.execute(_PEERS, told)
        for event, peer, n, first, last in cursor.fetchall():
            found[event, peer].add(n, first, last)
    return dict(found)


def spills_seen(by: Actor) -> Q:
    """Notices that the reader's place sends or is owed, for whoever reads figures."""
    if not by.has("epidemic.read"):
        return NOTHING
    return within("scope", by.scope) | Q(incoming=False) & within("sender_scope", by.scope)


def fetch_spill(*, spill_id: int, by: Actor, lock: bool = False) -> Spill:
    """Raises NotFound("spill.not_found")."""
    rows = Spill.objects.select_related("event", "place", "peer")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(spills_seen(by), pk=spill_id).first()
    if row is None:
        raise NotFound("spill.not_found", id=spill_id)
    return row


@dataclass(frozen=True, slots=True)
class SpillRow:
    """A notice with where it stands and the exported cases it has."""

    spill: Spill
    standing: Standing
    cases: tuple[ExportedCase, ...]


def standing_of(row: Spill, at: datetime) -> Standing:
    """Where one stands."""
    return standing(
        detected_at=row.detected_at, due_at=row.due_at, sent_at=row.sent_at,
        more=row.exposed > row.told, at=at,
        acknowledged=bool(row.acknowledged_at and row.told_at and row.acknowledged_at >= row.told_at),
    )  # fmt: skip


def _rows(wanted: Q, by: Actor, at: datetime) -> tuple[SpillRow, ...]:
    cases = ExportedCase.objects.select_related("case").order_by("found_at", "pk")
    held = (
        Spill.objects.filter(spills_seen(by), wanted, detected_at__lte=at)
        .select_related("event", "place", "peer")
        .prefetch_related(Prefetch("cases", queryset=cases, to_attr="told_cases"))
        .order_by("-pk")[:MOST]
    )
    found = [SpillRow(row, standing_of(row, at), tuple(row.told_cases)) for row in held]
    order = ("late", "more", "owed", "sent", "received")
    return tuple(sorted(found, key=lambda r: order.index(r.standing.state)))


def event_spills(*, event: Event, by: Actor, at: datetime) -> tuple[SpillRow, ...]:
    """Notices of one event, the missing first. Two queries."""
    return _rows(Q(event=event, incoming=False), by, at)


def spills_in(*, by: Actor, at: datetime) -> tuple[SpillRow, ...]:
    """Notices owed or sent to the reader's place, from outside it. Two queries."""
    within_own = within("sender_scope", by.scope) & Q(incoming=False)
    return _rows(within("scope", by.scope) & ~within_own, by, at)


def spills_out(*, by: Actor, at: datetime) -> tuple[SpillRow, ...]:
    """Notices of the events of the reader's place. Two queries."""
    return _rows(Q(incoming=False) & within("sender_scope", by.scope), by, at)


def waiting_for(*, by: Actor) -> int:
    """Notices that the reader's own node has not signed for. One query."""
    to_us = Q(peer=None) | Q(incoming=True)
    rows = Spill.objects.filter(spills_seen(by), to_us, scope=by.scope, sent_at__isnull=False)
    return rows.filter(acknowledged_at=None).count()


def outward_of(rows: Iterable[SpillRow]) -> Outward:
    """The figures of notices together. No query."""
    return outward([(row.standing, row.spill.exposed, len(row.cases)) for row in rows])
