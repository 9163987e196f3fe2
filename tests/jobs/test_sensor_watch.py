"""Readings over MQTT, with the real Mosquitto broker where it is installed."""

import json
import shutil
import socket
import subprocess
import threading

import paho.mqtt.client as mqtt
import pytest

from bihuan.core.audit.services import SYSTEM
from bihuan.jobs.sensors import Inbox, Message, parse, store, watch_until
from bihuan.safety.models import Alarm, Sensor
from bihuan.safety.services.catalogue import load_catalogue
from bihuan.safety.services.sensors import NewSensor, register_sensor
from tests.conftest import NOON
from tests.factories import build_world
from tests.safety.conftest import of_factory

BROKER = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
PATIENCE = 30.0


@pytest.fixture
def tank(db):
    world = build_world(NOON)
    load_catalogue(by=SYSTEM, at=NOON)
    given = NewSensor("GAS-1", "可燃气体", "%LEL", high=25.0)
    place = of_factory(world, name="罐区")
    return register_sensor(establishment_id=place.pk, given=given, by=world.county, at=NOON)


def said(value, **more):
    return Message(json.dumps({"sensor": "GAS-1", "value": value} | more).encode())


def test_a_message_holds_one_reading_or_many_with_or_without_its_moment():
    told = parse(b'[{"sensor":"A","value":1,"at":"2026-03-10T12:00:00+08:00"},'
                 b'{"sensor":"B","value":"2.5"},{"sensor":"C","value":0,"at":1773115200}]',
                 at=NOON)  # fmt: skip
    assert [(one.code, one.value, one.at) for one in told] == [
        ("A", 1.0, NOON), ("B", 2.5, NOON), ("C", 0.0, NOON),
    ]  # fmt: skip


def test_an_unreadable_message_does_not_hold_up_the_others(tank, caplog):
    bad = [Message(b"\xff"), Message(b"{}"), Message(b"[1]"), Message(b'{"sensor":"GAS-1"}')]
    assert store([*bad, said(3.0), said(30.0)], at=NOON) == 2
    assert caplog.text.count("unreadable message") == 4
    assert store([Message(b'{"sensor":"?","value":1}')], at=NOON) == 0
    assert "unknown sensors" in caplog.text


@pytest.mark.parametrize(
    "poison", [b'{"sensor": "a", "value": 1, "at": 1e300}', b'{"sensor": "a\\u0000", "value": 1}']
)
def test_a_message_that_no_table_could_hold_is_taken_once_and_stores_nothing(tank, poison):
    assert store([Message(poison)], at=NOON) == 0


def test_the_watch_finds_silence_by_itself_and_stops_when_told(tank, monkeypatch):
    stop = threading.Event()
    monkeypatch.setattr("bihuan.jobs.sensors.keep_partitions", lambda **_at: stop.set())
    monkeypatch.setattr("bihuan.jobs.sensors.connection.close", lambda: None)
    monkeypatch.setattr("bihuan.jobs.sensors.close_old_connections", lambda: None)
    watch_until(stop, clock=lambda: NOON.replace(hour=20))
    assert Alarm.objects.get().kind == "silence"


@pytest.fixture
def broker(tmp_path):
    if BROKER is None:
        pytest.skip("mosquitto is not installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "broker.conf").write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
    process = subprocess.Popen([BROKER, "-c", str(tmp_path / "broker.conf")],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    yield port
    process.terminate()
    process.wait(timeout=10)


def published(port, payloads):
    """Publish with QoS 1 and wait until the broker has every message."""
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="gateway")
    ready = threading.Event()
    client.on_connect = lambda *_told: ready.set()
    client.connect_async("127.0.0.1", port)
    client.loop_start()
    assert ready.wait(PATIENCE)
    for payload in payloads:
        client.publish("bihuan/readings/plant", payload, qos=1).wait_for_publish(PATIENCE)
    client.disconnect()
    client.loop_stop()


def received(inbox, count):
    return [inbox.waiting.get(timeout=PATIENCE) for _ in range(count)]


def test_the_broker_keeps_what_was_not_stored_and_delivers_it_again(broker, tank):
    first = Inbox(f"mqtt://127.0.0.1:{broker}", name="watch")
    assert first.connected.wait(PATIENCE)
    published(broker, [said(3.0).payload, said(30.0).payload])
    lost = received(first, 2)  # taken, and then the watch dies before it stored anything
    first.close()
    again = Inbox(f"mqtt://127.0.0.1:{broker}", name="watch")
    messages = received(again, 2)
    assert [one.payload for one in messages] == [one.payload for one in lost]
    assert store(messages, at=NOON) == 2
    again.heard(messages)
    again.close()
    assert Sensor.objects.get().last_value in {3.0, 30.0}
    assert Alarm.objects.filter(kind="high").exists()
