"""Road segments in the order in which they need something, and one of them with its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q, Sum

from bihuan.core.clock import local_date
from bihuan.core.errors import NotFound
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.selectors import desk_of, sight
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.packs.types import Value
from bihuan.safety.models import CrashCount, Establishment, InterimLimit
from bihuan.safety.rules.roads import BARRIER, History, months_before

MOST = 2_000
SEGMENTS = Q(kind__schema__properties__has_key=BARRIER, closed_at=None)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the pack in force says of roads, with its marks."""

    months: Value
    crashes: Value
    speed: Value

    @property
    def least(self) -> int:
        """Crashes that make a segment one of many crashes."""
        return int(self.crashes.value)

    def since(self, at: datetime) -> date:
        """The day after which crashes count."""
        return months_before(local_date(at), int(self.months.value))


def bounds(*, scope: str, at: datetime) -> Bounds:
    """The limits of a place. No query."""
    names = ("months", "crashes", "interim_speed")
    return Bounds(*(registry.value(f"road.{name}", at, scope=scope) for name in names))


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment as the list shows it."""

    row: Establishment
    history: History
    last: date | None
    officer: Post | None
    named: bool  # the officer was named; else it is the desk of the place
    limit: InterimLimit | None
    black: bool

    @property
    def owes(self) -> bool:
        """An interim measure is owed and none stands."""
        return self.black and self.limit is None


def segments(*, by: Actor, at: datetime) -> tuple[Segment, ...]:
    """Segments the post may see, those that need something first. Four queries."""
    rows = Establishment.objects.filter(sight(by), SEGMENTS)
    found = list(
        rows.select_related("venue__place", "road_officer__post__org").order_by("pk")[:MOST]
    )
    return _ranked(found, bounds(scope=by.scope, at=at), at)


def segment(*, establishment_id: int, by: Actor, at: datetime) -> Segment:
    """One segment. Four queries. Raises NotFound("road.not_found")."""
    rows = Establishment.objects.filter(sight(by), SEGMENTS, pk=establishment_id)
    found = list(rows.select_related("venue__place", "road_officer__post__org"))
    if not found:
        raise NotFound("road.not_found", id=establishment_id)
    return _ranked(found, bounds(scope=found[0].scope, at=at), at)[0]


def _ranked(rows: Sequence[Establishment], held: Bounds, at: datetime) -> tuple[Segment, ...]:
    keys = [row.pk for row in rows]
    counts = CrashCount.objects.filter(
        establishment__in=keys, day__gt=held.since(at), day__lte=local_date(at), injury__gt=0
    ).order_by()
    told = counts.values_list("establishment").annotate(n=Sum("injury"), last=Max("day"))
    crashes = {key: (n, last) for key, n, last in told}
    standing = InterimLimit.objects.filter(establishment__in=keys, hazard__closed_at=None)
    limits = {limit.establishment_id: limit for limit in standing.select_related("hazard")}
    desks = desk_of(place_ids={row.venue.place_id for row in rows})
    found = []
    for row in rows:
        n, last = crashes.get(row.pk, (0, None))
        history = History(n, row.fields.get(BARRIER))
        officer = getattr(row, "road_officer", None)
        post = officer.post if officer else desks.get(row.venue.place_id)
        found.append(Segment(row, history, last, post, officer is not None, limits.get(row.pk),
                             history.black(held.least)))  # fmt: skip
    return tuple(sorted(found, key=lambda one: (*one.history.rank(held.least), one.row.pk)))


def crash_days(*, establishment_id: int) -> Sequence[CrashCount]:
    """The history of a segment the caller has seen, the latest first. One query."""
    return list(CrashCount.objects.filter(establishment=establishment_id).order_by("-day")[:100])
