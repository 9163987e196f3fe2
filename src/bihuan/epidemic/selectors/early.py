"""The four early times of cases by node or sentinel and month (M051), counted in the database.

A step that is still missing counts as missed once its limit has passed, and not at all before.
Imported lists know days alone and are left out.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from bihuan.core.clock import TZ, local_date
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.packs.types import Clock
from bihuan.core.places.types import CITY, COUNTY, TOWNSHIP, prefix_range
from bihuan.epidemic.selectors.workload import PROVINCE

STEPS = ("report", "isolate", "treat")
MONTHS = 6
# A case that counts for speed: no twin, not excluded, reported directly.
COUNTED = """
NOT EXISTS (SELECT FROM epidemic_casemerge m WHERE m.case_id = c.id AND m.since <= %(at)s
            AND (m.until IS NULL OR m.until > %(at)s))
AND c.kind <> 'excluded' AND c.reported_at <= %(at)s
AND NOT EXISTS (SELECT FROM epidemic_linerow l WHERE l.case_id = c.id)
"""
_SQL = f"""
WITH told AS (
    SELECT CASE WHEN %(by_org)s THEN c.reporter_org_id::text ELSE left(c.scope, %(depth)s) END AS key,
           date_trunc('month', c.diagnosed_at AT TIME ZONE %(zone)s)::date AS month,
           c.diagnosed_at AS d, c.reported_at AS r, c.isolated_at AS i, c.treated_at AS t
    FROM epidemic_case c
    WHERE c.scope >= %(low)s AND c.scope < %(high)s AND c.diagnosed_at >= %(since)s AND {COUNTED}
), steps AS (
    SELECT key, month, 0 AS step, greatest(r - d, '0') AS took, d + %(report)s AS due FROM told
    UNION ALL
    SELECT key, month, 1, CASE WHEN i IS NOT NULL THEN greatest(i - r, '0') END, r + %(isolate)s
    FROM told
    UNION ALL
    SELECT key, month, 2, CASE WHEN t IS NOT NULL THEN greatest(t - coalesce(i, r), '0') END,
           coalesce(i, r + %(isolate)s) + %(treat)s
    FROM told
)
SELECT s.key, s.month, s.step,
       count(*) FILTER (WHERE took IS NOT NULL OR due < %(at)s),
       count(*) FILTER (WHERE took <= CASE step WHEN 0 THEN %(report)s WHEN 1 THEN %(isolate)s
                                           ELSE %(treat)s END),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM took))
           FILTER (WHERE took IS NOT NULL)
FROM steps s GROUP BY 1, 2, 3
"""  # noqa: S608 - text of this module alone
_NAMES = {
    False: "SELECT path, name FROM places_place WHERE valid_to IS NULL AND path = ANY(%s)",
    True: "SELECT id::text, name FROM orgs_org WHERE id::text = ANY(%s)",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One of the three intervals: how many were owed and in time, and the median."""

    owed: int = 0
    met: int = 0
    median: timedelta | None = None

    @property
    def percent(self) -> int | None:
        """Of the owed, those in time."""
        return round(100 * self.met / self.owed) if self.owed else None


@dataclass(frozen=True, slots=True)
class EarlyRow:
    """A node or sentinel in a month, with its scores of the months before."""

    name: str
    cases: int
    steps: tuple[Step, ...]
    score: int | None
    trend: tuple[int | None, ...]


def months_of(at: datetime) -> tuple[date, ...]:
    """The months that are shown, oldest first."""
    here = local_date(at).replace(day=1)
    found = [here]
    for _ in range(MONTHS - 1):
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return tuple(reversed(found))


def limits_of(at: datetime, scope: str) -> tuple[Clock, ...]:
    """The limits of the three steps in force."""
    return tuple(registry.clock(f"four_early.{step}", at, scope=scope) for step in STEPS)


def early_rows(
    *, by: Actor, at: datetime, month: date, by_org: bool = False
) -> tuple[EarlyRow, ...]:
    """Nodes below the reader's place, or bodies that reported; the lowest score first. Two queries."""
    months = months_of(at)
    told = _told(by, at, months[0], by_org=by_org)
    keys = sorted({key for key, _month in told})
    with connection.cursor() as cursor:
        cursor.execute(_NAMES[by_org], [keys])
        names = dict(cursor.fetchall())
    found = []
    for key in keys:
        steps = told.get((key, month))
        if steps is None:
            continue
        trend = tuple(_score(told.get((key, one), ())) for one in months)
        found.append(EarlyRow(names.get(key, key), steps[0].owed, steps, _score(steps), trend))
    return tuple(sorted(found, key=lambda row: (row.score is None, row.score, row.name)))


def _told(
    by: Actor, at: datetime, since: date, *, by_org: bool
) -> dict[tuple[str, date], tuple[Step, ...]]:
    if not by.has("epidemic.read"):
        return {}
    low, high = prefix_range(by.scope)
    told: dict[str, Any] = {
        step: timedelta(hours=clock.hours or 0)
        for step, clock in zip(STEPS, limits_of(at, by.scope), strict=True)
    }
    depth = {PROVINCE: CITY, CITY: COUNTY}.get(len(by.scope), TOWNSHIP)
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {
            "by_org": by_org, "depth": depth, "zone": str(TZ), "low": low, "high": high, "at": at,
            "since": datetime.combine(since, datetime.min.time(), TZ),
            **told,
        })  # fmt: skip
        rows = cursor.fetchall()
    found: dict[tuple[str, date], list[Step]] = {}
    for key, month, step, owed, met, seconds in rows:
        steps = found.setdefault((key, month), [Step()] * len(STEPS))
        median = None if seconds is None else timedelta(seconds=float(seconds))
        steps[step] = Step(owed, met, median)
    return {key: tuple(steps) for key, steps in found.items()}


def _score(steps: tuple[Step, ...]) -> int | None:
    """Of everything owed, what was in time, in percent."""
    owed = sum(step.owed for step in steps)
    return round(100 * sum(step.met for step in steps) / owed) if owed else None
