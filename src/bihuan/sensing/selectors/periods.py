"""Key periods of a place: the calendar of a year, one with its tasks, and the year before."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet

from bihuan.core.clock import day_end, day_start, local_date
from bihuan.core.errors import NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.places.rules import upper_paths
from bihuan.core.places.types import within
from bihuan.sensing.models import KeyPeriod, PeriodMeasure, PeriodTask, Signal
from bihuan.sensing.rules.periods import Bar, Days, bar

MOST = 100
PAGE = 50


def periods_seen(by: Actor) -> Q:
    """Plans of the place and below; those of the levels above hold here too, once they are set."""
    if not by.has("period.read"):
        return Q(pk__in=())
    above = Q(scope__in=upper_paths(by.scope), set_at__isnull=False)
    return within("scope", by.scope) | above


def fetch_period(*, period_id: int, by: Actor, lock: bool = False) -> KeyPeriod:
    """The one door to a key period. Raises NotFound("period.not_found")."""
    rows = KeyPeriod.objects.select_related("place", "post", "review")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(periods_seen(by), pk=period_id).first()
    if row is None:
        raise NotFound("period.not_found", id=period_id)
    return row


def measure_of(*, period: KeyPeriod, said: str) -> PeriodMeasure | None:
    """The measure of a plan that an address names. One query."""
    if not said.isdecimal() or len(said) > 18:
        return None
    return period.measures.filter(pk=int(said)).first()


def days_of(row: KeyPeriod) -> Days:
    """The four days of a plan."""
    return Days(row.starts, row.first, row.last, row.ends)


def phase_of(row: KeyPeriod, today: date) -> str:
    """Where a plan stands on a day; one that was ended early is off."""
    if row.lapsed_at is not None:
        return "off"
    return days_of(row).phase(today) if row.set_at is not None else "draft"


@dataclass(frozen=True, slots=True)
class Tasks:
    """Tasks of a plan or a measure, by what came of them."""

    total: int = 0
    in_time: int = 0
    late: int = 0
    open: int = 0
    overdue: int = 0  # of the open ones
    lapsed: int = 0  # off with the period, not done
    proven: int = 0  # of the lapsed ones: proven, and not accepted in time

    @property
    def done(self) -> int:
        """Accepted ones."""
        return self.in_time + self.late


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A plan in the calendar of a year."""

    period: KeyPeriod
    phase: str
    tasks: Tasks
    off_on: date
    whole: Bar | None  # from the lead until measures lapse
    feast: Bar | None  # the days themselves


def period_rows(*, by: Actor, at: datetime, year: int) -> tuple[PeriodRow, ...]:
    """Plans that touch a year, in the order of their days. Two queries."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = list(
        KeyPeriod.objects.filter(periods_seen(by), ends__gte=first, starts__lte=last)
        .select_related("place")
        .order_by("first", "scope")[:MOST]
    )
    told = _counted(by, at, "measure__period", [row.pk for row in rows])
    today = local_date(at)
    return tuple(
        PeriodRow(row, phase_of(row, today), told.get(row.pk, Tasks()), days_of(row).off_on,
                  bar(year, row.starts, row.ends), bar(year, row.first, row.last))
        for row in rows
    )  # fmt: skip


def _counted(by: Actor, at: datetime, key: str, ids: Sequence[int]) -> dict[int, Tasks]:
    """Tasks in the reader's place, by plan or by measure. One query."""
    closed, off = Q(task__state="closed"), Q(task__state="withdrawn")
    running = Q(task__closed_at=None)
    in_time = closed & Q(task__closed_at__lte=F("task__due_at"))
    rows = PeriodTask.objects.filter(within("task__scope", by.scope), **{f"{key}__in": ids})
    told = rows.values_list(key).annotate(
        total=Count("pk"), in_time=Count("pk", filter=in_time),
        late=Count("pk", filter=closed & Q(task__closed_at__gt=F("task__due_at"))),
        open=Count("pk", filter=running),
        overdue=Count("pk", filter=running & Q(task__due_at__lte=at)),
        lapsed=Count("pk", filter=off),
        proven=Count("pk", filter=off & Q(task__submitted_by_id__isnull=False)),
    )  # fmt: skip
    return {pk: Tasks(*counts) for pk, *counts in told}


@dataclass(frozen=True, slots=True)
class Side:
    """One year of a comparison."""

    period: KeyPeriod
    tasks: Tasks
    signals: int  # raised from the lead until the end


@dataclass(frozen=True, slots=True)
class PeriodDetail:
    """A plan with its measures, and the same key period of the year before."""

    row: PeriodRow
    measures: tuple[tuple[PeriodMeasure, Tasks], ...]
    now: Side
    before: Side | None
    mine: bool  # whether the reader may change it
    reviewed: bool = field(default=False)


def period_detail(*, period_id: int, by: Actor, at: datetime) -> PeriodDetail:
    """One plan. Six queries, seven where there was one the year before. Raises NotFound."""
    period = fetch_period(period_id=period_id, by=by)
    measures = list(period.measures.order_by("offset", "pk"))
    each = _counted(by, at, "measure", [row.pk for row in measures])
    earlier = KeyPeriod.objects.filter(
        periods_seen(by), place=period.place_id, kind=period.kind,
        first__year=period.first.year - 1, set_at__isnull=False,
    )  # fmt: skip
    before = earlier.order_by("first").first()
    both = [period.pk, *([before.pk] if before else [])]
    told = _counted(by, at, "measure__period", both)
    tasks = told.get(period.pk, Tasks())
    year, days = period.first.year, days_of(period)
    return PeriodDetail(
        PeriodRow(period, phase_of(period, local_date(at)), tasks, days.off_on,
                  bar(year, period.starts, period.ends), bar(year, period.first, period.last)),
        tuple((row, each.get(row.pk, Tasks())) for row in measures),
        Side(period, tasks, _signals(by, period, at)),
        Side(before, told.get(before.pk, Tasks()), _signals(by, before, at)) if before else None,
        by.has("period.plan") and by.scope == period.scope,
        period.review is not None and period.review.closed_at is not None,
    )  # fmt: skip


def _signals(by: Actor, period: KeyPeriod, at: datetime) -> int:
    """Signals raised in the reader's part of the place while measures held. One query."""
    scope = max(by.scope, period.scope, key=len)
    rows = Signal.objects.filter(within("scope", scope), raised_at__lte=at)
    span = (day_start(period.starts), day_end(period.ends))
    return rows.filter(raised_at__gte=span[0], raised_at__lt=span[1]).count()


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task of a plan; `visible` says whether the reader may open it."""

    measure: PeriodMeasure
    task: Obligation
    visible: bool


def task_page(
    *, period: KeyPeriod, by: Actor, measure: str = "", after: str = ""
) -> tuple[tuple[TaskRow, ...], str]:
    """Tasks of a plan in the reader's place, and the key that goes on. Two queries."""
    rows = PeriodTask.objects.filter(within("task__scope", by.scope), measure__period=period)
    if measure.isdecimal() and len(measure) < 19:
        rows = rows.filter(measure=int(measure))
    held = _after(rows, after)
    ids = [row.task_id for row in held]
    seen = set(Obligation.objects.filter(sight(by), pk__in=ids).values_list("pk", flat=True))
    told = tuple(TaskRow(row.measure, row.task, row.task_id in seen) for row in held[:PAGE])
    return told, str(held[PAGE - 1].pk) if len(held) > PAGE else ""


def _after(rows: QuerySet[PeriodTask], after: str) -> list[PeriodTask]:
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__gt=int(after))
    full = rows.select_related("measure", "task__place", "task__owner_post__org")
    return list(full.order_by("pk")[: PAGE + 1])
