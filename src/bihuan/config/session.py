"""Opening the database for a command: DATABASE_URL, or the embedded server."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bihuan.config.home import current_database, home
from bihuan.config.speech import complain, language
from bihuan.core.errors import SettingsWrong

OLDEST_SERVER = 150_000
LOOK_EVERY = 2.0  # seconds between looks at the embedded server


@contextmanager
def opened(name: str = "") -> Iterator[Callable[[], None]]:
    """Django ready on the right database while the block runs.

    Yields `mend`, to be called now and then by whoever stays long: it starts the embedded server
    again should it have died.

    `name` is the embedded database to use, the current one by default; with DATABASE_URL set,
    that address is used and `name` plays no part.
    """
    if os.environ.get("DATABASE_URL"):
        _start_django()
        _refuse_unreachable()
        yield lambda: None
        return
    from bihuan.config import embedded

    with embedded.use(home(), complain, name=name or current_database()) as address:
        os.environ["DATABASE_URL"] = address  # child processes use the same
        try:
            _start_django()
            yield _mender(home())
        finally:
            _close_connections()
            del os.environ["DATABASE_URL"]


def _mender(folder: Path) -> Callable[[], None]:
    from bihuan.config import embedded

    looked = time.monotonic()

    def mend() -> None:
        nonlocal looked
        if time.monotonic() - looked > LOOK_EVERY:
            embedded.ensure_running(folder, complain)
            looked = time.monotonic()

    return mend


def _start_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings")
    import django
    from django.utils import translation

    django.setup()
    translation.activate("en" if language() == "en" else "zh-hans")


def _refuse_unreachable() -> None:
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except OperationalError as fault:
        raise SettingsWrong(name="DATABASE_URL", reason=str(fault).strip()) from fault
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        (version,) = cursor.fetchone()
    if int(version) < OLDEST_SERVER:
        raise SettingsWrong(name="DATABASE_URL", reason="PostgreSQL 15 or newer is needed")


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()
