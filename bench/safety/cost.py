"""What a page costs by itself: CPU of Python, time within the database, queries.

The machine of a bench is shared; these figures hold still while the time of the clock does not.
"""

import statistics
import time
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client

ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Cost:
    """One page for one reader."""

    queries: int
    cpu_ms: float
    db_ms: float
    slowest: str

    @property
    def whole(self) -> float:
        """Both together."""
        return self.cpu_ms + self.db_ms


def cost(path: str, cookie: str) -> Cost:
    """The middle of some rounds; each query once more under EXPLAIN for its time."""
    client = Client(HTTP_HOST="localhost", HTTP_COOKIE=cookie)
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    assert client.get(path).status_code == 200, path
    took = []
    for _ in range(ROUNDS):
        start = time.process_time()
        client.get(path)
        took.append((time.process_time() - start) * 1000)
    with connection.execute_wrapper(note):
        client.get(path)
    told = [(_explained(sql, params), sql) for sql, params in asked if sql.lstrip()[:6] in _READS]
    slowest = max(told, default=(0.0, ""))
    return Cost(
        len(asked), statistics.median(took), sum(ms for ms, _sql in told),
        f"{slowest[0]:.0f} ms {slowest[1][:60]}",
    )  # fmt: skip


_READS = frozenset({"SELECT", "WITH a", "WITH p", "WITH c"})


def _explained(sql: str, params: Any) -> float:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params)
        (plan,) = cursor.fetchone()[0]
    return float(plan["Planning Time"] + plan["Execution Time"])
