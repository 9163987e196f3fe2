"""The product's own web server for the benches, and many clients at once."""

import http.client
import os
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from bihuan.config.supervisor import free_port, web_command

WORKERS, THREADS = 4, 2


@contextmanager
def serving() -> Iterator[int]:
    """gunicorn as the product starts it, on a free port of this machine."""
    port = free_port("127.0.0.1", 0)
    command = web_command(host="127.0.0.1", port=port, workers=WORKERS, threads=THREADS)
    process = subprocess.Popen(command, env=os.environ | {"BIHUAN_HTTPS": "0"})
    try:
        wait_until_up(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_until_up(port: int) -> None:
    """Until the health page answers; raises TimeoutError after a minute."""
    for _ in range(600):
        with suppress(OSError):
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            link.request("GET", "/healthz")
            if link.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise TimeoutError("the server does not answer")


def ask(
    link: http.client.HTTPConnection,
    method: str,
    path: str,
    body: str = "",
    headers: dict[str, str] | None = None,
) -> float:
    """One request; its milliseconds. Raises AssertionError unless 200.

    A connection is not kept across the pauses of a user: one that the server closes at the very
    moment it is used again is a fault of the client, and once ended a whole bench.
    """
    start = time.perf_counter()
    try:
        link.request(method, path, body or None, {"Connection": "close"} | (headers or {}))
        answer = link.getresponse()
        content = answer.read()
    except (OSError, http.client.HTTPException) as lost:
        raise AssertionError((path, "no answer", repr(lost))) from lost
    took = (time.perf_counter() - start) * 1000
    assert answer.status == 200, (path, answer.status, content[:300])
    return took


def together(
    clients: int, work: Callable[[int, http.client.HTTPConnection], None], port: int
) -> None:
    """Run one client in each thread, each on its own connection; re-raise what one raised."""
    faults: list[Exception] = []

    def one(number: int) -> None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            work(number, link)
        except (OSError, http.client.HTTPException, AssertionError) as fault:
            faults.append(fault)
        finally:
            link.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def p95(samples: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(samples, n=20)[-1]
