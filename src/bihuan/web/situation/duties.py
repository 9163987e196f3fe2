"""Duties of a place and who stands in their four slots: the rows behind 有责 and 担责."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from bihuan.core.errors import NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.models import Party, Venue
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import prefix_range, under

MOST = 200
LOOP = "obligation:"

# Each duty with the parties that are named, and those that are named but have not signed.
_DUTIES = """
WITH duty AS (
    SELECT 'venue:' || v.id AS subject, v.scope FROM orgs_venue v
    WHERE v.scope >= %(low)s AND v.scope < %(high)s
    UNION
    SELECT s.subject, s.scope FROM orgs_slot s
    WHERE s.scope >= %(low)s AND s.scope < %(high)s AND (s.valid_to IS NULL OR s.valid_to > %(at)s)
), told AS (
    SELECT duty.subject, duty.scope,
        coalesce(array_agg(s.party) FILTER (WHERE s.id IS NOT NULL), '{}') AS named,
        coalesce(array_agg(s.party) FILTER (WHERE s.id IS NOT NULL AND s.signed_at IS NULL), '{}')
            AS unsigned
    FROM duty LEFT JOIN orgs_slot s ON s.subject = duty.subject
        AND (s.valid_to IS NULL OR s.valid_to > %(at)s)
        AND (s.post_id IS NOT NULL OR s.org_id IS NOT NULL OR s.text <> '')
    GROUP BY 1, 2
)
SELECT subject, scope, named, unsigned, count(*) OVER () FROM told
WHERE CASE %(show)s WHEN 'empty' THEN cardinality(named) < 4
                    WHEN 'unsigned' THEN cardinality(unsigned) > 0 ELSE true END
ORDER BY scope, subject LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Duty:
    """A venue or a loop with the parties it lacks and those that have not signed."""

    subject: str
    id: int
    is_loop: bool
    name: str
    place: str
    missing: tuple[str, ...]
    unsigned: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duties:
    """The first duties of a list, and how many there are."""

    rows: tuple[Duty, ...]
    total: int


def duties(*, path: str, at: datetime, show: str = "", most: int = MOST) -> Duties:
    """Duties of a place and all below it; `show` is "empty", "unsigned" or all. Three queries."""
    low, high = prefix_range(path)
    asked: dict[str, Any] = {"low": low, "high": high, "at": at, "show": show, "most": most}
    with connection.cursor() as cursor:
        cursor.execute(_DUTIES, asked)
        found = cursor.fetchall()
    names = _names([subject for subject, *_rest in found])
    rows = []
    for subject, _scope, named, unsigned, _total in found:
        kind, _colon, serial = subject.partition(":")
        name, place = names.get(subject, (subject, ""))
        missing = tuple(party for party in Party.values if party not in named)
        rows.append(
            Duty(subject, int(serial) if serial.isdigit() else 0, kind == "obligation", name, place,
                 missing, tuple(party for party in Party.values if party in unsigned))
        )  # fmt: skip
    return Duties(tuple(rows), found[0][-1] if found else 0)


def _names(subjects: Sequence[str]) -> dict[str, tuple[str, str]]:
    """What each duty is called, and where it is. Two queries."""
    ids: dict[str, list[int]] = {"venue": [], "obligation": []}
    for subject in subjects:
        kind, _colon, serial = subject.partition(":")
        if kind in ids and serial.isdigit():
            ids[kind].append(int(serial))
    venues = Venue.objects.filter(pk__in=ids["venue"]).values_list("pk", "name", "place__name")
    loops = Obligation.objects.filter(pk__in=ids["obligation"])
    found = {f"venue:{pk}": (name, place) for pk, name, place in venues}
    titled = loops.values_list("pk", "brief__title", "place__name")
    return found | {f"obligation:{pk}": (name, place) for pk, name, place in titled}


def venue_in_sight(*, venue_id: int, by: Actor) -> Venue:
    """The door to a venue. Raises NotFound("venue.not_found")."""
    venue = Venue.objects.filter(pk=venue_id).select_related("place").first()
    if venue is None or not under(venue.scope, by.scope):
        raise NotFound("venue.not_found", id=venue_id)
    return venue
