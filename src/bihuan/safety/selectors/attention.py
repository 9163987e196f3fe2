"""The attention watch: rates by week, allowances, days of compound risk, suspicious zeros."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count as Counted
from django.db.models import Manager, QuerySet, Sum
from django.db.models.functions import Left, TruncWeek

from bihuan.core.clock import TZ, day_start, local_date
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.core.places.types import CITY, COUNTY, under, within
from bihuan.safety.models import (
    Accident,
    Allowance,
    DayRisk,
    DayStaff,
    Denominator,
    Hazard,
    Inspection,
    NearMiss,
)
from bihuan.safety.rules.attention import (
    Decay,
    Meeting,
    Outlook,
    decay,
    expected_count,
    meet,
    outlook,
    too_good,
)

RATES = ("inspections", "hazards", "near_misses")


def week_starts(at: datetime, weeks: int) -> list[date]:
    """The Mondays of the last whole weeks, the oldest first."""
    today = local_date(at)
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=n) for n in range(weeks, 0, -1)]


# The rows a rate counts, where each lies and when it was.
_COUNTED: Mapping[str, tuple[Manager[Any], str, str]] = {
    "inspections": (Inspection.objects, "scope", "begun_at"),
    "hazards": (Hazard.objects, "obligation__scope", "obligation__opened_at"),
    "near_misses": (NearMiss.objects, "scope", "told_at"),
}


def _weeks_of(rate: str, starts: Sequence[date]) -> tuple[QuerySet[Any], str]:
    """The rows of these weeks, each with its week; and the column of their place."""
    every, scope, moment = _COUNTED[rate]
    end = starts[-1] + timedelta(weeks=1)
    rows = every.filter(**{f"{moment}__gte": day_start(starts[0]), f"{moment}__lt": day_start(end)})
    return rows.annotate(week=TruncWeek(moment, tzinfo=TZ)), scope


def weekly(rate: str, *, scope: str, starts: Sequence[date]) -> list[int]:
    """How many of a rate each week had, the empty weeks too. One query."""
    rows, column = _weeks_of(rate, starts)
    told = rows.filter(within(column, scope)).values_list("week").annotate(n=Counted("pk"))
    counted = {local_date(week): n for week, n in told}
    return [counted.get(start, 0) for start in starts]


def weekly_by_place(rate: str, *, starts: Sequence[date]) -> Mapping[str, list[int]]:
    """The same for every city and every county at once. One query."""
    rows, column = _weeks_of(rate, starts)
    told = rows.annotate(path=Left(column, COUNTY)).values_list("path", "week")
    week_at = {start: n for n, start in enumerate(starts)}
    found: dict[str, list[int]] = defaultdict(lambda: [0] * len(starts))
    for path, week, n in told.annotate(n=Counted("pk")):
        for depth in (CITY, COUNTY):
            if len(path) >= depth:
                found[path[:depth]][week_at[local_date(week)]] += n
    return found


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate with its weeks and what they say."""

    name: str
    weeks: tuple[tuple[date, int], ...]  # Monday, count
    decay: Decay
    floor: float  # a week below it is noticed


def rates(*, scope: str, at: datetime) -> tuple[Rate, ...]:
    """Inspections, hazards found and near misses told, week by week. Three queries."""
    limits = _limits(scope, at)
    starts = week_starts(at, limits.weeks)
    return tuple(
        _rate(name, starts, weekly(name, scope=scope, starts=starts), limits) for name in RATES
    )


def rates_of(*, scopes: Sequence[str], at: datetime) -> dict[str, tuple[Rate, ...]]:
    """The same of many cities and counties. Three queries, however many there are."""
    limits = {scope: _limits(scope, at) for scope in scopes}
    starts = week_starts(at, max((one.weeks for one in limits.values()), default=1))
    counted = {name: weekly_by_place(name, starts=starts) for name in RATES}
    nothing = [0] * len(starts)
    return {
        scope: tuple(
            _rate(name, starts[-own.weeks :], counted[name].get(scope, nothing)[-own.weeks :], own)
            for name in RATES
        )
        for scope, own in limits.items()
    }


@dataclass(frozen=True, slots=True)
class _Limits:
    weeks: int  # those that are looked at, the last among them
    least_share: float
    least_mean: float


def _limits(scope: str, at: datetime) -> _Limits:
    weeks, share, mean = (
        float(registry.value(f"attention.{key}", at, scope=scope).value)
        for key in ("weeks", "least_share", "least_mean")
    )
    return _Limits(int(weeks) + 1, share, mean)


def _rate(name: str, starts: Sequence[date], counts: Sequence[int], limits: _Limits) -> Rate:
    told = decay(counts, least_share=limits.least_share, least_mean=limits.least_mean)
    weeks = tuple(zip(starts, counts, strict=True))
    return Rate(name, weeks, told, limits.least_share * told.mean)


@dataclass(frozen=True, slots=True)
class AllowanceRow:
    """A place's yearly target and where it stands."""

    place: Place
    measure: str
    outlook: Outlook


def allowances(*, by: Actor, at: datetime) -> tuple[AllowanceRow, ...]:
    """The yearly targets of an area, the tightest first. One query and one for each row."""
    today = local_date(at)
    rows = Allowance.objects.filter(sight(by, owned=False, sectors=False), year=today.year)
    rows = rows.select_related("place").order_by("place", "measure", "-at", "-pk")
    days = date(today.year, 12, 31).timetuple().tm_yday
    amber = float(registry.value("allowance.amber", at, scope=by.scope).value)
    found = []
    for row in rows.distinct("place", "measure"):
        told = Accident.objects.filter(
            within("scope", row.scope), occurred_at__gte=day_start(date(today.year, 1, 1)),
            occurred_at__lte=at,
        ).aggregate(accidents=Counted("pk"), deaths=Sum("deaths"))  # fmt: skip
        used = told[row.measure] or 0
        look = outlook(
            most=row.most, used=used, day=today.timetuple().tm_yday, days=days, amber=amber
        )
        found.append(AllowanceRow(row.place, row.measure, look))
    tones = ("over", "amber", "calm")
    return tuple(sorted(found, key=lambda row: (tones.index(row.outlook.tone), row.place.path)))


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a place: its risks, the staff, whether a joint plan is owed."""

    day: date
    place: Place
    risks: tuple[DayRisk, ...]
    staff: DayStaff | None
    meeting: Meeting


def calendar(*, by: Actor, at: datetime) -> tuple[Day, ...]:
    """The days ahead on which some risk was told, by day and place. Two queries."""
    today = local_date(at)
    until = today + timedelta(days=int(registry.value("calendar.days", at, scope=by.scope).value))
    seen = sight(by, owned=False, sectors=False)
    risks: dict[tuple[date, int], list[DayRisk]] = {}
    for row in DayRisk.objects.filter(seen, day__gte=today, day__lte=until).select_related("place"):
        risks.setdefault((row.day, row.place_id), []).append(row)
    staff = {
        (row.day, row.place_id): row
        for row in DayStaff.objects.filter(seen, day__gte=today, day__lte=until)
    }
    return tuple(
        Day(
            key[0], rows[0].place, tuple(rows), staff.get(key),
            meet({row.family: (row.level, row.staff) for row in rows},
                 staff[key].on_hand if key in staff else None),
        )
        for key, rows in sorted(risks.items(), key=lambda pair: pair[0])
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ZeroRow:
    """A place's accidents or deaths of a year against one of its denominators."""

    place: Place
    kind: Mapping[str, Any]  # the denominator's row of the pack
    count: int
    denominator: Denominator
    expected: float
    suspicious: bool

    @property
    def rate(self) -> float:
        """To so many of the denominator as the pack says."""
        return float(self.kind["per"]) * self.count / self.denominator.value


def zeros(*, by: Actor, at: datetime) -> tuple[ZeroRow, ...]:
    """Last year's accidents by place against its denominators, the suspicious zeros first (E16).

    The last version of each denominator counts. Two queries.
    """
    year = local_date(at).year - 1
    kinds = {row["key"]: row for row in registry.table("denominator", at, scope=by.scope)}
    rows = Denominator.objects.filter(
        sight(by, owned=False, sectors=False), key__in=kinds, year=year
    )
    last = rows.select_related("place").order_by("place", "key", "-at", "-pk")
    each = list(last.distinct("place", "key"))
    told = list(
        Accident.objects.filter(
            within("scope", by.scope), occurred_at__gte=day_start(date(year, 1, 1)),
            occurred_at__lt=day_start(date(year + 1, 1, 1)),
        ).values("scope", "sector").annotate(accidents=Counted("pk"), deaths=Sum("deaths"))
    )  # fmt: skip
    chance = float(registry.value("zero.chance", at, scope=by.scope).value)
    found: list[ZeroRow] = []
    for key, kind in kinds.items():
        held = [(row, _told(told, row.scope, kind)) for row in each if row.key == key]
        whole, of = sum(count for _row, count in held), sum(row.value for row, _count in held)
        for row, count in held:
            expected = expected_count(whole=whole, share=row.value, of=of)
            flag = too_good(count=count, expected=expected, chance=chance)
            found.append(ZeroRow(row.place, kind, count, row, expected, flag))
    return tuple(sorted(found, key=lambda row: not row.suspicious))


def _told(told: Sequence[Mapping[str, Any]], scope: str, kind: Mapping[str, Any]) -> int:
    """Accidents or deaths under a place, in the sectors that a denominator speaks of."""
    return sum(
        row[kind["counts"]] for row in told
        if under(row["scope"], scope) and (not kind["sectors"] or row["sector"] in kind["sectors"])
    )  # fmt: skip
