"""10,000 sensors at one reading in 10 s: what a reading costs; how long from it to the page?"""

import http.client
import json
import random
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle

from django.test import Client

from bench.loops.ground import holder
from bench.loops.pages import sign_in
from bench.loops.server import ask, p95, serving
from bench.safety.filling import establishments, insert
from bench.safety.machine import spent
from bihuan.core.audit.services import SYSTEM
from bihuan.core.clock import read_clock
from bihuan.core.orgs.services import make_token
from bihuan.jobs.sensors import Message, store
from bihuan.safety.models import Sensor
from bihuan.safety.services.readings import Reading, keep_partitions, take_readings

SENSORS = 10_000
EVERY_S = 10.0
GATEWAYS = 5
FLUSH_S = 0.5
LASTS_S = 45.0
WATCHERS = 4
LIMIT_S = 2.0
LIMIT_CORE = 0.5  # of a core at 1,000 readings a second
BATCH, ROUNDS = 200, 25


class Plant:
    """What the gateways send, and when each high reading was made."""

    def __init__(self, secret: str, port: int) -> None:
        self.headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        self.port, self.stop = port, threading.Event()
        self.made: dict[str, float] = {}
        self.seen: dict[str, float] = {}
        self.took: list[float] = []
        self.sent = 0
        self.faults: list[Exception] = []

    def gateway(self, number: int) -> None:
        """Send the readings of its sensors, evenly; every second or so one is high."""
        own = list(range(number, SENSORS, GATEWAYS))
        step = round(len(own) * FLUSH_S / EVERY_S)
        link, luck, at = (
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=30),
            random.Random(number),
            0,
        )
        due = time.monotonic() + FLUSH_S * number / GATEWAYS
        while not self.stop.is_set():
            batch = [{"sensor": f"S-{own[(at + i) % len(own)]}", "value": 1.0} for i in range(step)]
            at += step
            if luck.random() < 0.15:
                high = luck.choice(batch)
                if high["sensor"] not in self.made:
                    high["value"] = 99.0
                    self.made[str(high["sensor"])] = due - luck.random() * FLUSH_S
            self.took.append(
                ask(link, "POST", "/api/v1/safety/readings", json.dumps(batch), self.headers)
            )
            self.sent += len(batch)
            due += FLUSH_S
            self.stop.wait(max(due - time.monotonic(), 0))

    def watcher(self, number: int, cookie: str) -> None:
        """A page that looks every second, as the product's does."""
        link, mark = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30), ""
        self.stop.wait(number / WATCHERS)
        while not self.stop.is_set():
            link.request("GET", f"/safety/alarms/live/?mark={mark}", headers={"Cookie": cookie})
            answer = link.getresponse()
            page = answer.read().decode()
            now = time.monotonic()
            if answer.status == 200:
                mark = page.split("?mark=")[1].split('"')[0]
                for sensor in list(self.made):
                    if f">{sensor}<" in page or f" {sensor} " in page:
                        self.seen.setdefault(f"{sensor}.{number}", now)
            self.stop.wait(1.0)

    def guarded(self, work: object, *given: object) -> None:
        """Keep what a thread raises."""
        try:
            work(*given)  # type: ignore[operator]
        except (OSError, http.client.HTTPException, AssertionError) as fault:
            self.faults.append(fault)
            self.stop.set()


def costs(secret: str) -> Iterator[tuple[str, float, str, float]]:
    """CPU seconds of Python and the database for 1,000 readings: by HTTP, by MQTT, the store alone.

    By MQTT each message has one reading, and a batch what comes in between two looks.
    """
    at = read_clock()
    turns = cycle(range(0, SENSORS, BATCH))
    client = Client(HTTP_HOST="localhost", HTTP_AUTHORIZATION=f"Bearer {secret}")

    def readings() -> list[dict[str, object]]:
        start = next(turns)
        return [{"sensor": f"S-{n}", "value": 1.0} for n in range(start, start + BATCH)]

    def by_http() -> None:
        body = json.dumps(readings())
        answer = client.post("/api/v1/safety/readings", body, content_type="application/json")
        assert answer.status_code == 200, answer.content

    def by_mqtt() -> None:
        store([Message(json.dumps(one).encode()) for one in readings()], at=at)

    def alone() -> None:
        told = [Reading(str(one["sensor"]), 1.0, at) for one in readings()]
        take_readings(readings=told, by=SYSTEM, at=at)

    for name, way in (("HTTP", by_http), ("MQTT", by_mqtt), ("the store alone", alone)):
        way()
        with spent() as told:
            for _ in range(ROUNDS):
                way()
        thousand = ROUNDS * BATCH / 1_000
        print(
            f"sensors: {name}: CPU {told.python / thousand:.3f} s of Python,"
            f" {told.database / thousand:.3f} s of the database for 1,000 readings"
        )
        yield f"1,000 readings by {name}, CPU", told.whole / thousand, "s", LIMIT_CORE


def _lay() -> None:
    establishments(500)
    insert("safety.Sensor", f"generate_series(0, {SENSORS - 1}) g JOIN safety_establishment e"
           " ON e.id = (SELECT min(id) FROM safety_establishment) + g % 500",
           establishment_id="e.id", scope="e.scope", issuer_org_id="e.issuer_org_id",
           code="'S-' || g", name="' S-' || g || ' '", measure="'%LEL'", high="25",
           silent_seconds="600")  # fmt: skip


def run() -> Iterator[tuple[str, float, str, float]]:
    """Name, figure, measure and limit."""
    if not Sensor.objects.exists():  # else the ground was kept
        _lay()
    keep_partitions(at=read_clock())
    head, now = holder("99"), read_clock()
    _, secret = make_token(name="bench", scopes=("read", "write"), by=head, at=now,
                           expires_at=now + timedelta(days=1))  # fmt: skip
    cookie = sign_in(head)
    yield from costs(secret)
    with serving() as port:
        plant = Plant(secret, port)
        threads = [
            threading.Thread(target=plant.guarded, args=(plant.gateway, n)) for n in range(GATEWAYS)
        ]
        threads += [
            threading.Thread(target=plant.guarded, args=(plant.watcher, n, cookie))
            for n in range(WATCHERS)
        ]
        start = time.monotonic()
        for thread in threads:
            thread.start()
        plant.stop.wait(LASTS_S)
        plant.stop.set()
        for thread in threads:
            thread.join()
        lasted = time.monotonic() - start
    if plant.faults:
        raise plant.faults[0]
    delays = [at - plant.made[name.rpartition(".")[0]] for name, at in plant.seen.items()]
    missed = sum(
        made < start + lasted - 5 and f"{name}.{n}" not in plant.seen
        for name, made in plant.made.items() for n in range(WATCHERS)
    )  # fmt: skip
    yield "readings stored a second", -plant.sent / lasted, "/s", -0.95 * SENSORS / EVERY_S
    yield "a batch of 200 over HTTP, p95", p95(plant.took), "ms", 1_000.0
    yield f"from reading to page, {len(delays)} sightings, p95", p95(delays), "s", LIMIT_S
    yield "alarms that a page did not show", float(missed), "", 0.0
