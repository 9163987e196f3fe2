"""The watch over sensors: MQTT readings into the database, silence and unheard alarms out of it.

It runs beside the worker. A message is acknowledged to the broker only after its readings are
committed; the session is kept there, so that nothing is lost while the watch starts anew.
"""

import json
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt
from django.conf import settings
from django.db import close_old_connections, connection
from paho.mqtt.enums import CallbackAPIVersion

from bihuan.core.audit.services import SYSTEM
from bihuan.core.clock import local_date, read_clock
from bihuan.safety.services.readings import (
    Reading,
    escalate_alarms,
    keep_partitions,
    take_readings,
    watch_silence,
)

log = logging.getLogger("bihuan.sensors")

TOPIC = "bihuan/readings/#"
FLUSH = 0.2  # seconds between looks at what came in
WATCH = 2.0  # seconds between looks for silence
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Message:
    """What the broker delivered, and how to acknowledge it."""

    payload: bytes
    mid: int = 0
    qos: int = 0


def parse(payload: bytes, *, at: datetime) -> list[Reading]:
    """Readings of a message: {"sensor", "value", "at"} or a list of them; without `at`, now.

    Raises ValueError, KeyError, TypeError or OverflowError for what is no such thing.
    """
    told = json.loads(payload)
    return [
        Reading(str(one["sensor"])[:40], float(one["value"]), _moment(one.get("at"), at))
        for one in (told if isinstance(told, list) else [told])
    ]


def _moment(said: Any, at: datetime) -> datetime:
    if said is None:
        return at
    if isinstance(said, int | float):
        return datetime.fromtimestamp(said, UTC)
    found = datetime.fromisoformat(said)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class Inbox:
    """Messages that wait to be stored, and the connection they came by."""

    def __init__(self, url: str, *, name: str = "bihuan-watch") -> None:
        self.waiting: queue.Queue[Message] = queue.Queue()
        self.connected = threading.Event()
        parts = urlsplit(url)
        self.client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=name, clean_session=False,
            manual_ack=True,
        )  # fmt: skip
        if parts.username:
            self.client.username_pw_set(parts.username, parts.password)
        if parts.scheme == "mqtts":
            self.client.tls_set()
        self.client.on_connect = self._greet
        self.client.on_subscribe = lambda *_told: self.connected.set()
        self.client.on_message = lambda _c, _u, told: self.waiting.put(
            Message(bytes(told.payload), told.mid, told.qos)
        )
        port = parts.port or (8883 if parts.scheme == "mqtts" else 1883)
        self.client.connect_async(parts.hostname or "localhost", port)
        self.client.loop_start()

    def _greet(self, client: mqtt.Client, *_told: Any) -> None:
        client.subscribe(TOPIC, qos=1)

    def take(self) -> list[Message]:
        """What has come in, up to a batch."""
        found: list[Message] = []
        while len(found) < BATCH and not self.waiting.empty():
            found.append(self.waiting.get_nowait())
        return found

    def heard(self, messages: Sequence[Message]) -> None:
        """Tell the broker that these are stored."""
        for one in messages:
            if one.qos:
                self.client.ack(one.mid, one.qos)

    def close(self) -> None:
        """Leave the broker; what was not stored stays there."""
        self.client.disconnect()
        self.client.loop_stop()


def store(messages: Sequence[Message], *, at: datetime) -> int:
    """Store the readings of messages in one transaction; an unreadable one is logged and gone."""
    readings: list[Reading] = []
    for one in messages:
        try:
            readings += parse(one.payload, at=at)
        except (ValueError, KeyError, TypeError, OverflowError) as fault:
            log.warning("unreadable message: %s: %s", type(fault).__name__, one.payload[:120])
    stored = 0
    for start in range(0, len(readings), BATCH):
        taken = take_readings(readings=readings[start : start + BATCH], by=SYSTEM, at=at)
        stored += taken.stored
        if taken.unknown:
            log.warning("unknown sensors: %s", ", ".join(taken.unknown[:10]))
    return stored


def watch_until(stop: threading.Event, clock: Callable[[], datetime] = read_clock) -> None:
    """Store, look for silence, escalate, until told to stop."""
    inbox = Inbox(settings.MQTT_URL) if settings.MQTT_URL else None
    looked = prepared = None
    try:
        while not stop.is_set():
            close_old_connections()
            at = clock()
            if inbox is not None and (messages := inbox.take()):
                store(messages, at=at)
                inbox.heard(messages)
            if looked is None or (at - looked).total_seconds() >= WATCH:
                watch_silence(at=at)
                escalate_alarms(at=at)
                looked = at
            if prepared != local_date(at):
                keep_partitions(at=at)
                prepared = local_date(at)
            stop.wait(FLUSH)
    finally:
        if inbox is not None:
            inbox.close()
        connection.close()
