"""Which rooms and beds somebody may be offered, by the rules of rooms and of risks."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from bihuan.core.orgs.models import Org
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.packs import registry
from bihuan.core.places.rules import upper_paths
from bihuan.core.places.types import COUNTY, within
from bihuan.epidemic.models import Charge, Facility, Handover, Room, Vital, WardFile
from bihuan.epidemic.rules.sites import Guest, room_refusal
from bihuan.epidemic.selectors.care import (
    WAITED,
    RoomRow,
    icu_kinds,
    inside,
    lacking_proofs,
    room_rows,
    step_of,
)

FITS = {"isolation": "site", "bed": "hospital", "icu": "hospital"}


def departments_for(row: Charge, at: datetime) -> set[str]:
    """Departments that the risk flags of somebody ask for (M080)."""
    risks = {str(r["key"]): str(r["department"]) for r in registry.table("risk", at)}
    return {risks[flag] for flag in row.flags if risks.get(flag)}


def refusal_of(row: Charge, room: Room, at: datetime) -> str | None:
    """Why somebody may not be given a room or bed; None when they may. Three queries."""
    there = [s.charge for s in room.stays.filter(inside(at)).select_related("charge")]
    offers = Handover.objects.filter(WAITED, room=room).exclude(charge=row)
    there += [o.charge for o in offers.select_related("charge")]
    if room.facility.kind == "hospital":
        return "room.full" if len(there) >= room.beds else None
    bands = registry.value("care.child_bands", at).value
    guests = [_guest(c) for c in there if c.pk != row.pk]
    return room_refusal(_guest(row), guests, beds=room.beds, child_bands=bands)


def _guest(row: Charge) -> Guest:
    return Guest(row.pk, row.chain, row.age_band, row.carer_id)


@dataclass(frozen=True, slots=True)
class Bed:
    """A room or ward that may be offered, with what is free in it."""

    facility: Facility
    room: RoomRow


def beds_for(row: Charge, at: datetime) -> tuple[Bed, ...]:
    """Where somebody may go now: of the kind they need, open, proven, with the departments.

    Those of their county first, then those of the levels above; beds kept for an age
    only for it. Some queries for each facility.
    """
    near = within("scope", row.scope[:COUNTY]) | Q(scope__in=upper_paths(row.scope))
    rows = Facility.objects.filter(near, kind=FITS.get(row.need, "hospital"))
    wanted, icus = departments_for(row, at), icu_kinds(at)
    other = {
        str(k["key"]) for k in registry.table("bed_line", at) if row.age_band not in k["bands"]
    }
    found = []
    for facility in rows.select_related("place").order_by("-scope", "pk"):
        if facility.kind == "hospital" and wanted - set(facility.departments):
            continue
        if step_of(facility, at) != "active" or lacking_proofs(facility, at):
            continue
        found += [
            Bed(facility, room) for room in room_rows(facility, at)
            if room.kind not in other and _fits(row, room, icu=room.kind in icus)
        ]  # fmt: skip
    return tuple(found)


def _fits(row: Charge, room: RoomRow, *, icu: bool) -> bool:
    if not room.free or (row.need == "icu") != icu:
        return False
    return all(stay.charge.chain == row.chain for stay in room.stays) or row.need != "isolation"


def runners(*, by: Actor) -> list[tuple[str, str]]:
    """Organisations of the place with a post that may run a site or hospital. One query."""
    rows = Org.objects.filter(within("scope", by.scope), valid_to=None,
                              posts__role=Role.CARE.value, posts__valid_to=None)  # fmt: skip
    return [(str(row.pk), row.name) for row in rows.distinct().order_by("scope", "name")]


def conversion(facility: Facility, at: datetime) -> tuple[int, int]:
    """Of everybody who stayed there, how many raised the alert: the conversion rate. One query."""
    alert = Vital.objects.filter(charge=OuterRef("charge_id"), alert=True, at__lte=at)
    rows = facility.stays.filter(starts_at__lte=at).annotate(worse=Exists(alert))
    told = dict(rows.values_list("charge_id", "worse"))
    return sum(told.values()), len(told)


def ward_files(facility: Facility, at: datetime) -> list[WardFile]:
    """Outbreaks in wards, the open ones first. One query."""
    rows = facility.ward_files.filter(opened_at__lte=at).order_by("-opened_at")
    return sorted(rows, key=lambda f: f.reviewed_at is not None)
