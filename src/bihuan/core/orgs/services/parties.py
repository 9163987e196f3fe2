"""Four-party responsibility: sectors and their departments, venues, slots, personal acts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from bihuan.core.audit.services import record
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.orgs.models import (
    DutyLine,
    Org,
    Party,
    PersonalAct,
    Post,
    SectorOwner,
    Slot,
    Venue,
)
from bihuan.core.orgs.rules import is_nominal
from bihuan.core.orgs.selectors import empty_slots
from bihuan.core.orgs.services.people import managed_place
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.packs import registry
from bihuan.core.places.types import under


@transaction.atomic
def give_sector(*, sector: str, place_id: int, org_id: int, by: Actor, at: datetime) -> SectorOwner:
    """Make a department run a sector in a place, for both domains (M013). Locks the mapping.

    It sees the rows of the sector from then on; one that ran it before sees them no longer.
    Raises NotFound.
    """
    place = managed_place(place_id=place_id, by=by)
    org = Org.objects.filter(pk=org_id, place=place, valid_to=None).first()
    if org is None:
        raise NotFound("org.not_found", id=org_id)
    rows = SectorOwner.objects.select_for_update(of=("self",)).select_related("org")
    before = rows.filter(sector=sector, place=place).first()
    row, _ = SectorOwner.objects.update_or_create(
        sector_id=sector, place=place, defaults={"org": org}
    )
    if before is not None and before.org_id != org.pk:
        _hide_sector(before.org, sector)
    if sector not in org.sectors:
        org.sectors = [*org.sectors, sector]
        org.save(update_fields=["sectors"])
    record(action="sector.give", subject=f"sector:{sector}", by=by, at=at, scope=place.path,
           facts={"org": org.name})  # fmt: skip
    return row


@transaction.atomic
def take_sector(*, sector: str, place_id: int, by: Actor, at: datetime) -> None:
    """Remove a mapping; refused while units of the sector exist in the place (M013).

    The department sees the sector no longer. Raises NotFound, Conflict("sector.in_use").
    """
    place = managed_place(place_id=place_id, by=by)
    rows = SectorOwner.objects.select_for_update(of=("self",)).select_related("org")
    row = rows.filter(sector=sector, place=place).first()
    if row is None:
        raise NotFound("sector.no_department", sector=sector, place=place_id)
    units = Venue.objects.filter(sector=sector, scope__startswith=place.path).count()
    if units:
        raise Conflict("sector.in_use", sector=sector, units=units)
    row.delete()
    _hide_sector(row.org, sector)
    record(action="sector.take", subject=f"sector:{sector}", by=by, at=at, scope=place.path)


@transaction.atomic
def share_out(*, org_id: int, sectors: Collection[str], by: Actor, at: datetime) -> Org:
    """Make an organisation run these sectors of its place and no others; all of it or nothing.

    Raises NotFound, Conflict("sector.in_use") for one that nobody would run any more.
    """
    org = Org.objects.filter(pk=org_id, valid_to=None).first()
    if org is None:
        raise NotFound("org.not_found", id=org_id)
    held = set(SectorOwner.objects.filter(org=org).values_list("sector", flat=True))
    for sector in sorted(set(sectors) - held):
        give_sector(sector=sector, place_id=org.place_id, org_id=org.pk, by=by, at=at)
    for sector in sorted(held - set(sectors)):
        take_sector(sector=sector, place_id=org.place_id, by=by, at=at)
    return org


def _hide_sector(org: Org, sector: str) -> None:
    """What an organisation no longer runs it no longer sees."""
    org.sectors = [one for one in org.sectors if one != sector]
    org.save(update_fields=["sectors"])


@dataclass(frozen=True, slots=True)
class Holder:
    """Who stands in a slot: a post, an organisation, or a published duty in words."""

    post_id: int | None = None
    org_id: int | None = None
    text: str = ""


@transaction.atomic
def set_slot(
    *, subject: str, scope: str, party: str, holder: Holder, by: Actor, at: datetime
) -> Slot:
    """Put a holder into one of the four slots; an earlier signature falls away.

    Raises NotAllowed, NotFound, Invalid("slot.empty" | "slot.party").
    """
    if not by.has("task.assign") or not under(scope, by.scope):
        raise NotAllowed("not_allowed", duty="task.assign")
    if party not in Party.values:
        raise Invalid("slot.party", field="party", value=party)
    if holder == Holder():
        raise Invalid("slot.empty", field="holder")
    slot, _ = Slot.objects.update_or_create(
        subject=subject, party=party,
        defaults={"scope": scope, "post_id": holder.post_id, "org_id": holder.org_id,
                  "text": holder.text.strip(), "signed_at": None, "signed_by": ""},
    )  # fmt: skip
    record(action="slot.set", subject=subject, by=by, at=at, scope=scope,
           facts={"party": party, "post": holder.post_id, "org": holder.org_id})  # fmt: skip
    return slot


@transaction.atomic
def sign_slot(*, slot_id: int, by: Actor, at: datetime) -> Slot:
    """The holder accepts the duty (担责). Raises NotFound for anybody else."""
    slot = Slot.objects.select_for_update().filter(pk=slot_id).first()
    if slot is None or by.org_id not in _orgs_of(slot) or not by.has("slot.sign"):
        raise NotFound("slot.not_found", id=slot_id)
    slot.signed_at, slot.signed_by = at, by.name
    slot.save(update_fields=["signed_at", "signed_by"])
    record(action="slot.sign", subject=slot.subject, by=by, at=at, scope=slot.scope,
           facts={"party": slot.party})  # fmt: skip
    return slot


def _orgs_of(slot: Slot) -> set[int]:
    found = {slot.org_id} if slot.org_id else set()
    if slot.post_id:
        found.add(Post.objects.values_list("org_id", flat=True).get(pk=slot.post_id))
    return found


@transaction.atomic
def cover_venue(*, venue_id: int, by: Actor, at: datetime) -> Venue:
    """Declare a venue covered: all four slots filled, signed where a holder can sign, none nominal.

    Raises NotFound, Conflict("venue.slots_empty" | "venue.unsigned" | "venue.nominal_owner").
    """
    venue = Venue.objects.select_for_update().filter(pk=venue_id).first()
    if venue is None or not under(venue.scope, by.scope):
        raise NotFound("venue.not_found", id=venue_id)
    subject = f"venue:{venue.pk}"
    empty = empty_slots(subjects=[subject])[subject]
    if empty:
        raise Conflict("venue.slots_empty", parties=empty)
    slots = list(Slot.objects.filter(subject=subject))
    unsigned = [slot.party for slot in slots if slot.signed_at is None and not slot.text]
    if unsigned:
        raise Conflict("venue.unsigned", parties=unsigned)
    limit = int(registry.value("owner.places_limit", at, scope=venue.scope).value)
    for slot in slots:
        if slot.post_id and is_nominal(Slot.objects.filter(post=slot.post_id).count(), limit):
            raise Conflict("venue.nominal_owner", party=slot.party, limit=limit)
    venue.covered = True
    venue.save(update_fields=["covered"])
    record(action="venue.cover", subject=subject, by=by, at=at, scope=venue.scope)
    return venue


@transaction.atomic
def record_personal_act(*, kind: str, note: str, by: Actor, at: datetime) -> PersonalAct:
    """Record an act that only the principal's own doing makes valid; a deputy's does not count.

    Raises Invalid("act.incomplete").
    """
    if not kind.strip():
        raise Invalid("act.incomplete", field="kind")
    act = PersonalAct.objects.create(
        post_id=by.post_id, place_id=by.place_id, scope=by.scope, kind=kind.strip(), by=by.name,
        by_principal=by.role is Role.COMMANDER and by.acts_for_post_id is None, at=at,
        note=note.strip(),
    )  # fmt: skip
    record(action="act.personal", subject=f"place:{by.place_id}", by=by, at=at,
           facts={"kind": act.kind, "counts": act.by_principal})  # fmt: skip
    return act


@transaction.atomic
def set_duty_line(
    *, function: str, org_id: int, part: str, place_id: int, by: Actor, at: datetime
) -> DutyLine:
    """Write a line of the duty matrix. Raises Conflict("duty.two_leads"), NotFound, Invalid."""
    place = managed_place(place_id=place_id, by=by)
    if part not in DutyLine.Part.values or not function.strip():
        raise Invalid("duty.incomplete", field="function")
    if not Org.objects.filter(pk=org_id, valid_to=None).exists():
        raise NotFound("org.not_found", id=org_id)
    try:
        with transaction.atomic():
            line, _ = DutyLine.objects.update_or_create(
                place=place, function=function.strip(), org_id=org_id, defaults={"part": part}
            )
    except IntegrityError as fault:
        raise Conflict("duty.two_leads", function=function) from fault
    record(action="duty.set", subject=f"place:{place.pk}", by=by, at=at, scope=place.path,
           facts={"function": line.function, "org": org_id, "part": part})  # fmt: skip
    return line
