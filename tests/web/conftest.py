"""Pages are asked through HTTP at a fixed moment, by people of the small province."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from bihuan.core.orgs.models import Account
from tests.factories import World, build_world

Enter = Callable[[str], Client]


class Clock:
    """What time the pages believe it is."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture(autouse=True)
def wall_clock(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    """The edge reads this clock."""
    monkeypatch.setattr("bihuan.web.middleware.read_clock", lambda: at)


@pytest.fixture
def world(db: None, at: datetime) -> World:
    """The small province."""
    return build_world(at)


@pytest.fixture
def enter(world: World) -> Enter:
    """A browser in which somebody is signed in."""

    def entered(username: str) -> Client:
        client = Client()
        client.force_login(
            Account.objects.get(username=username),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        return client

    return entered


@pytest.fixture
def clock(wall_clock: None, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Set `clock.at` to let time pass."""
    made = Clock(at)
    monkeypatch.setattr("bihuan.web.middleware.read_clock", made)
    return made
