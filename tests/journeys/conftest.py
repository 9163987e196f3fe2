"""Whole stories in a real browser, against the site served from inside the test's transaction.

`desk` opens pages for somebody of the small province: `desk("head")`, `desk("head", PHONE, "en")`.
`look(page)` is the eye of every journey: nothing serious for the accessibility checker, nothing
wider than the screen, no label that means two fields, no message in the console.
"""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import import_module
from threading import Thread
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import WSGIServer
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from bihuan.core.orgs.models import Account
from tests.factories import World, build_world
from tests.web.conftest import Clock

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 60_000  # of every wait: nothing fails because the machine is busy just then
TWICE = """() => {
  const ids = [...document.querySelectorAll("input, select, textarea")].map((e) => e.id);
  return ids.filter((id, n) => id && ids.indexOf(id) !== n);
}"""

# The browser's driver runs a loop in the tests' own thread, from its first use to the end of the
# session; Django would take every later query for one made from a coroutine.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
expect.set_options(timeout=PATIENCE_MS)

Desk = Callable[..., Page]


def until(page: Page, holds: Callable[[], object]) -> None:
    """Wait for what no locator can wait for, such as an answer that the page only promises."""
    for _ in range(PATIENCE_MS // 50):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never came true")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a journey."""
    for item in items:
        if item.path.is_relative_to(__file__.rpartition("/")[0]):
            item.add_marker(pytest.mark.journey)


class OneAtATime(Thread):
    """Serves the site, one request after the other: all share the test's own connection."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        super().__init__(daemon=True)
        self.connection = connection
        self.server = WSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
        self.server.set_app(WSGIHandler())

    def run(self) -> None:
        connections["default"] = self.connection
        self.server.serve_forever(poll_interval=0.05)

    def stop(self) -> None:
        self.server.shutdown()
        self.join()
        self.server.server_close()


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Debian's chromium, started once.

    While its driver runs a loop in this thread, Django keeps connections of their own for it: they
    are closed before the loop ends, for nobody would find them afterwards.
    """
    with sync_playwright() as play:
        engine = play.chromium.launch(executable_path=chromium, args=FLAGS)
        yield engine
        engine.close()
        connections.close_all()


@pytest.fixture
def clock(at: datetime) -> Clock:
    """Set `clock.at` to let time pass."""
    return Clock(at)


@pytest.fixture
def world(db: None, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> World:
    """The small province, at noon."""
    monkeypatch.setattr("bihuan.web.middleware.read_clock", clock)
    return build_world(clock.at)


@pytest.fixture(scope="session")
def pages() -> None:
    """Every page and rule in memory, as a server has them before it answers anybody.

    Importing them takes seconds of CPU; the first journey would spend its patience on that.
    """
    import_module("bihuan.config.wsgi")


@pytest.fixture
def site(pages: None, world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the site, served from inside the test's transaction."""
    connection = connections["default"]
    # At the end of a request Django closes a connection that is in a transaction.
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
    connection.inc_thread_sharing()
    server = OneAtATime(connection)
    server.start()
    yield f"http://127.0.0.1:{server.server.server_port}"
    server.stop()
    connection.dec_thread_sharing()


@pytest.fixture
def desk(browser: Browser, site: str) -> Iterator[Desk]:
    """Open a page for somebody, signed in; for nobody without a name."""
    opened: list[BrowserContext] = []

    def sit_down(
        username: str = "", size: dict[str, int] = DESK, language: str = "zh-hans"
    ) -> Page:
        context = browser.new_context(
            viewport=size, base_url=site, has_touch=size is PHONE, locale=language
        )
        opened.append(context)
        context.set_default_timeout(PATIENCE_MS)
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if username:
            cookies[settings.SESSION_COOKIE_NAME] = _session_of(username)
        context.add_cookies([{"name": k, "value": v, "url": site} for k, v in cookies.items()])
        page = context.new_page()
        page.said = []
        page.on("console", lambda line: page.said.append(line.text) if _grave(line) else None)
        page.on("pageerror", lambda fault: page.said.append(str(fault)))
        return page

    yield sit_down
    for context in opened:
        context.close()


def _grave(line: ConsoleMessage) -> bool:
    """Chromium reports every answer that is not a success, a form that was refused too."""
    return line.type == "error" and "status of 422" not in line.text


def _session_of(username: str) -> str:
    client = Client()
    account = Account.objects.get(username=username)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def look() -> Callable[[Page], None]:
    """Judge the page as it stands."""

    def judged(page: Page) -> None:
        found: list[dict[str, Any]] = Axe().run(page).response["violations"]
        grave = [
            (fault["id"], node["html"][:160])
            for fault in found
            if fault["impact"] in {"serious", "critical"}
            for node in fault["nodes"]
        ]
        where = page.url
        assert grave == [], where
        wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{where} is {wide} px too wide"
        assert page.evaluate(TWICE) == [], f"{where}: ids of two controls"
        assert page.said == [], where

    return judged
