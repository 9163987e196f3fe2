"""Counts of cases: kept by day and county for years, judged against the same weeks before.

The numbers come from whoever keeps the cases; what is kept here knows no person and stays when
the files are forgotten.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Min

from bihuan.core.audit.services import SYSTEM, record
from bihuan.core.clock import local_date
from bihuan.core.errors import Refused
from bihuan.core.packs import registry
from bihuan.core.packs.diseases import disease as listed
from bihuan.core.packs.types import Pack
from bihuan.core.places.models import Place
from bihuan.core.places.types import within
from bihuan.sensing.models import CaseCount
from bihuan.sensing.services.signals import FAMILY, raise_signal
from bihuan.sensing.types import Judged

STREAM = "cases"
FRESH = timedelta(days=30)  # days whose counts may still change
WEEK = 7
YEARS = 5
SHOWN = 42


class Tally(Protocol):
    """Cases of a disease in a county on a day, whoever counted them."""

    @property
    def disease(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def day(self) -> date: ...
    @property
    def n(self) -> int: ...


@transaction.atomic
def keep_counts(*, tallies: Sequence[Tally], at: datetime) -> int:
    """Make the last days say what is known now; what is older stays. How many days changed.

    A county and disease of which nothing is told any more falls to zero, not to unknown.
    """
    first = local_date(at) - FRESH
    places = {
        p.path: p for p in Place.objects.filter(path__in={t.path for t in tallies}, valid_to=None)
    }
    told = {(t.disease, t.path, t.day): t.n for t in tallies if t.day > first and t.path in places}
    held = {
        (row.disease, row.scope, row.day): row
        for row in CaseCount.objects.select_for_update().filter(day__gt=first)
    }
    changed = [row for key, row in held.items() if row.n != told.get(key, 0)]
    for row in changed:
        row.n, row.known_at = told.get((row.disease, row.scope, row.day), 0), at
    CaseCount.objects.bulk_update(changed, ["n", "known_at"], batch_size=1000)
    fresh = [
        CaseCount(disease=code, place=places[path], scope=path, day=day, n=n, known_at=at)
        for (code, path, day), n in told.items()
        if (code, path, day) not in held
    ]
    CaseCount.objects.bulk_create(fresh, batch_size=1000)
    return len(changed) + len(fresh)


def detect_cases(*, at: datetime, scope: str = "") -> int:
    """Judge the last seven days of every county and disease; how many signals rose.

    Safe to repeat. Alerts of a single case know no budget; of the others the strongest are kept.
    """
    pack = registry.edition(FAMILY, at, scope=scope)
    today = local_date(at)
    weeks = _weeks(today, scope)
    raised = 0
    for alert in pack.tables["alert"]:
        if alert["stream"] != STREAM:
            continue
        if alert["method"] == "single":
            raised += _singles(alert, pack, weeks, at)
        else:
            raised += _unusual(alert, pack, weeks, at)
    return raised


def _weeks(today: date, scope: str) -> dict[tuple[str, str], dict[date, int]]:
    """Counts of the last days by (disease, county). One query."""
    rows = CaseCount.objects.filter(
        within("scope", scope), day__gt=today - timedelta(days=SHOWN), day__lte=today
    )
    found: dict[tuple[str, str], dict[date, int]] = defaultdict(dict)
    for code, path, day, n in rows.values_list("disease", "scope", "day", "n"):
        found[code, path][day] = n
    return dict(found)


def _week_total(days: dict[date, int], today: date) -> int:
    return sum(n for day, n in days.items() if day > today - timedelta(days=WEEK))


def _singles(
    alert: dict[str, Any], pack: Pack, weeks: dict[tuple[str, str], dict[date, int]], at: datetime
) -> int:
    today, least = local_date(at), int(alert["min_cases"])
    raised = 0
    for (code, path), days in sorted(weeks.items()):
        total = _week_total(days, today)
        if code in alert["diseases"] and total >= least:
            last = max(day for day, n in days.items() if n)
            found = Judged(path, last, total, 0.0, float(least), float(total), _shown(days, today))
            raised += raise_signal(_named(alert, code, at), pack, found, at=at)
    return raised


def _unusual(
    alert: dict[str, Any], pack: Pack, weeks: dict[tuple[str, str], dict[date, int]], at: datetime
) -> int:
    today, least = local_date(at), int(alert["min_cases"])
    worth = [key for key, days in sorted(weeks.items()) if _week_total(days, today) >= least]
    if not worth:
        return 0
    # only the job detects: the web server starts half a second sooner without the numerics
    from bihuan.sensing.analysis import judge_weeks, strongest

    history = _history(worth, today)
    began = _began({path for _code, path in worth})
    found = [
        (code, one)
        for code, path in worth
        if (one := judge_weeks(alert, path, history[code, path], began[path], today)) is not None
    ]
    kept = strongest(
        [one for _code, one in found], [one.path for _code, one in found],
        budget=int(pack.value_of("alert.budget")),
    )  # fmt: skip
    return sum(
        raise_signal(_named(alert, code, at, fallback=one.score < 0), pack, one, at=at)
        for code, one in found
        if one in kept
    )


def _history(
    worth: Sequence[tuple[str, str]], today: date
) -> dict[tuple[str, str], dict[date, int]]:
    """Counts of the years before, of the series worth judging alone. One query."""
    first = today - timedelta(days=366 * (YEARS + 1))
    rows = CaseCount.objects.filter(
        disease__in={code for code, _ in worth}, scope__in={path for _, path in worth},
        day__gte=first, day__lte=today,
    )  # fmt: skip
    found: dict[tuple[str, str], dict[date, int]] = {key: {} for key in worth}
    for code, path, day, n in rows.values_list("disease", "scope", "day", "n"):
        if (code, path) in found:
            found[code, path][day] = n
    return found


def _began(paths: set[str]) -> dict[str, date]:
    """Since when a county's counts are kept: before that nothing is known, which is not zero."""
    rows = CaseCount.objects.filter(scope__in=paths).values_list("scope")
    return dict(rows.annotate(first=Min("day")))


def _shown(days: dict[date, int], today: date) -> tuple[int | None, ...]:
    return tuple(days.get(today - timedelta(days=back), 0) for back in range(SHOWN - 1, -1, -1))


def _named(
    alert: dict[str, Any], code: str, at: datetime, *, fallback: bool = False
) -> dict[str, Any]:
    """The alert for one disease: a signal of measles is no signal of dengue."""
    try:
        row = listed(code, at)
        title, title_en = row.title, row.title_en
    except Refused:
        title = title_en = code
    told = {**alert, "key": f"{alert['key']}:{code}"[:40], "rule": alert["key"],
            "title": f"{title}:{alert['title']}"[:120],
            "title_en": f"{title_en}: {alert['title_en']}"[:120]}  # fmt: skip
    return told | (alert["fallback"] if fallback else {})


@transaction.atomic
def bring_history(*, rows: Sequence[Tally], by: Any, at: datetime) -> int:
    """Enter counts of earlier years; days that are there already keep what they say. How many."""
    places = {
        p.path: p for p in Place.objects.filter(path__in={r.path for r in rows}, valid_to=None)
    }
    before = CaseCount.objects.count()
    CaseCount.objects.bulk_create(
        (
            CaseCount(disease=r.disease, place=places[r.path], scope=r.path, day=r.day, n=r.n,
                      known_at=at)
            for r in rows
        ),
        ignore_conflicts=True, batch_size=1000,
    )  # fmt: skip
    new = CaseCount.objects.count() - before
    record(action="cases.history", subject="cases", by=by or SYSTEM, at=at, facts={"days": new})
    return new
