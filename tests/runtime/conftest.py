"""Servers of our own, in a folder of their own, and a count of what they leave behind."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bihuan.config import embedded

PATIENCE = 300.0


def wait_for(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Return once the condition holds; fail when it does not come true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.1)


@dataclass
class Machine:
    """One home folder and the commands run in it."""

    home: Path
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        dropped = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "BIHUAN_DEMO", "BIHUAN_SECRET_KEY"}
        kept = {name: value for name, value in os.environ.items() if name not in dropped}
        return kept | {"BIHUAN_HOME": str(self.home), "BIHUAN_LANG": "en"}

    def run(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bihuan", *words], input=given, env=self.environment(),
            capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip

    def start(self, *command: str) -> subprocess.Popen[str]:
        """Start a command; its output goes to `output`."""
        with self.output.open("a", encoding="utf-8") as out:
            process = subprocess.Popen(
                [sys.executable, *command], env=self.environment(), stdout=out, stderr=out,
                stdin=subprocess.DEVNULL, text=True,
            )  # fmt: skip
        self.started.append(process)
        return process

    @property
    def output(self) -> Path:
        return self.home / "output.log"

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8") if self.output.exists() else ""

    def processes(self, words: str = "") -> list[int]:
        """Every living process of this home, by its environment or its command line.

        Of a family that shares the words only the eldest is named: whoever was forked a moment
        ago still bears the line of its parent.
        """
        mark = f"BIHUAN_HOME={self.home}".encode()
        parents: dict[int, int] = {}
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                mine = mark in (folder / "environ").read_bytes().split(b"\0")
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue
            if (mine or str(self.home) in line) and line and words in line:
                parents[int(folder.name)] = parent
        return [process for process, parent in parents.items() if parent not in parents]

    def clean_up(self) -> None:
        for process in self.started:
            process.kill()
            process.wait()
        wait_for(lambda: not self.processes())
        for keeper in embedded._keepers.pop(self.home, ()):  # begun by the test's own process
            keeper.wait()


@pytest.fixture
def machine() -> Iterator[Machine]:
    """A new machine; whatever runs on it at the end is stopped."""
    if not Path("/proc/self/environ").exists():
        pytest.skip("counts processes by /proc")
    # Short, for the path of a socket; below /tmp, where root's database user may go.
    home = Path(tempfile.mkdtemp(prefix="bhr-", dir="/tmp"))
    one = Machine(home)
    yield one
    one.clean_up()
    shutil.rmtree(home)
