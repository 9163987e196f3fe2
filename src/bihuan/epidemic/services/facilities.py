"""Register sites and hospitals, prove them, raise them, convert beds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.evidence.services import Made, add_file
from bihuan.core.orgs.models import Org
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.types import under
from bihuan.epidemic.models import Facility, FacilityProof, FacilityStep, Room, Stay
from bihuan.epidemic.models.facilities import FacilityKind, RoomKind
from bihuan.epidemic.rules.sites import NEEDS_PROOFS, STEPS
from bihuan.epidemic.selectors.care import (
    fetch_facility,
    inside,
    lacking_proofs,
    step_of,
    works_for,
)


@dataclass(frozen=True, slots=True)
class NewFacility:
    """A site or hospital as it is registered; its place is that of who runs it."""

    kind: str
    name: str
    org_id: int
    activation_hours: int
    departments: tuple[str, ...] = ()
    safety_number: str = ""


@transaction.atomic
def register_facility(*, given: NewFacility, by: Actor, at: datetime) -> Facility:
    """Register a site or hospital as reserved. Raises NotAllowed, Invalid("facility.…")."""
    manages(by)
    org = Org.objects.filter(pk=given.org_id, valid_to=None).select_related("place").first()
    if org is None or not under(org.scope, by.scope):
        raise Invalid("facility.org", field="org")
    if not given.name.strip() or given.kind not in FacilityKind.values:
        raise Invalid("facility.name", field="name")
    if Facility.objects.filter(org=org, name=given.name.strip()).exists():
        raise Conflict("facility.twice", name=given.name)
    row = Facility.objects.create(
        kind=given.kind, name=given.name.strip()[:120], org=org, place=org.place, scope=org.scope,
        departments=list(given.departments), activation_hours=given.activation_hours,
        safety_number=given.safety_number.strip(), registered_at=at, registered_by=by.name,
    )  # fmt: skip
    FacilityStep.objects.create(facility=row, step="reserved", at=at, by=by.name)
    tell("facility.register", row, by, at, kind=row.kind)
    return row


def manages(by: Actor) -> None:
    """Whoever plans care. Raises NotAllowed."""
    if not by.has("care.manage"):
        raise NotAllowed("not_allowed", duty="care.manage")


def works(facility: Facility, by: Actor) -> None:
    """Whoever runs it, or the desk above. Raises NotAllowed."""
    if not works_for(facility, by):
        raise NotAllowed("not_allowed", duty="care.do")


def tell(action: str, row: Facility, by: Actor, at: datetime, **facts: object) -> None:
    """An act on a facility goes into the audit."""
    record(action=action, subject=f"facility:{row.pk}", by=by, at=at, scope=row.scope, facts=facts)


@transaction.atomic
def add_room(
    *, facility_id: int, code: str, kind: str, beds: int, by: Actor, at: datetime, ward: str = "",
    convert_hours: int = 0,
) -> Room:  # fmt: skip
    """A room, or the beds of a kind in a ward. Raises NotAllowed, NotFound, Invalid, Conflict."""
    row = fetch_facility(facility_id=facility_id, by=by)
    works(row, by)
    kept = {str(line["key"]) for line in registry.table("bed_line", at)}
    if not code.strip() or kind not in {*RoomKind.values, *kept} or beds < 1:
        raise Invalid("room.incomplete", field="code")
    try:
        with transaction.atomic():
            room = Room.objects.create(facility=row, code=code.strip(), ward=ward.strip(), kind=kind,
                                       beds=beds, convert_hours=convert_hours)  # fmt: skip
    except IntegrityError as twin:
        raise Conflict("room.twice", code=code) from twin
    tell("facility.room", row, by, at, code=room.code, beds=beds)
    return room


@transaction.atomic
def convert_room(*, room_id: int, by: Actor, at: datetime) -> Room:
    """The conversion is done: these beds can be used from now on. Raises NotAllowed, NotFound."""
    room = Room.objects.select_for_update().filter(pk=room_id).first()
    if room is None:
        raise NotFound("room.not_found", id=room_id)
    row = fetch_facility(facility_id=room.facility_id, by=by)
    works(row, by)
    if room.converted_at is None:
        room.converted_at = at
        room.save(update_fields=["converted_at"])
        tell("facility.convert", row, by, at, code=room.code)
    return room


@dataclass(frozen=True, slots=True)
class Attached:
    """The file of a check, as it was handed in."""

    name: str
    chunks: Iterable[bytes]


@transaction.atomic
def add_proof(
    *,
    facility_id: int,
    kind: str,
    day: date,
    reference: str,
    by: Actor,
    at: datetime,
    attached: Attached | None = None,
) -> FacilityProof:
    """A check was made on a day; how long it counts is a rule. Its file is kept as evidence.

    Raises NotAllowed, NotFound, Invalid("proof.…" | "evidence.…").
    """
    row = fetch_facility(facility_id=facility_id, by=by)
    works(row, by)
    known = {str(p["key"]) for p in registry.table("site_proof", at, scope=row.scope)}
    if kind not in known:
        raise Invalid("proof.kind", field="kind")
    if day > local_date(at):
        raise Invalid("proof.day", field="day")
    if not reference.strip():
        raise Invalid("proof.reference", field="reference")
    item = None
    if attached is not None:
        item = add_file(subject=f"facility:{row.pk}", scope=row.scope, name=attached.name,
                        chunks=attached.chunks, made=Made(at), by=by, at=at)  # fmt: skip
    proof = FacilityProof.objects.create(
        facility=row, kind=kind, day=day, reference=reference.strip()[:120],
        evidence_id=item.pk if item else None, at=at, by=by.name,
    )  # fmt: skip
    tell("facility.proof", row, by, at, kind=kind, day=day.isoformat())
    return proof


@transaction.atomic
def take_step(*, facility_id: int, step: str, by: Actor, at: datetime) -> FacilityStep:
    """Reserve, make ready, activate, drain, clean. Without its proofs none is ready or active.

    Locks the facility. Raises NotAllowed, NotFound, MoveBlocked("facility.step" |
    "facility.proofs" | "facility.not_empty").
    """
    manages(by)
    row = fetch_facility(facility_id=facility_id, by=by)
    Facility.objects.select_for_update().get(pk=row.pk)
    now = step_of(row, at)
    if step not in STEPS[now]:
        raise MoveBlocked("facility.step", now=now, step=step)
    gaps = lacking_proofs(row, at) if step in NEEDS_PROOFS else ()
    if gaps:
        raise MoveBlocked("facility.proofs", proofs=list(gaps))
    if step == "cleaned" and Stay.objects.filter(inside(at), facility=row).exists():
        raise MoveBlocked("facility.not_empty")
    made = FacilityStep.objects.create(facility=row, step=step, at=at, by=by.name)
    tell("facility.step", row, by, at, step=step)
    return made
