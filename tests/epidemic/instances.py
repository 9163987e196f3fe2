"""Two real instances, each with its database, that speak over HTTP."""

import json
from contextlib import ExitStack, contextmanager

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.test import Client

from bihuan.core.errors import MoveBlocked
from bihuan.epidemic.services import peers
from bihuan.epidemic.services.peers import NewPeer
from tests.epidemic.builders import add_health
from tests.factories import build_world


@pytest.fixture(scope="session")
def second(django_db_setup, django_db_blocker):
    """A second database on the test's server, made from the first."""
    with django_db_blocker.unblock():
        given = connection.get_connection_params()
        first = connection.settings_dict["NAME"]
        other = f"{first}_peer"
        connection.close()
        plain = {k: given[k] for k in ("host", "port", "user", "password") if k in given}
        with psycopg.connect(dbname="postgres", autocommit=True, **plain) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{other}" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{other}" TEMPLATE "{first}"')
        settings = {**connection.settings_dict, "NAME": other}
        made = type(connections["default"])(settings, alias="default")
        yield made
        made.close()
        with psycopg.connect(dbname="postgres", autocommit=True, **plain) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{other}" WITH (FORCE)')


class Instance:
    """One installation: its database, its people, its place on the line."""

    def __init__(self, database, at) -> None:
        self.database = database
        with self.inside():
            self.world = add_health(build_world(at))
            self.code = peers.site_code(at)
            self.invitation = peers.invitation(at)

    @contextmanager
    def inside(self):
        before = connections["default"]
        connections["default"] = self.database
        try:
            yield self
        finally:
            connections["default"] = before

    def take(self, envelope):
        """A message as it arrives: through the whole web stack."""
        with self.inside():
            answer = Client().post("/api/v1/line/messages", json.dumps(envelope),
                                   content_type="application/json")  # fmt: skip
            return answer.json()


class Wire:
    """What carries messages from one instance to another, and what may happen to them there."""

    def __init__(self, to: Instance) -> None:
        self.to, self.faults, self.carried = to, [], []

    def __call__(self, _address, envelope):
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "lost":
            raise OSError("no route")
        self.carried.append(envelope)
        told = self.to.take(envelope)
        if fault == "repeated":
            assert self.to.take(envelope) == told
        if fault == "ack lost":
            raise OSError("timeout")
        return told


@pytest.fixture
def pair(db, second, at, monkeypatch):
    """Two installations that know each other, each let in by two people."""
    monkeypatch.setattr("bihuan.api.line.read_clock", lambda: at)
    first = connections["default"]
    with ExitStack() as stack:
        connections["default"] = second
        undo = transaction.atomic()
        undo.__enter__()
        connections["default"] = first
        stack.callback(_undo, undo, second, first)
        here, there = Instance(first, at), Instance(second, at)
        for one, other in ((here, there), (there, here)):
            with one.inside():
                _let_in(one, other, at)
        yield here, there


def _undo(undo, second, first):
    connections["default"] = second
    transaction.set_rollback(True)
    undo.__exit__(None, None, None)
    connections["default"] = first


def _let_in(one, other, at):
    given = NewPeer(other.invitation, "另一省", "https://other.example", "XY-2026-1")
    row = peers.add_peer(given=given, by=one.world.admin, at=at)
    with pytest.raises(MoveBlocked, match=r"peer\.same_person"):
        peers.confirm_peer(peer_id=row.pk, by=one.world.admin, at=at)
    peers.confirm_peer(peer_id=row.pk, by=one.world.clerk, at=at)


def flow(one: Instance, other: Instance, at, *, faults=()) -> Wire:
    """Send what waits at one for the other."""
    wire = Wire(other)
    wire.faults = list(faults)
    with one.inside():
        peers.deliver(at=at, post=wire)
    return wire
