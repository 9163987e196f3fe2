"""Signals: the list, the one with its series, and how precise they are."""

from datetime import datetime, timedelta

from django.db.models import Count, F, Q

from bihuan.core.errors import NotFound
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import within
from bihuan.sensing.models import Signal
from bihuan.sensing.types import AlertRow, Point, Precision, SignalDetail, SignalRow, Verdict

PAGE = 50


def visible(by: Actor) -> Q:
    """Signals of the reader's place, for whoever reads surveillance."""
    return within("scope", by.scope) if by.has("sensing.read") else Q(pk__in=())


def fetch_signal(*, signal_id: int, by: Actor, lock: bool = False) -> Signal:
    """The one door to a signal. Raises NotFound("signal.not_found")."""
    rows = Signal.objects.select_related("place", "obligation__owner_post")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(visible(by), pk=signal_id).first()
    if row is None:
        raise NotFound("signal.not_found", id=signal_id)
    return row


def signal_rows(
    *, by: Actor, at: datetime, open_only: bool = False, after: str = ""
) -> tuple[tuple[SignalRow, ...], str]:
    """Signals known at `at`, open ones by deadline first, else newest. One query."""
    rows = Signal.objects.filter(visible(by), raised_at__lte=at)
    if open_only:
        rows = rows.filter(judged_at=None)
    if after.isdecimal():
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.select_related("place", "obligation__owner_post").order_by("-pk")[: PAGE + 1])
    more = str(found[PAGE - 1].pk) if len(found) > PAGE else ""
    told = [_row(row, at) for row in found[:PAGE]]
    return tuple(sorted(told, key=lambda r: (r.closed_at is not None, r.due_at))), more


def _row(s: Signal, at: datetime) -> SignalRow:
    loop = s.obligation
    late = (loop.closed_at or at) > loop.due_at
    return SignalRow(
        s.pk, s.title, s.title_en, s.place.name, s.day, s.observed, s.expected, s.bound,
        s.raised_at, loop.due_at, loop.closed_at, loop.state, late, s.verdict,
        loop.owner_post.title, loop.pk, s.merged, s.place.code,
    )  # fmt: skip


def signal_detail(*, signal_id: int, by: Actor, at: datetime) -> SignalDetail:
    """One signal with the series as it was judged. Two queries. Raises NotFound."""
    s = fetch_signal(signal_id=signal_id, by=by)
    first = s.day - timedelta(days=len(s.history) - 1)
    points = tuple(
        Point(first + timedelta(days=i), n, i == len(s.history) - 1)
        for i, n in enumerate(s.history)
    )
    mine = by.org_id == s.obligation.owner_org_id and by.has("signal.verify")
    may_judge = mine and s.judged_at is None
    others: tuple[SignalRow, ...] = ()
    if may_judge:
        rows = Signal.objects.filter(visible(by), judged_at=None).exclude(pk=s.pk)
        rows = rows.select_related("place", "obligation__owner_post").order_by("-pk")[:20]
        others = tuple(_row(row, at) for row in rows)
    return SignalDetail(
        _row(s, at), s.stream, s.method, s.parameters, s.rule, s.mark, points, s.reason,
        s.judged_by, may_judge, others,
    )  # fmt: skip


def precision(*, by: Actor, since: datetime, at: datetime) -> Precision:
    """What the signals of a period were worth. One query."""
    rows = Signal.objects.filter(visible(by), raised_at__gte=since, raised_at__lte=at)
    judged = ~Q(verdict="")
    told = rows.aggregate(
        raised=Count("pk"), judged=Count("pk", filter=judged),
        events=Count("pk", filter=Q(verdict=Verdict.EVENT)),
        within=Count("pk", filter=judged & Q(judged_at__lte=F("obligation__due_at"))),
    )  # fmt: skip
    return Precision(**told)


def alert_rows(*, by: Actor, since: datetime, at: datetime) -> tuple[AlertRow, ...]:
    """What the signals of each alert were worth, the most frequent first. One query."""
    rows = Signal.objects.filter(visible(by), raised_at__gte=since, raised_at__lte=at)
    told = rows.values_list("title", "title_en").annotate(
        raised=Count("pk"), judged=Count("pk", filter=~Q(verdict="")),
        events=Count("pk", filter=Q(verdict=Verdict.EVENT)),
    )  # fmt: skip
    return tuple(AlertRow(*row) for row in told.order_by("-raised", "title")[:20])
