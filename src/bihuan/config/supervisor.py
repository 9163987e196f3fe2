"""Web server and worker under one parent: started together, mended alone, stopped together.

A child that ends by itself is started again; on Ctrl-C or SIGTERM all are stopped; and should
the parent be killed hard, the kernel stops the children (`offspring`).
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

from bihuan.config.offspring import die_with_parent
from bihuan.config.speech import say
from bihuan.core.errors import SettingsWrong

Progress = Callable[[str], None]

GRACE = 10.0  # seconds for children to finish what they are at
STEADY = 10.0  # a child that lived this long did not fail at start
LONGEST_WAIT = 15.0  # seconds between attempts to start a child that keeps failing
POLL = 0.1


@dataclass(slots=True)
class Child:
    """One process that must run: its name, its command, how it is doing."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = 0.5
    next_start: float = 0.0


@dataclass(slots=True)
class Supervisor:
    """Keeps children running until told to stop. `mend` is called in every round."""

    children: list[Child]
    progress: Progress
    mend: Callable[[], None] = lambda: None
    stopping: bool = field(default=False, init=False)

    def run(self, *, ready: Callable[[], bool], announce: Callable[[], None]) -> int:
        """Start all, call `announce` once `ready`, and watch until a signal comes."""
        before = {sign: signal.signal(sign, self._ask_to_stop) for sign in STOP_SIGNALS}
        try:
            announced = False
            while not self.stopping:
                self.mend()
                for child in self.children:
                    self._watch(child)
                if not announced and ready():
                    announced = True
                    announce()
                time.sleep(POLL)
        finally:
            self.progress(say("正在停止……", "stopping …"))
            self._stop()
            for sign, handler in before.items():
                signal.signal(sign, handler)
        self.progress(say("已停止。", "stopped."))
        return 0

    def _ask_to_stop(self, _sign: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _watch(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.next_start:
                self._start(child, now)
            return
        code = child.process.poll()
        if code is None:
            return
        if now - child.started > STEADY:
            child.wait = 0.5
        told = say("{} 已退出（代码 {}），正在重新启动", "{} ended (code {}), starting it again")
        self.progress(told.format(child.name, code))
        child.process, child.next_start = None, now + child.wait
        child.wait = min(child.wait * 2, LONGEST_WAIT)

    def _start(self, child: Child, now: float) -> None:
        child.process = subprocess.Popen(
            child.command, stdin=subprocess.DEVNULL, preexec_fn=die_with_parent(signal.SIGTERM)
        )
        child.started = now

    def _stop(self) -> None:
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + GRACE
        for process in running:
            try:
                process.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def freshen_texts() -> None:
    """Compile the catalogues that changed since: a checkout that was updated has new ones."""
    from bihuan.config import translations

    with suppress(PermissionError):  # an installed wheel brings them compiled
        translations.compile_stale()


def web_command(*, host: str, port: int, workers: int, threads: int) -> list[str]:
    """How the web server is started.

    A kept connection stays with the worker that took it, busy or not; a new one goes to whoever
    is free. Hence `--keep-alive 0`: with 16 readers at once the 95th percentile of a list is a
    quarter lower. Visitors keep their connection with the proxy that stands before it.
    """
    command = [
        sys.executable, "-m", "gunicorn", "bihuan.config.wsgi:application",
        "--bind", f"{host}:{port}", "--worker-class", "gthread", "--keep-alive", "0",
        "--workers", str(workers), "--threads", str(threads),
        "--graceful-timeout", "8", "--timeout", "60", "--log-level", "warning",
        "--no-control-socket", "--preload",
    ]  # fmt: skip
    if os.access("/dev/shm", os.W_OK):  # noqa: S108 - heartbeats belong in memory, not on a disk
        command += ["--worker-tmp-dir", "/dev/shm"]  # noqa: S108
    return command


def web_child(*, host: str, port: int, workers: int, threads: int) -> Child:
    """The web server."""
    freshen_texts()
    return Child("web", web_command(host=host, port=port, workers=workers, threads=threads))


def worker_child() -> Child:
    """The worker: clocks, outbox, nightly checks."""
    return Child("worker", [sys.executable, "-m", "bihuan", "work"])


def free_port(host: str, port: int) -> int:
    """`port` if it can be had, any free one for 0. Raises SettingsWrong when it is taken."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            raise SettingsWrong(name="--port", port=port, reason=str(fault)) from fault
        chosen: int = probe.getsockname()[1]
    return chosen


def healthy(url: str) -> bool:
    """Whether the web server answers at `url`/healthz."""
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:  # noqa: S310 - ours
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
