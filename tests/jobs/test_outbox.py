"""The outbox: each event reaches its hearers once, or is tried again later."""

from datetime import timedelta

import pytest
from django.db import connection

from bihuan.core.audit.models import Event, Head
from bihuan.core.audit.services import emit
from bihuan.jobs import outbox
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


class Hearer:
    """A handler that writes a row, keeps what it heard, and fails when told to."""

    def __init__(self) -> None:
        self.heard: list[outbox.News] = []
        self.broken = False

    def __call__(self, event: outbox.News, *, at: object) -> None:
        self.heard.append(event)
        Head.objects.create(chain=f"heard.{len(self.heard)}", hash="")
        if self.broken:
            raise ValueError("no answer")


@pytest.fixture
def hearer() -> Hearer:
    Event.objects.all().delete()
    return Hearer()


def tell(name: str = "task.closed") -> None:
    emit(name, subject="obligation:1", at=NOON, facts={"who": "张三"})


def waiting() -> int:
    return Event.objects.filter(handled_at=None).count()


def test_an_event_reaches_every_hearer_once(hearer):
    other = Hearer()
    tell()
    assert outbox.send(handlers={"task.closed": (hearer,)}, at=NOON) == 1
    assert outbox.send(handlers={"task.closed": (hearer, other)}, at=NOON) == 0
    (news,) = hearer.heard
    assert (news.subject, news.facts, news.at) == ("obligation:1", {"who": "张三"}, NOON)
    assert other.heard == []


def test_an_event_nobody_hears_is_laid_by(hearer):
    tell("nobody.cares")
    assert outbox.send(handlers={"task.closed": (hearer,)}, at=NOON) == 1
    assert waiting() == 0


def test_a_failing_hearer_leaves_nothing_and_is_asked_again_later(hearer):
    hearer.broken = True
    tell()
    tell("nobody.cares")
    handlers = {"task.closed": (hearer,)}
    assert outbox.send(handlers=handlers, at=NOON) == 1
    event = Event.objects.get(handled_at=None)
    assert (event.attempts, event.error) == (1, "ValueError: no answer")
    assert not Head.objects.filter(chain__startswith="heard").exists()

    assert outbox.send(handlers=handlers, at=NOON + MINUTE) == 0
    hearer.broken = False
    assert outbox.send(handlers=handlers, at=NOON + 2 * MINUTE) == 1
    assert (waiting(), Event.objects.get(pk=event.pk).error) == (0, "")


def test_a_hopeless_event_is_given_up_and_keeps_its_error(hearer):
    hearer.broken = True
    tell()
    for day in range(20):
        outbox.send(handlers={"task.closed": (hearer,)}, at=NOON + timedelta(days=day))
    assert len(hearer.heard) == outbox.MOST_ATTEMPTS
    assert Event.objects.get().error


def test_the_claim_of_a_sender_that_died_lapses(hearer):
    tell()
    outbox._claim(NOON)
    handlers = {"task.closed": (hearer,)}
    assert outbox.send(handlers=handlers, at=NOON + MINUTE) == 0
    assert outbox.send(handlers=handlers, at=NOON + 2 * MINUTE) == 1


def test_events_come_in_the_order_they_were_told(hearer):
    for _ in range(3):
        tell()
    outbox.send(handlers={"task.closed": (hearer,)}, at=NOON)
    assert [news.id for news in hearer.heard] == sorted(news.id for news in hearer.heard)


def test_handled_events_are_forgotten_and_waiting_ones_are_not(hearer):
    tell("nobody.cares")
    outbox.send(handlers={}, at=NOON)
    tell()
    assert outbox.forget(before=NOON) == 0
    assert outbox.forget(before=NOON + MINUTE) == 1
    assert waiting() == 1


def test_the_wiring_names_hearers_that_exist():
    for name, handlers in outbox.wiring().items():
        assert "." in name
        assert all(callable(handler) for handler in handlers)


def test_looking_into_an_empty_outbox_reads_one_index(hearer):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {outbox._CLAIM}", {"at": NOON, "most": 8, "lasts": 1, "batch": 1})
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "event_waiting" in plan
