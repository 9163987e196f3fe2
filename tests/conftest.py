"""What every test may ask for."""

import gc
import os
import shutil
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)  # a Tuesday, 12:00 in Shanghai

settings.load_profile("ci")  # Hypothesis' own: the same examples each time, and no deadline

# Each of these lays a ground of its own, or compiles what it needs: once, in one worker. Marks of
# groups are not heard: this xdist writes them where this pytest no longer looks.
TOGETHER = (
    "tests/analytics/", "tests/kill/", "tests/runtime/", "tests/shared/test_corpus.py",
    "tests/web/test_messages.py",
)  # fmt: skip


class Together(LoadScopeScheduling):
    """Tests one by one to whichever worker is free, and those of a group to the same."""

    def _split_scope(self, nodeid: str) -> str:
        return next((group for group in TOGETHER if nodeid.startswith(group)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    return Together(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported stays: no search for circles need walk through it, now or later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture
def at() -> datetime:
    """The moment at which a test's work happens."""
    return NOON


@pytest.fixture
def edges(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    """Pages and API read the test's moment instead of the machine's clock."""
    for edge in ("web.middleware", "api.access", "api.idempotency", "api.line", "api.public"):
        monkeypatch.setattr(f"bihuan.{edge}.read_clock", lambda: at)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser for journeys: skipped where there is none, but never in CI."""
    path = os.environ.get("BIHUAN_CHROMIUM") or shutil.which("chromium")
    if path is None and os.environ.get("CI"):
        pytest.fail("CI must have chromium: apt install chromium")
    if path is None:
        pytest.skip("no chromium here: apt install chromium")
    return path


@pytest.fixture(scope="session")
def light_migrations() -> Iterator[None]:
    """The tables are made as `bihuan migrate` makes them: five times as fast as Django alone."""
    from bihuan.config.migration import light_states

    with light_states():
        yield


@pytest.fixture(scope="session")
def django_db_setup(light_migrations: None, django_db_setup: None) -> None:
    """The test database of this process."""
