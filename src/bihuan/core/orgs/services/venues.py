"""Register venues, one or many at a time; two of their four parties fill themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from bihuan.core.audit.services import record
from bihuan.core.errors import Invalid, NotAllowed, NotFound
from bihuan.core.orgs.models import Venue
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place
from bihuan.core.places.types import under


@dataclass(frozen=True, slots=True)
class VenueInput:
    """A key place or unit to be registered."""

    name: str
    kind: str
    sector: str = ""
    unit_id: int | None = None
    lon: float | None = None
    lat: float | None = None


@transaction.atomic
def open_venue(*, given: VenueInput, place_id: int, by: Actor, at: datetime) -> Venue:
    """Register a venue; territory and department fill themselves by location and sector (M012).

    Raises NotFound, NotAllowed, Invalid.
    """
    if not by.has("slot.sign"):
        raise NotAllowed("not_allowed", duty="slot.sign")
    place = Place.objects.filter(pk=place_id, valid_to=None).first()
    if place is None or not under(place.path, by.scope):
        raise NotFound("place.not_found", id=place_id)
    (venue,) = open_venues(given=[(given, place)], by=by)
    record(action="venue.open", subject=f"venue:{venue.pk}", by=by, at=at, scope=place.path,
           facts={"name": venue.name, "sector": given.sector})  # fmt: skip
    return venue


@transaction.atomic
def open_venues(*, given: Sequence[tuple[VenueInput, Place]], by: Actor) -> list[Venue]:
    """Register many venues at places of the actor's own; two queries, whatever their number.

    The caller writes the audit entry. Raises NotAllowed, Invalid("venue.incomplete").
    """
    if not by.has("slot.sign"):
        raise NotAllowed("not_allowed", duty="slot.sign")
    for one, _place in given:
        if not one.name.strip() or not one.kind.strip():
            raise Invalid("venue.incomplete", field="kind" if one.name.strip() else "name")
    venues = Venue.objects.bulk_create(
        Venue(name=one.name.strip(), kind=one.kind.strip(), sector_id=one.sector or None,
              place=place, scope=place.path, unit_id=one.unit_id, lon=one.lon, lat=one.lat)
        for one, place in given
    )  # fmt: skip
    _fill_slots([venue.pk for venue in venues])
    return venues


def open_venues_of(table: str, *, by: Actor) -> None:
    """Register a venue for each row of a table, checked by the caller: whose ids are drawn already.

    Columns: id, name, kind, sector, place_id, scope, unit_id, lon, lat. The caller holds the
    transaction and writes the audit entry. Raises NotAllowed.
    """
    if not by.has("slot.sign"):
        raise NotAllowed("not_allowed", duty="slot.sign")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orgs_venue (id, name, kind, sector_id, place_id, scope, unit_id, lon,"  # noqa: S608
            " lat, covered) SELECT id, name, kind, nullif(sector, ''), place_id, scope, unit_id,"
            f" lon, lat, false FROM {table}"
        )
        cursor.execute(
            _SLOTS.format(
                venues="SELECT id, scope, place_id, nullif(sector, ''), unit_id"  # noqa: S608
                f" FROM {table}"
            )
        )


# Territory by the desk of the place, the department of the nearest place upward that runs the
# sector, and the unit.
_SLOTS = """
WITH venue (id, scope, place_id, sector_id, unit_id) AS ({venues}),
     run AS (
        SELECT DISTINCT ON (wanted.sector_id, wanted.scope) wanted.sector_id, wanted.scope, o.org_id
        FROM (SELECT DISTINCT sector_id, scope FROM venue) wanted
        JOIN orgs_sectorowner o ON o.sector_id = wanted.sector_id
        JOIN places_place p ON p.id = o.place_id AND starts_with(wanted.scope, p.path)
        ORDER BY wanted.sector_id, wanted.scope, length(p.path) DESC
     ), filled AS (
        SELECT v.id, v.scope, 'territory' AS party, d.id AS post_id, NULL::bigint AS org_id
        FROM venue v JOIN orgs_post d ON d.place_id = v.place_id AND d.desk AND d.valid_to IS NULL
        UNION ALL
        SELECT v.id, v.scope, 'department', NULL, run.org_id
        FROM venue v JOIN run ON run.sector_id = v.sector_id AND run.scope = v.scope
        UNION ALL
        SELECT v.id, v.scope, 'unit', NULL, v.unit_id FROM venue v WHERE v.unit_id IS NOT NULL
     )
INSERT INTO orgs_slot (subject, scope, party, post_id, org_id, text, signed_by)
SELECT 'venue:' || id, scope, party, post_id, org_id, '', '' FROM filled
"""
_KEPT = "SELECT id, scope, place_id, sector_id, unit_id FROM orgs_venue WHERE id = ANY(%s)"


def _fill_slots(venue_ids: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SLOTS.format(venues=_KEPT), [list(venue_ids)])
