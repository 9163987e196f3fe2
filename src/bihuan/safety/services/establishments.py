"""Register and change establishments; their own fields are checked by the schema of their kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from bihuan.core.audit.services import record
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.orgs.models import Venue
from bihuan.core.orgs.services import VenueInput, open_venue
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import under
from bihuan.safety.models import Establishment, Kind
from bihuan.safety.rules.fields import faults
from bihuan.safety.selectors.establishments import fetch_establishment, fetch_kind
from bihuan.safety.services.statements import head_changed


@dataclass(frozen=True, slots=True)
class EstablishmentInput:
    """An establishment as it is written down."""

    name: str
    kind: str
    place_id: int
    sector: str = ""  # empty: the kind's own
    code: str = ""
    address: str = ""
    registered_in: str = ""
    head: str = ""
    unit_id: int | None = None
    lon: float | None = None
    lat: float | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


def may_register(by: Actor) -> None:
    """Raises NotAllowed for a post that keeps no registers."""
    if not by.has("task.assign"):
        raise NotAllowed("not_allowed", duty="task.assign")


def checked_fields(kind: Kind, values: Mapping[str, Any]) -> dict[str, Any]:
    """The own fields that are filled in. Raises Invalid("field.…") naming the first at fault."""
    said = {key: value for key, value in values.items() if value not in {None, ""}}
    for fault in faults(kind.schema, said):
        raise Invalid(fault.code, field=f"own_{fault.key}", name=fault.key, **fault.facts)
    return said


@transaction.atomic
def register_establishment(*, given: EstablishmentInput, by: Actor, at: datetime) -> Establishment:
    """Register an establishment; its territory and department follow from place and sector.

    Raises NotAllowed, NotFound, Invalid("venue.…" | "field.…"), Conflict("establishment.code").
    """
    may_register(by)
    kind = fetch_kind(given.kind)
    own = checked_fields(kind, given.fields)
    sector = given.sector or kind.sector_id or ""
    venue = open_venue(
        given=VenueInput(given.name, kind.code, sector, given.unit_id, given.lon, given.lat),
        place_id=given.place_id, by=by, at=at,
    )  # fmt: skip
    return _keep(given, kind, venue, own, by=by, at=at)


@transaction.atomic
def adopt_venue(
    *, venue_id: int, given: EstablishmentInput, by: Actor, at: datetime
) -> Establishment:
    """Give a key place that a register brought its entry. Locks the venue.

    Raises NotAllowed, NotFound("venue.not_found"), Conflict("establishment.exists"), Invalid.
    """
    may_register(by)
    venue = Venue.objects.select_for_update().filter(pk=venue_id).first()
    if venue is None or not under(venue.scope, by.scope):
        raise NotFound("venue.not_found", id=venue_id)
    if Establishment.objects.filter(venue=venue).exists():
        raise Conflict("establishment.exists", name=venue.name)
    kind = fetch_kind(venue.kind)
    return _keep(given, kind, venue, checked_fields(kind, given.fields), by=by, at=at)


def _keep(
    given: EstablishmentInput, kind: Kind, venue: Venue, own: dict[str, Any], *, by: Actor,
    at: datetime,
) -> Establishment:  # fmt: skip
    row = built(given, kind, venue, own, by=by, at=at)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as fault:
        raise Conflict("establishment.code", field="code", licence=given.code) from fault
    record(action="establishment.register", subject=row.subject, by=by, at=at, scope=row.scope,
           facts={"name": venue.name, "kind": kind.pk})  # fmt: skip
    return row


def built(
    given: EstablishmentInput, kind: Kind, venue: Venue, own: dict[str, Any], *, by: Actor,
    at: datetime,
) -> Establishment:  # fmt: skip
    """The row of an establishment, not yet written."""
    return Establishment(
        venue=venue, kind=kind, sector=venue.sector_id or "", scope=venue.scope,
        owner_org_id=venue.unit_id, issuer_org_id=by.org_id, code=given.code.strip()[:40],
        address=given.address.strip()[:200], registered_in=given.registered_in.strip()[:80],
        head=given.head.strip()[:50], fields=own, kind_version=kind.version, created_at=at,
    )  # fmt: skip


@transaction.atomic
def change_establishment(
    *, establishment_id: int, given: EstablishmentInput, by: Actor, at: datetime
) -> Establishment:
    """Change what is written of an establishment; place, kind and unit stay. Locks it.

    The enterprise itself may change its own. A new legal representative voids the statement of
    the enterprise (M125). Raises NotFound, NotAllowed, Invalid, Conflict("establishment.code").
    """
    row = fetch_establishment(establishment_id=establishment_id, by=by, lock=True)
    if row.owner_org_id != by.org_id:
        may_register(by)
    if not given.name.strip():
        raise Invalid("venue.incomplete", field="name")
    own = checked_fields(row.kind, given.fields)
    former = row.head
    row.code, row.address = given.code.strip()[:40], given.address.strip()[:200]
    row.registered_in, row.head = given.registered_in.strip()[:80], given.head.strip()[:50]
    row.fields, row.kind_version = own, row.kind.version
    venue = row.venue
    venue.name, venue.lon, venue.lat = given.name.strip()[:120], given.lon, given.lat
    try:
        with transaction.atomic():
            venue.save(update_fields=["name", "lon", "lat"])
            row.save()
    except IntegrityError as fault:
        raise Conflict("establishment.code", field="code", licence=given.code) from fault
    if former and row.head != former:
        head_changed(row, by=by, at=at)
    record(action="establishment.change", subject=row.subject, by=by, at=at, scope=row.scope,
           facts={"name": venue.name, "head_changed": bool(former and row.head != former)})  # fmt: skip
    return row


@transaction.atomic
def mark_surveyed(*, establishment_id: int, by: Actor, at: datetime) -> Establishment:
    """Say that the risks of a place were surveyed on the spot. Locks it. Raises NotFound."""
    row = fetch_establishment(establishment_id=establishment_id, by=by, lock=True)
    if row.owner_org_id != by.org_id:
        may_register(by)
    row.surveyed_at = at
    row.save(update_fields=["surveyed_at"])
    record(action="establishment.survey", subject=row.subject, by=by, at=at, scope=row.scope)
    return row
