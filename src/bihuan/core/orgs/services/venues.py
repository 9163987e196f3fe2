"""Register venues, one or many at a time; two of their four parties fill themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.errors import Invalid, NotAllowed, NotFound
from bihuan.core.orgs.models import Org, Party, SectorOwner, Slot, Venue
from bihuan.core.orgs.selectors import desk_of
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place
from bihuan.core.places.rules import upper_paths
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
    """Register many venues at places of the actor's own; five queries, whatever their number.

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
    desks = desk_of(place_ids={venue.place_id for venue in venues})
    departments = _departments(venues)
    slots = []
    for venue in venues:
        told = {"subject": f"venue:{venue.pk}", "scope": venue.scope}
        desk = desks.get(venue.place_id)
        department = departments.get((venue.sector_id or "", venue.scope))
        if desk is not None:
            slots.append(Slot(**told, party=Party.TERRITORY, post=desk))
        if department is not None:
            slots.append(Slot(**told, party=Party.DEPARTMENT, org=department))
        if venue.unit_id is not None:
            slots.append(Slot(**told, party=Party.UNIT, org_id=venue.unit_id))
    Slot.objects.bulk_create(slots)
    return venues


def _departments(venues: Iterable[Venue]) -> dict[tuple[str, str], Org]:
    """For each sector and place, the department of the nearest place upward that runs it."""
    wanted = {(venue.sector_id, venue.scope) for venue in venues if venue.sector_id}
    paths = {path for _sector, scope in wanted for path in (*upper_paths(scope), scope)}
    owners = SectorOwner.objects.filter(
        sector__in={sector for sector, _scope in wanted}, place__path__in=paths
    ).select_related("org", "place")
    found: dict[tuple[str, str], Org] = {}
    for owner in sorted(owners, key=lambda one: len(one.place.path)):  # the nearest is written last
        for sector, scope in wanted:
            if sector == owner.sector_id and scope.startswith(owner.place.path):
                found[sector, scope] = owner.org
    return found
