"""Accidents with their running clocks, and the statistics that words must agree with."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count as Counted
from django.db.models import Max, Q, Sum
from django.db.models.functions import ExtractYear, Left, TruncMonth

from bihuan.core.clock import TZ, day_start, local, local_date
from bihuan.core.errors import NotFound
from bihuan.core.loops.services.dispatch import DEPTHS
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.safety.models import Accident, NearMiss, Report, ReportDuty
from bihuan.safety.rules.accidents import (
    Chart,
    Harm,
    control_chart,
    destination,
    double_drop,
    report_state,
)
from bihuan.safety.types import AccidentClass


def fetch_accident(*, accident_id: int, by: Actor, lock: bool = False) -> Accident:
    """The one door to an accident. Raises NotFound("accident.not_found")."""
    rows = Accident.objects.select_related("place", "establishment__venue")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(sight(by), pk=accident_id).first()
    if row is None:
        raise NotFound("accident.not_found", id=accident_id)
    return row


def harms(row: Accident) -> list[Harm]:
    """The last figures of each source that count for the class. One query."""
    rows = row.figures.filter(as_of__lte=row.counts_until)
    last = rows.order_by("source", "-as_of", "-pk").distinct("source")
    return [Harm(f.deaths, f.serious, f.missing, f.loss) for f in last]


def addressee(row: Accident) -> str:
    """The highest level that must hear of an accident of this class."""
    return destination(
        row.grade, registry.table("accident_addressee", row.occurred_at, scope=row.scope)
    )


def accidents(*, by: Actor, size: int = 100) -> Sequence[Accident]:
    """Accidents the post may see, newest first. One query."""
    rows = Accident.objects.filter(sight(by)).select_related("place", "establishment__venue")
    return list(rows.order_by("-occurred_at", "-pk")[:size])


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One level's duty to report, and how it was met."""

    duty: ReportDuty
    state: str  # waiting | missing | on_time | late | false
    first: Report | None
    reports: tuple[Report, ...]
    mine: bool


def duty_rows(row: Accident, *, by: Actor, at: datetime) -> tuple[DutyRow, ...]:
    """The chain of reports from the ground up. Three queries."""
    found = []
    rows = row.duties.select_related("post", "task").prefetch_related("reports__falsity")
    for duty in rows.order_by("pk"):
        reports = tuple(sorted(duty.reports.all(), key=lambda one: one.pk))
        first = next((one for one in reports if one.kind == "first"), None)
        false = [one.falsity.at for one in reports if hasattr(one, "falsity")]
        state = report_state(
            due=duty.due_at, sent=first.sent_at if first else None,
            false_at=min(false) if false else None, at=at,
        )  # fmt: skip
        found.append(DutyRow(duty, state, first, reports, duty.org_id == by.org_id))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the same-period comparison: last year, this year."""

    name: str
    accidents: tuple[int, int]
    deaths: tuple[int, int]

    @property
    def dropped(self) -> bool:
        """Whether both fell."""
        return double_drop(accidents=self.accidents, deaths=self.deaths)

    @property
    def small(self) -> bool:
        """Too few to speak of a trend."""
        return max(self.accidents) < 10


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the page of statistics shows."""

    whole: Compared
    sectors: tuple[Compared, ...]
    classes: tuple[Compared, ...]  # the gravest first
    places: tuple[Compared, ...]
    months: tuple[tuple[date, int, int], ...]
    near_misses: tuple[int, ...]  # told in each of the months; more is better
    chart: Chart
    since_major: int | None  # days since the last major accident; None when there was none
    until: date


def statistics(*, by: Actor, at: datetime) -> Statistics:
    """Accidents and deaths from January to today against the same days of last year.

    Recomputed from the records each time: a late correction changes what it says. Places are those
    a level below the reader, each with all that lies in it. Five queries.
    """
    rows = Accident.objects.filter(sight(by), occurred_at__lte=at)
    today = local_date(at)
    same = rows.filter(_period(today, 0) | _period(today, 1))
    each = list(
        same.annotate(
            year=ExtractYear("occurred_at", tzinfo=TZ),
            below=Left("scope", _depth_below(by.scope)),
        ).values_list("sector", "grade", "below", "year")
        .annotate(n=Counted("pk"), d=Sum("deaths"))
    )  # fmt: skip
    last = rows.filter(grade__in=("major", "extraordinary")).aggregate(at=Max("occurred_at"))["at"]
    months = _months(by, at)
    chart = control_chart(
        [n for _month, n, _deaths in months],
        base=int(registry.value("chart.base_months", at, scope=by.scope).value),
        longest_run=int(registry.value("chart.longest_run", at, scope=by.scope).value),
    )
    return Statistics(
        _compared("", each, today.year), _lines(each, 0, today.year),
        _by_class(_lines(each, 1, today.year)), _named(_lines(each, 2, today.year)), months,
        _near_misses(by, [month for month, _n, _deaths in months]), chart,
        None if last is None else (today - local_date(last)).days, today,
    )  # fmt: skip


def _period(today: date, back: int) -> Q:
    """From 1 January to the end of the same day, `back` years ago."""
    year = today.year - back
    last = date(year, today.month, min(today.day, 28) if today.month == 2 else today.day)
    end = day_start(date.fromordinal(last.toordinal() + 1))
    return Q(occurred_at__gte=day_start(date(year, 1, 1)), occurred_at__lt=end)


# Sector, class, place below, year, accidents, deaths.
_Group = tuple[str, str, str, int, int, int | None]


def _lines(groups: Sequence[_Group], column: int, year: int) -> tuple[Compared, ...]:
    """By what stands in a column, in its order."""
    lines: dict[str, list[_Group]] = defaultdict(list)
    for group in groups:
        lines[str(group[column])].append(group)
    return tuple(_compared(name, lines[name], year) for name in sorted(lines))


def _depth_below(scope: str) -> int:
    """How long the paths are a level below; at the lowest level those of itself."""
    return next((depth for depth in DEPTHS if depth > len(scope)), DEPTHS[-1])


def _named(lines: tuple[Compared, ...]) -> tuple[Compared, ...]:
    """Lines of paths under the names of their places."""
    here = Place.objects.filter(path__in=[line.name for line in lines], valid_to=None)
    names = dict(here.values_list("path", "name"))
    return tuple(replace(line, name=names.get(line.name, line.name)) for line in lines)


def _by_class(lines: tuple[Compared, ...]) -> tuple[Compared, ...]:
    order = [str(grade) for grade in AccidentClass]
    return tuple(sorted(lines, key=lambda line: -order.index(line.name)))


def _compared(name: str, groups: Sequence[_Group], year: int) -> Compared:
    n, d = Counter[int](), Counter[int]()
    for *_what, when, accidents, deaths in groups:
        n[when] += accidents
        d[when] += deaths or 0
    return Compared(name, (n[year - 1], n[year]), (d[year - 1], d[year]))


def _months(by: Actor, at: datetime) -> tuple[tuple[date, int, int], ...]:
    """Accidents and deaths of the last 24 whole months, the empty ones too."""
    first = local(at).date().replace(day=1)
    starts = [_back(first, n) for n in range(24, 0, -1)]
    rows = Accident.objects.filter(
        sight(by), occurred_at__gte=day_start(starts[0]), occurred_at__lt=day_start(first)
    )
    counted = {
        local_date(month): (n, deaths or 0)
        for month, n, deaths in rows.annotate(month=TruncMonth("occurred_at", tzinfo=TZ))
        .values_list("month")
        .annotate(n=Counted("pk"), d=Sum("deaths"))
    }
    return tuple((start, *counted.get(start, (0, 0))) for start in starts)


def _near_misses(by: Actor, starts: Sequence[date]) -> tuple[int, ...]:
    """Near misses told in each month."""
    rows = NearMiss.objects.filter(
        sight(by, owned=False, sectors=False), told_at__gte=day_start(starts[0])
    )
    counted = {
        local_date(month): n
        for month, n in rows.annotate(month=TruncMonth("told_at", tzinfo=TZ))
        .values_list("month")
        .annotate(n=Counted("pk"))
    }
    return tuple(counted.get(start, 0) for start in starts)


def _back(first: date, months: int) -> date:
    serial = first.year * 12 + first.month - 1 - months
    return date(serial // 12, serial % 12 + 1, 1)


def fetch_duty(*, duty_id: int, by: Actor) -> ReportDuty:
    """A duty to report of the post's organisation. Raises NotFound("accident_report.not_found")."""
    rows = ReportDuty.objects.select_related("accident")
    duty = rows.filter(pk=duty_id, org_id=by.org_id).first()
    if duty is None:
        raise NotFound("accident_report.not_found", id=duty_id)
    return duty
