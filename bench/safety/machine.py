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
    """Measure what runs within; of the server all its processes, also those that ended."""
    told, server = Spent(), _server()
    clock, python, database = time.perf_counter(), _python(), _cpu(server)
    yield told
    told.clock = time.perf_counter() - clock
    told.python = _python() - python
    told.database = _cpu(server) - database


def _python() -> float:
    """Here and in the processes begun from here that ended."""
    return sum(os.times()[:4])


def _server() -> int:
    """The process that all others of the server come from; 0 when it is elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = _stat(int(cursor.fetchone()[0]))
    return int(stat[1]) if stat else 0


def _cpu(server: int) -> float:
    stats = {int(one.name): _stat(int(one.name)) for one in Path("/proc").glob("[0-9]*")}
    living = sum(int(one[11]) + int(one[12]) for one in stats.values()
                 if one and int(one[1]) == server)  # fmt: skip
    own = stats.get(server)
    return (living + sum(map(int, own[11:15]))) / TICKS if own else 0.0


def _stat(pid: int) -> list[str]:
    """The fields after the name, the state first; none of a process that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def peak_mib() -> float:
    """The most memory this process ever had, and the largest of those begun from here."""
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(resource.getrusage(one).ru_maxrss for one in whose) / 1024
