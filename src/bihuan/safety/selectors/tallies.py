"""How many establishments a place has, from counters that every write keeps. Nothing is counted."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection

from bihuan.core.errors import NotFound
from bihuan.core.orgs.rules import SEES_OWN, SEES_PLACE, SEES_SECTORS
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place
from bihuan.core.places.types import under
from bihuan.safety.models import Establishment
from bihuan.safety.rules.risk import COLOURS

OPEN = (*COLOURS, "ungraded")  # the buckets that make up all establishments that are not closed

# What was not folded yet is added; the nation's path is empty and holds every digit.
_COUNTED = """
WITH part AS (
    SELECT path FROM places_place
    WHERE id = %(place)s OR parent_id = %(place)s AND valid_to IS NULL
), counted AS (
    SELECT t.path, t.kind, t.sector, t.bucket, t.n
    FROM part JOIN safety_placetally t ON t.path = part.path
    UNION ALL
    SELECT part.path, c.kind, c.sector, c.bucket, c.delta
    FROM part JOIN safety_placetallychange c ON c.scope >= part.path
         AND c.scope < CASE part.path WHEN '' THEN ':' ELSE left(part.path, -1) || '/' END
)
SELECT path, kind, sector, bucket, sum(n) FROM counted
WHERE bucket <> 'hazard' AND (%(sectors)s::text[] IS NULL OR sector = ANY(%(sectors)s))
GROUP BY 1, 2, 3, 4
"""
_HAZARDS = """
SELECT sector, sum(n) FROM (
    SELECT sector, n FROM safety_placetally WHERE path = %(path)s AND bucket = 'hazard'
    UNION ALL
    SELECT sector, delta FROM safety_placetallychange WHERE bucket = 'hazard'
        AND scope >= %(path)s
        AND scope < CASE %(path)s WHEN '' THEN ':' ELSE left(%(path)s, -1) || '/' END
) AS counted GROUP BY 1
"""

Key = tuple[str, str, str]  # kind, sector, bucket


@dataclass(frozen=True, slots=True)
class Part:
    """One place below another, and what it has. Without a place: what lies in none of them."""

    place: Place | None
    path: str
    n: Counter[Key] = field(default_factory=Counter)

    @property
    def name(self) -> str:
        """The place's; nothing for the rest."""
        return self.place.name if self.place is not None else ""

    def count(self, buckets: Iterable[str], *, sector: str | None = None, kind: str = "") -> int:
        """How many are in any of the buckets."""
        wanted = set(buckets)
        return sum(
            n for (k, s, bucket), n in self.n.items()
            if bucket in wanted and (sector is None or s == sector) and (not kind or k == kind)
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counts:
    """A place as a whole and by the places straight below it."""

    place: Place
    whole: Part
    parts: tuple[Part, ...]


def place_counts(*, by: Actor, path: str = "") -> Counts:
    """The counters of a place in the reader's area; the area itself without one. Three queries.

    A department is told of its sectors, a unit of its own places (counted: they are few).
    Raises NotFound("place.not_found").
    """
    where = path if path and under(path, by.scope) else by.scope
    place = Place.objects.select_related("parent").filter(path=where, valid_to=None).first()
    if place is None:
        raise NotFound("place.not_found", path=where)
    below = Place.objects.filter(parent=place, valid_to=None).order_by("code")
    parts = {one.path: Part(one, one.path) for one in below}
    whole = Part(place, place.path)
    found = _own(by, place, parts) if by.role in SEES_OWN else _kept(by, place)
    for where, key, n in found:
        (whole if where == place.path else parts[where]).n[key] += n
    rest = whole.n.copy()
    for part in parts.values():
        rest.subtract(part.n)
    left = +rest
    return Counts(
        place, whole, (*parts.values(), *([Part(None, place.path, left)] if left else []))
    )


def hazard_counts(*, path: str) -> dict[str, int]:
    """Open hazards of each sector at and below a place. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_HAZARDS, {"path": path})
        return {sector: int(n) for sector, n in cursor.fetchall()}


def _kept(by: Actor, place: Place) -> list[tuple[str, Key, int]]:
    if by.role not in SEES_PLACE | SEES_SECTORS:
        return []
    sectors = None if by.role in SEES_PLACE else list(by.sectors)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, {"place": place.pk, "sectors": sectors})
        return [
            (path, (kind, sector, bucket), int(n))
            for path, kind, sector, bucket, n in cursor.fetchall()
        ]


def _own(by: Actor, place: Place, parts: Iterable[str]) -> list[tuple[str, Key, int]]:
    rows = Establishment.objects.filter(sight(by), scope__startswith=place.path)
    found: list[tuple[str, Key, int]] = []
    for row in rows.only("scope", "kind", "sector", "colour", "closed_at", "surveyed_at"):
        buckets = ["venue"]
        if row.closed_at is not None:
            buckets.append("closed")
        else:
            buckets.append(row.colour or "ungraded")
            buckets += ["surveyed"] if row.surveyed_at is not None else []
        for path in (place.path, *(one for one in parts if under(row.scope, one))):
            found += [(path, (row.kind_id, row.sector, bucket), 1) for bucket in buckets]
    return found
