"""Read and verify the audit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from bihuan.core.audit.models import Entry, Head
from bihuan.core.audit.services import GENESIS, digest
from bihuan.core.errors import Invalid


@dataclass(frozen=True, slots=True)
class Fault:
    """One break of a chain: what is wrong and at which entry."""

    chain: str
    seq: int
    reason: str  # altered | missing | reordered | tail_cut | unknown_chain


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One act on one subject, as the timeline shows it."""

    at: datetime
    actor: str
    action: str
    before: str
    after: str
    facts: dict[str, object]


def timeline(*, subject: str, until: datetime | None = None) -> list[TimelineRow]:
    """Every act on a subject, oldest first. One query."""
    entries = Entry.objects.filter(subject=subject).order_by("id")
    if until is not None:
        entries = entries.filter(at__lte=until)
    return [TimelineRow(e.at, e.actor, e.action, e.before, e.after, e.facts) for e in entries]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reading of the audit is narrowed to; every field is optional."""

    subject: str = ""
    action: str = ""
    actor: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One page of the audit, newest first; `after` continues it, empty at the end."""

    rows: tuple[Entry, ...]
    after: str = ""


def entries(*, scope: str, wanted: Wanted, after: str = "", size: int = 50) -> EntryPage:
    """Entries in a scope, newest first, by key. One query. Raises Invalid("page.bad_key")."""
    rows = Entry.objects.filter(scope__gte=scope)
    if scope:
        rows = rows.filter(scope__lt=scope[:-1] + "/")
    if wanted.subject:
        rows = rows.filter(subject=wanted.subject)
    if wanted.action:
        rows = rows.filter(action=wanted.action)
    if wanted.actor:
        rows = rows.filter(actor__icontains=wanted.actor)
    if wanted.since is not None:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until is not None:
        rows = rows.filter(at__lte=wanted.until)
    if after:
        if not after.isdigit():
            raise Invalid("page.bad_key", field="after")
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.order_by("-pk")[: size + 1])
    more = str(found[size - 1].pk) if len(found) > size else ""
    return EntryPage(tuple(found[:size]), more)


def faults() -> Iterator[Fault]:
    """Walk every chain from its first entry; yield each altered, missing or reordered one.

    One pass in constant memory. An entry is *altered* when its hash does not fit its words,
    *missing* when a number is skipped, *reordered* when it does not name the hash before it;
    a chain whose head knows more entries than are there had its tail cut.
    """
    heads = {head.chain: head for head in Head.objects.all()}
    chain, seq, last = "", 0, GENESIS
    for entry in Entry.objects.order_by("chain", "seq").iterator(chunk_size=5_000):
        if entry.chain != chain:
            yield from _tail(heads, chain, seq, last)
            chain, seq, last = entry.chain, 0, GENESIS
        if entry.seq != seq + 1:
            yield Fault(chain, seq + 1, "missing")
        elif entry.prev_hash != last:
            yield Fault(chain, entry.seq, "reordered")
        if digest(entry) != entry.hash:
            yield Fault(chain, entry.seq, "altered")
        seq, last = entry.seq, entry.hash
    yield from _tail(heads, chain, seq, last)
    yield from (Fault(head.chain, 1, "missing") for head in heads.values() if head.seq)


def _tail(heads: dict[str, Head], chain: str, seq: int, last: str) -> Iterator[Fault]:
    """Compare the end of a chain with its head, and tick the head off."""
    if not chain:
        return
    head = heads.pop(chain, None)
    if head is None:
        yield Fault(chain, seq, "unknown_chain")
    elif head.seq > seq:
        yield Fault(chain, seq + 1, "tail_cut")
    elif (head.seq, head.hash) != (seq, last):
        yield Fault(chain, seq, "altered")


def entry_count() -> int:
    """Entries on record, exactly. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_entry")
        (count,) = cursor.fetchone()
    return int(count)
