"""`bihuan demo` as a visitor meets it: one command up, one key down, nothing left."""

import os
import signal
import subprocess
import urllib.request

import pytest

from tests.runtime.conftest import Machine, wait_for

pytestmark = pytest.mark.runtime

PATIENCE = 600.0


def start(machine: Machine) -> tuple[subprocess.Popen[str], str]:
    """Start the smallest demonstration; the process and its address once it is ready."""
    before = machine.said().count("READY ")
    process = machine.start(
        "-m", "bihuan", "demo", "--scale", "tiny", "--port", "0", "--workers", "1"
    )
    wait_for(
        lambda: machine.said().count("READY ") > before or process.poll() is not None, PATIENCE
    )
    assert process.poll() is None, machine.said()
    return process, machine.said().rsplit("READY ", 1)[1].split()[0]


def page(url: str) -> int:
    with urllib.request.urlopen(url, timeout=30) as answer:
        status: int = answer.status
    return status


def test_the_demo_starts_mends_itself_stops_and_starts_again(machine):
    """One long story, for each start costs seconds."""
    process, url = start(machine)
    assert "99-head" in machine.said()
    assert page(f"{url}/healthz") == 200
    assert page(f"{url}/sign-in/") == 200

    # Other commands share its database, as it was left by the load and one tick of the clocks.
    for words in (("audit", "verify"), ("check",), ("user", "list")):
        told = machine.run(*words)
        assert told.returncode == 0, told.stdout + told.stderr

    # A second demo is told that the port is taken, and harms nothing.
    taken = machine.run("demo", "--port", url.rsplit(":", 1)[1])
    assert taken.returncode == 1
    assert "in use" in taken.stderr

    # Killed parts come back.
    (worker,) = machine.processes("bihuan work")
    (web,) = machine.processes("gunicorn")
    os.kill(worker, signal.SIGKILL)
    os.kill(web, signal.SIGKILL)
    wait_for(lambda: machine.processes("bihuan work") not in ([], [worker]))
    wait_for(lambda: healthy(url))
    assert "worker ended" in machine.said()
    assert "web ended" in machine.said()

    # Ctrl-C ends all of it.
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 0
    wait_for(lambda: not machine.processes())

    # The second start loads nothing; killed hard, it leaves nothing either.
    process, url = start(machine)
    assert machine.said().count("making the land") == 1
    process.kill()
    process.wait()
    wait_for(lambda: not machine.processes())


def healthy(url: str) -> bool:
    try:
        return page(f"{url}/healthz") == 200
    except OSError:
        return False
