"""Pages are asked through HTTP at a fixed moment, by people of the small province."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from bihuan.core.orgs.models import Account
from tests.factories import World, build_world

Enter = Callable[[str], Client]


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
