"""Seven stages in which speed is measured (M047): a stopwatch each, counted in the database.

What has no stop runs, and past its limit it is a breach: it is never fast. Medians are of what stopped.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from bihuan.core.clock import TZ, local_date
from bihuan.core.errors import NotFound
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.packs.types import Clock
from bihuan.core.places.models import Place
from bihuan.core.places.types import CITY, COUNTY, TOWNSHIP, prefix_range, within
from bihuan.epidemic.selectors.early import COUNTED, limits_of
from bihuan.epidemic.selectors.workload import PROVINCE

STAGES = ("response", "report", "investigation", "test", "care", "region", "vaccination")
NOT_MEASURED = frozenset({"vaccination"})  # the product keeps no vaccinations yet
PERIODS = (1, 7, 30)
# stage, scope, start, stop, due
_PARTS = f"""
SELECT 'response', e.scope, e.opened_at, o.signed_at, e.opened_at + %(response)s
FROM epidemic_event e LEFT JOIN LATERAL (
    SELECT min(signed_at) AS signed_at FROM epidemic_controlorder WHERE event_id = e.id
) o ON true
WHERE e.origin <> 'transfer' AND (o.signed_at IS NOT NULL OR e.closed_at IS NULL)
UNION ALL
SELECT 'report', c.scope, c.diagnosed_at, c.reported_at, c.diagnosed_at + %(report)s
FROM epidemic_case c WHERE {COUNTED}
UNION ALL
SELECT 'care', c.scope, c.reported_at,
       CASE WHEN c.isolated_at IS NOT NULL AND c.treated_at IS NOT NULL
            THEN greatest(c.isolated_at, c.treated_at, c.reported_at) END, c.reported_at + %(care)s
FROM epidemic_case c WHERE {COUNTED}
UNION ALL
SELECT 'investigation', o.scope, o.opened_at, o.closed_at, o.first_due_at
FROM loops_obligation o WHERE o.flow = 'inquiry' AND o.origin LIKE 'case:%%:case.core_facts'
UNION ALL
SELECT 'test', f.scope, f.arrived_at, f.result_at, f.arrived_at + %(test)s
FROM epidemic_fevervisit f WHERE f.tested_at IS NOT NULL OR f.closed_at IS NULL
UNION ALL
SELECT 'region', q.scope, q.sent_at, q.answered_at, q.due_at
FROM epidemic_question q WHERE q.sent_at IS NOT NULL AND (q.peer_id IS NULL OR q.incoming)
"""  # noqa: S608 - text of this package alone
_SQL = f"""
WITH told (stage, scope, start, stop, due) AS ({_PARTS}), held AS (
    SELECT stage, left(scope, %(depth)s) AS key, (start AT TIME ZONE %(zone)s)::date AS day, start,
           CASE WHEN stop <= %(at)s THEN stop END AS stop, due
    FROM told
    WHERE scope >= %(low)s AND scope < %(high)s AND start > %(since)s AND start <= %(at)s
)
SELECT stage, key, day, count(*), count(stop),
       count(*) FILTER (WHERE coalesce(stop, %(at)s) > due),
       percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY extract(epoch FROM stop - start))
           FILTER (WHERE stop IS NOT NULL)
FROM held GROUP BY GROUPING SETS ((stage), (stage, key), (stage, day)) ORDER BY stage, key, day
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Watch:
    """A stopwatch over a period: how many started and stopped, the median, the 90th percentile."""

    n: int = 0
    done: int = 0
    breaches: int = 0
    median: timedelta | None = None
    p90: timedelta | None = None

    @property
    def running(self) -> int:
        """Started and not stopped, however long ago."""
        return self.n - self.done


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the seven: together, by node and by day of the start."""

    key: str
    limits: tuple[Clock, ...]  # one after the other; none: each file has its own
    total: Watch
    nodes: tuple[tuple[Place | None, str, Watch], ...] = ()  # None: a place no longer in force
    days: tuple[tuple[date, Watch], ...] = ()

    @property
    def measured(self) -> bool:
        """Whether the product knows its start and stop at all."""
        return self.key not in NOT_MEASURED

    @property
    def limit(self) -> timedelta | None:
        """The limits together, where they are the same for everything in the row."""
        hours = sum(clock.hours or 0 for clock in self.limits)
        return timedelta(hours=hours) if hours else None


def stage_limits(at: datetime, scope: str) -> dict[str, tuple[Clock, ...]]:
    """The limits in force. Of investigations each disease's plan has its own."""
    report, isolate, treat = limits_of(at, scope)
    one = {name: registry.clock(key, at, scope=scope) for name, key in (
        ("response", "speed.response"), ("region", "question.answer"),
    )}  # fmt: skip
    sample, result = (
        registry.clock(key, at, scope=scope) for key in ("speed.test", "fever.result")
    )
    several = {"report": (report,), "care": (isolate, treat), "test": (sample, result)}
    return several | {k: (v,) for k, v in one.items()}


def place_for(*, code: str, by: Actor) -> Place:
    """The reader's place, or one below it. One query. Raises NotFound("place.not_found")."""
    wanted = {"code": code} if code else {"pk": by.place_id}
    row = Place.objects.filter(within("path", by.scope), valid_to=None, **wanted).first()
    if row is None:
        raise NotFound("place.not_found", place=code)
    return row


def speed_board(*, place: Place, by: Actor, at: datetime, days: int) -> tuple[Stage, ...]:
    """The seven rows of a place and all below it over the last days. Two queries."""
    limits = stage_limits(at, place.path)
    rows = _told(place, at, days, limits) if by.has("epidemic.read") else []
    paths = {key for _stage, key, *_rest in rows if key}
    held = {p.path: p for p in Place.objects.filter(path__in=paths, valid_to=None)}
    return tuple(_stage(key, limits.get(key, ()), rows, held) for key in STAGES)


def _told(
    place: Place, at: datetime, days: int, limits: dict[str, tuple[Clock, ...]]
) -> list[tuple[Any, ...]]:
    low, high = prefix_range(place.path)
    told: dict[str, Any] = {
        name: sum((timedelta(hours=c.hours or 0) for c in clocks), timedelta())
        for name, clocks in limits.items()
    }
    depth = {PROVINCE: CITY, CITY: COUNTY, COUNTY: TOWNSHIP}.get(len(place.path), 64)
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {
            **told, "low": low, "high": high, "at": at, "since": at - timedelta(days=days),
            "depth": depth, "zone": str(TZ),
        })  # fmt: skip
        return list(cursor.fetchall())


def _stage(
    key: str, limits: tuple[Clock, ...], rows: Iterable[tuple[Any, ...]], held: dict[str, Place]
) -> Stage:
    mine = [row for row in rows if row[0] == key]
    watches = [(path, day, _watch(*rest)) for _stage, path, day, *rest in mine]
    total = next((w for path, day, w in watches if path is None and day is None), Watch())
    nodes = [(held.get(path), path, w) for path, _day, w in watches if path is not None]
    return Stage(
        key, limits, total,
        tuple(sorted(nodes, key=lambda n: (-n[2].breaches, -n[2].n, n[1]))),
        tuple((day, w) for _path, day, w in watches if day is not None),
    )  # fmt: skip


def _watch(n: int, done: int, breaches: int, seconds: list[float] | None) -> Watch:
    median, p90 = (timedelta(seconds=float(s)) for s in seconds) if seconds else (None, None)
    return Watch(n, done, breaches, median, p90)


def period_of(said: str) -> int:
    """Days of a period that the address names; a week otherwise."""
    return next((n for n in PERIODS if str(n) == said), 7)


def since_of(at: datetime, days: int) -> date:
    """The first local day of a period."""
    return local_date(at - timedelta(days=days))
