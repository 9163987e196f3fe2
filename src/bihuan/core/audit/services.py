"""Write the audit: `record` an act, `emit` an event. Both inside the caller's transaction."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from bihuan.core.audit.models import Entry, Event
from bihuan.core.clock import local_date

GENESIS = "0" * 64
CHAIN_DEPTH = 6  # "44.01." : chains are kept by province or city, so that cities do not queue


class Who(Protocol):
    """Whoever acts: an `Actor`, or the system itself."""

    @property
    def name(self) -> str: ...
    @property
    def post_id(self) -> int | None: ...
    @property
    def scope(self) -> str: ...


@dataclass(frozen=True, slots=True)
class System:
    """The product acting by itself: clocks, imports, set-up. It carries every duty."""

    name: str = "system"
    post_id: int | None = None
    person_id: int | None = None
    org_id: int | None = None
    scope: str = ""

    def has(self, duty: str) -> bool:
        """Clocks ask nobody for leave; what they may do is in their code."""
        return bool(duty)


SYSTEM = System()


_held: ContextVar[list[Entry] | None] = ContextVar("held", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Entries recorded within are appended at the end in one step, or not at all when it fails.

    For an act of several entries: others of the city wait for the chain no longer than for one.
    """
    if _held.get() is not None:
        yield
        return
    entries: list[Entry] = []
    token = _held.set(entries)
    try:
        yield
    finally:
        _held.reset(token)
    _append(entries)


def record(
    *,
    action: str,
    subject: str,
    by: Who,
    at: datetime,
    scope: str | None = None,
    before: str = "",
    after: str = "",
    facts: Mapping[str, object] | None = None,
) -> Entry:
    """Append one entry to the chain of its city (or province) and day.

    Locks the chain's head until the transaction ends: call it last, or within `together`.
    """
    where = by.scope if scope is None else scope
    entry = Entry(
        chain=f"{where[:CHAIN_DEPTH]}{local_date(at):%Y%m%d}",
        at=at.astimezone(UTC),
        actor=by.name,
        actor_post_id=by.post_id,
        scope=where,
        action=action,
        subject=subject,
        before=before,
        after=after,
        facts=json.loads(json.dumps(facts or {}, cls=DjangoJSONEncoder)),
    )
    held = _held.get()
    if held is None:
        _append([entry])
    else:
        held.append(entry)
    return entry


@transaction.atomic(savepoint=False)  # an act whose entry fails is undone whole
def _append(entries: list[Entry]) -> None:
    """Number, chain and store entries. Chains are locked in their order, so that nobody deadlocks."""
    for chain in sorted({entry.chain for entry in entries}):
        own = [entry for entry in entries if entry.chain == chain]
        seq, previous = _take_head(chain)
        for entry in own:
            entry.seq, entry.prev_hash = seq, previous
            entry.hash = previous = digest(entry)
            seq += 1
        Entry.objects.bulk_create(own)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE audit_head SET seq = %s, hash = %s WHERE chain = %s",
                [seq - 1, previous, chain],
            )


def _take_head(chain: str) -> tuple[int, str]:
    """Lock the head of a chain; the next sequence number and the hash to build on."""
    with connection.cursor() as cursor:
        cursor.execute(  # the update changes nothing: it locks and reads the row in one step
            "INSERT INTO audit_head (chain, seq, hash) VALUES (%s, 0, %s)"
            " ON CONFLICT (chain) DO UPDATE SET chain = excluded.chain RETURNING seq, hash",
            [chain, GENESIS],
        )
        seq, last = cursor.fetchone()
    return seq + 1, last


def digest(entry: Entry) -> str:
    """SHA-256 over the canonical JSON of everything an entry says, and the hash before it."""
    said = {
        "chain": entry.chain, "seq": entry.seq, "at": entry.at.astimezone(UTC).isoformat(),
        "actor": entry.actor,
        "post": entry.actor_post_id, "scope": entry.scope, "action": entry.action,
        "subject": entry.subject, "before": entry.before, "after": entry.after,
        "facts": entry.facts, "prev": entry.prev_hash,
    }  # fmt: skip
    canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def emit(
    name: str, *, subject: str, at: datetime, facts: Mapping[str, object] | None = None
) -> None:
    """Put an event into the outbox; `config/wiring.py` says who hears it, after commit."""
    Event.objects.create(name=name, subject=subject, at=at, facts=dict(facts or {}))
