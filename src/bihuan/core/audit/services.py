"""Write the audit: `record` an act, `emit` an event. Both inside the caller's transaction."""

import hashlib
import json
from collections.abc import Mapping
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


@transaction.atomic
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

    Locks the chain's head until the transaction ends: call it last.
    """
    where = by.scope if scope is None else scope
    chain = f"{where[:CHAIN_DEPTH]}{local_date(at):%Y%m%d}"
    plain = json.loads(json.dumps(facts or {}, cls=DjangoJSONEncoder))
    seq, previous = _take_head(chain)
    entry = Entry(
        chain=chain,
        seq=seq,
        at=at.astimezone(UTC),
        actor=by.name,
        actor_post_id=by.post_id,
        scope=where,
        action=action,
        subject=subject,
        before=before,
        after=after,
        facts=plain,
        prev_hash=previous,
    )
    entry.hash = digest(entry)
    entry.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE audit_head SET seq = %s, hash = %s WHERE chain = %s", [seq, entry.hash, chain]
        )
    return entry


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
