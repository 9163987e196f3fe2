"""What a stretch of work costs: seconds of the clock, CPU here and in the database, memory."""

import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

TICKS = os.sysconf("SC_CLK_TCK")


class Spent:
    """Filled when the stretch has ended. `database` is 0 where the server is elsewhere."""

    clock = python = database = 0.0

    @property
    def whole(self) -> float:
        """CPU of both."""
        return self.python + self.database


@contextmanager
def spent() -> Iterator[Spent]:
    """Measure what runs within."""
    told, pid = Spent(), _backend()
    clock, python, database = time.perf_counter(), time.process_time(), _cpu(pid)
    yield told
    told.clock = time.perf_counter() - clock
    told.python = time.process_time() - python
    told.database = _cpu(pid) - database


def _backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _cpu(pid: int) -> float:
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def peak_mib() -> float:
    """The most memory this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
