"""The register: who reports, who is silent, who is sharp."""

from datetime import date, datetime, timedelta
from statistics import median

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from bihuan.core.clock import local_date
from bihuan.core.errors import NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.models import Org
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.packs import registry
from bihuan.core.places.types import TOWNSHIP, within
from bihuan.sensing.models import Report, Sentinel, Signal, Visit
from bihuan.sensing.rules.sentinels import missed_in_a_row
from bihuan.sensing.selectors.series import received
from bihuan.sensing.types import Performance, SentinelRow, Verdict

SILENCE = "silence:"  # of the task of a silent sentinel
SILENCE_SEEN = 14  # days over which silence is counted


def visible(by: Actor) -> Q:
    """Sentinels of the reader's place; a sentinel sees itself alone."""
    if by.role is Role.SENTINEL:
        return Q(org=by.org_id)
    return within("scope", by.scope) if by.has("sensing.read") else Q(pk__in=())


def reportable(by: Actor) -> QuerySet[Sentinel]:
    """Sentinels for which a post may file counts."""
    return Sentinel.objects.filter(visible(by), until=None)


def reporting_bodies(*, by: Actor) -> list[tuple[str, str]]:
    """Organisations of the place with a post that reports counts. One query."""
    rows = Org.objects.filter(within("scope", by.scope), valid_to=None, posts__valid_to=None,
                              posts__role=Role.SENTINEL.value)  # fmt: skip
    return [(str(row.pk), row.name) for row in rows.distinct().order_by("scope", "name")]


def silent_now(at: datetime) -> QuerySet[Sentinel]:
    """Sentinels of a body that reported nothing about the last days, today included."""
    first = local_date(at) - timedelta(days=int(registry.value("silence.days", at).value))
    came = Report.objects.filter(sentinel=OuterRef("pk"), day__gte=first, reported_at__lte=at)
    rows = Sentinel.objects.filter(~Exists(came), until=None, since__lte=first)
    return rows.exclude(org=None).order_by("pk")


def silence_task(sentinel: Sentinel) -> Obligation | None:
    """The open task of a silent sentinel. One query."""
    return Obligation.objects.filter(origin=f"{SILENCE}{sentinel.pk}", closed_at=None).first()


def fetch_sentinel(*, sentinel_id: int, by: Actor) -> Sentinel:
    """The one door to a sentinel. Raises NotFound("sentinel.not_found")."""
    rows = Sentinel.objects.select_related("place", "org").filter(visible(by), pk=sentinel_id)
    row = rows.first()
    if row is None:
        raise NotFound("sentinel.not_found", id=sentinel_id)
    return row


def sentinel_rows(
    *, by: Actor, at: datetime, ids: list[int] | None = None
) -> tuple[SentinelRow, ...]:
    """Sentinels with their last report; the silent first. Three queries.

    A sentinel is silent after `silence.days` due days without any report; zero is a report.
    """
    rows = Sentinel.objects.filter(visible(by), until=None).select_related("place", "org")
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    sentinels = list(rows.order_by("scope", "name"))
    today = local_date(at)
    days = [today - timedelta(days=back) for back in range(SILENCE_SEEN, 0, -1)]
    keys = [s.pk for s in sentinels]
    came = received(keys, days=[*days, today], at=at)
    last = {
        pk: (day, moment)
        for pk, day, moment in Report.objects.filter(sentinel__in=keys, reported_at__lte=at)
        .values_list("sentinel_id")
        .annotate(day=Max("day"), moment=Max("reported_at"))
    }
    limit = int(registry.value("silence.days", at, scope=by.scope).value)
    due = [[day < s.since or day in came.get(s.pk, ()) for day in days] for s in sentinels]
    missed = [missed_in_a_row(days_due) for days_due in due]
    found = [
        SentinelRow(
            s.pk, s.name, s.kind, s.place.name, s.org.name if s.org else "", tuple(s.streams),
            *last.get(s.pk, (None, None)), n, n >= limit, today in came.get(s.pk, ()),
        )
        for s, n in zip(sentinels, missed, strict=True)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda row: (not row.silent, row.place, row.name)))


def performance(*, sentinel: Sentinel, since: date, at: datetime) -> Performance:
    """How sharp a sentinel was in a period (M050). Two queries."""
    visits = list(
        Visit.objects.filter(sentinel=sentinel, visited_at__date__gte=since, visited_at__lte=at)
        .order_by("visited_at")
    )  # fmt: skip
    delays = [
        (v.flagged_at - v.visited_at).total_seconds() for v in visits if v.flagged_at is not None
    ]
    signals = Signal.objects.filter(
        scope__startswith=sentinel.scope[:TOWNSHIP], stream__in=sentinel.streams, day__gte=since,
        raised_at__lte=at,
    )  # fmt: skip
    verdicts = list(signals.values_list("verdict", flat=True))
    return Performance(
        len(visits), len(delays), tuple(v.case_number for v in visits if v.flagged_at is None),
        timedelta(seconds=median(delays)) if delays else None, len(verdicts), verdicts.count(Verdict.NOT),
    )  # fmt: skip


def latest_counts(*, sentinel: Sentinel, at: datetime, size: int = 60) -> list[Report]:
    """What a sentinel reported, latest day first, corrections above what they correct. One query."""
    rows = Report.objects.filter(sentinel=sentinel, reported_at__lte=at)
    return list(rows.order_by("-day", "stream", F("reported_at").desc())[:size])
