"""The outbox sender: gives each event to whoever the wiring names, once its transaction is over.

An event is claimed by a conditional update, so that two senders never hold the same one; its
handlers and the mark that it was handled are one transaction: either all happened or nothing.
A sender that dies leaves a claim that lapses.
"""

import json
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.db import OperationalError, close_old_connections, connection, transaction
from django.utils.module_loading import import_string

from bihuan.core.audit.models import Event
from bihuan.core.clock import read_clock

log = logging.getLogger("bihuan.outbox")

BATCH = 100
MOST_ATTEMPTS = 8
CLAIM_LASTS = 120.0  # seconds; doubled with each attempt
PAUSE = 1.0  # seconds between looks at an empty outbox

_CLAIM = """
UPDATE audit_event SET claimed_at = %(at)s, attempts = attempts + 1
WHERE id IN (
    SELECT id FROM audit_event
    WHERE handled_at IS NULL AND attempts < %(most)s
      AND (claimed_at IS NULL
           OR claimed_at + make_interval(secs => %(lasts)s * power(2, attempts - 1)) <= %(at)s)
    ORDER BY id LIMIT %(batch)s FOR UPDATE SKIP LOCKED
)
RETURNING id, name, subject, facts::text, at
"""


@dataclass(frozen=True, slots=True)
class News:
    """One event as its handlers see it."""

    id: int
    name: str
    subject: str
    facts: Mapping[str, object]
    at: datetime


class Handler(Protocol):
    """Hears an event. Runs inside the transaction that marks the event as handled."""

    def __call__(self, event: News, *, at: datetime) -> None: ...


def wiring() -> dict[str, tuple[Handler, ...]]:
    """The handlers of each event, from the table that settings.WIRING names."""
    table: Mapping[str, Sequence[str]] = import_string(settings.WIRING)
    return {name: tuple(import_string(path) for path in paths) for name, paths in table.items()}


def send(*, handlers: Mapping[str, Sequence[Handler]], at: datetime) -> int:
    """Handle the events that wait; how many were handled. Locks only what it claims."""
    claimed = sorted(_claim(at), key=lambda news: news.id)
    unheard = [news.id for news in claimed if not handlers.get(news.name)]
    Event.objects.filter(id__in=unheard).update(handled_at=at)
    handled = len(unheard)
    for news in claimed:
        if handlers.get(news.name):
            handled += _deliver(news, handlers[news.name], at)
    return handled


def _claim(at: datetime) -> list[News]:
    with connection.cursor() as cursor:
        cursor.execute(
            _CLAIM, {"at": at, "most": MOST_ATTEMPTS, "lasts": CLAIM_LASTS, "batch": BATCH}
        )
        rows = cursor.fetchall()
    return [
        News(pk, name, subject, json.loads(facts), moment)
        for pk, name, subject, facts, moment in rows
    ]


def _deliver(news: News, handlers: Sequence[Handler], at: datetime) -> int:
    try:
        with transaction.atomic():
            for handler in handlers:
                handler(news, at=at)
            Event.objects.filter(id=news.id, handled_at=None).update(handled_at=at, error="")
    except OperationalError:
        raise  # the database is gone: not this event's fault
    except Exception as fault:  # one bad event must not hold up the others
        log.exception("event %s (%s) failed", news.id, news.name)
        Event.objects.filter(id=news.id).update(error=f"{type(fault).__name__}: {fault}"[:2_000])
        return 0
    return 1


def forget(*, before: datetime) -> int:
    """Delete the events handled before a moment: the audit keeps what was done."""
    count, _ = Event.objects.filter(handled_at__lt=before).delete()
    return count


def send_until(stop: threading.Event, clock: Callable[[], datetime] = read_clock) -> None:
    """Send until told to stop: the worker runs this in a thread of its own."""
    handlers = wiring()
    while not stop.is_set():
        close_old_connections()
        if send(handlers=handlers, at=clock()) < BATCH:
            stop.wait(PAUSE)
    connection.close()
