"""Sites, hospitals, people in care: what a post may see of them, and how full they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from bihuan.core.clock import local_date
from bihuan.core.errors import NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.rules import upper_paths
from bihuan.core.places.types import within
from bihuan.epidemic.models import (
    Charge,
    Custody,
    Facility,
    FacilityStep,
    Handover,
    Need,
    Room,
    Stay,
    WardFile,
)
from bihuan.epidemic.rules.sites import lacking
from bihuan.epidemic.selectors.sight import NOTHING

WAITED = Q(taken_at=None, refused_at=None)


def facilities_seen(by: Actor) -> Q:
    """Those of the place for whoever plans, one's own for whoever runs one."""
    planned = within("scope", by.scope) if by.has("care.read") else NOTHING
    return planned | (Q(org_id=by.org_id) if by.has("care.do") else NOTHING)


def charges_seen(by: Actor) -> Q:
    """People who live in the place, for epidemiologists; else those one answers for or is offered."""
    placed = within("scope", by.scope) if by.has("care.place") else NOTHING
    if not by.has("care.take"):
        return placed
    held = Custody.objects.filter(charge=OuterRef("pk"), org=by.org_id, ends_at=None)
    offered = Handover.objects.filter(WAITED, charge=OuterRef("pk"), to_org=by.org_id)
    return placed | Q(Exists(held)) | Q(Exists(offered))


def fetch_facility(*, facility_id: int, by: Actor) -> Facility:
    """Raises NotFound("facility.not_found")."""
    rows = Facility.objects.select_related("org", "place")
    row = rows.filter(facilities_seen(by), pk=facility_id).first()
    if row is None:
        raise NotFound("facility.not_found", id=facility_id)
    return row


def works_for(facility: Facility, by: Actor) -> bool:
    """Whether a post writes for a house: whoever runs it, or the desk above. No query."""
    return by.has("care.manage") or (by.has("care.do") and facility.org_id == by.org_id)


def fetch_charge(*, charge_id: int, by: Actor, lock: bool = False) -> Charge:
    """Raises NotFound("charge.not_found")."""
    rows = Charge.objects.select_related("event", "place", "case", "contact", "carer")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(charges_seen(by), pk=charge_id).first()
    if row is None:
        raise NotFound("charge.not_found", id=charge_id)
    return row


def step_of(facility: Facility, at: datetime) -> str:
    """Where a facility stands at a moment; "" before it was registered. One query."""
    row = facility.steps.filter(at__lte=at).order_by("-at", "-pk").first()
    return row.step if row else ""


def lacking_proofs(facility: Facility, at: datetime) -> tuple[str, ...]:
    """Proofs that are missing or too old at a moment. One query."""
    asked = [
        (str(row["key"]), int(row["max_days"]))
        for row in registry.table("site_proof", at, scope=facility.scope)
        if facility.kind in row["for"]
    ]
    held = facility.proofs.filter(at__lte=at).values_list("kind", "day")
    return lacking(asked, held, on=local_date(at))


def blocked_wards(facility: Facility, at: datetime) -> set[str]:
    """Wards that admit nobody until their outbreak is reviewed. One query."""
    rows = WardFile.objects.filter(facility=facility, opened_at__lte=at)
    return set(
        rows.filter(Q(reviewed_at=None) | Q(reviewed_at__gt=at)).values_list("ward", flat=True)
    )


def inside(at: datetime) -> Q:
    """Stays that run at a moment: the end comes by the hour, whether or not the clock ran."""
    return Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room or a ward's beds with who is there, by pseudonym."""

    id: int
    code: str
    ward: str
    kind: str
    beds: int
    usable: bool
    convert_hours: int
    blocked: bool
    stays: tuple[Stay, ...]
    offered: int

    @property
    def free(self) -> int:
        """Beds that somebody could be given now."""
        held = len(self.stays) + self.offered
        return max(self.beds - held, 0) if self.usable and not self.blocked else 0


def room_rows(facility: Facility, at: datetime) -> tuple[RoomRow, ...]:
    """Rooms with their stays. Four queries."""
    stays: dict[int, list[Stay]] = {}
    for stay in facility.stays.filter(inside(at)).select_related("charge"):
        stays.setdefault(stay.room_id, []).append(stay)
    offers = dict(
        Handover.objects.filter(WAITED, facility=facility)
        .values_list("room_id").annotate(n=Count("pk"))
    )  # fmt: skip
    blocked = blocked_wards(facility, at)
    return tuple(
        RoomRow(r.pk, r.code, r.ward, r.kind, r.beds, usable(r, at), r.convert_hours,
                r.ward in blocked, tuple(stays.get(r.pk, ())), offers.get(r.pk, 0))
        for r in facility.rooms.order_by("ward", "code")
    )  # fmt: skip


def icu_kinds(at: datetime) -> set[str]:
    """Kinds of beds that are intensive care, whatever the age they are kept for."""
    return {"icu"} | {str(row["key"]) for row in registry.table("bed_line", at) if row["icu"]}


def usable(room: Room, at: datetime) -> bool:
    """Whether a room can take somebody: not one that still waits for its conversion."""
    if room.convert_hours == 0:
        return True
    return room.converted_at is not None and room.converted_at <= at


@dataclass(frozen=True, slots=True)
class FacilityRow:
    """A site or hospital in a list: no person in it."""

    id: int
    kind: str
    name: str
    place: str
    step: str
    lacking: tuple[str, ...]
    activation_hours: int
    beds: int  # usable now
    convertible: int
    occupied: int
    scope: str

    @property
    def open(self) -> bool:
        """Whether it takes people: active, and its proofs hold."""
        return self.step == "active" and not self.lacking

    @property
    def ready(self) -> int:
        """Beds that count as ready: an active or ready facility whose proofs hold."""
        return self.beds if self.step in {"ready", "active"} and not self.lacking else 0

    @property
    def load(self) -> float:
        """Share of the usable beds in use."""
        return self.occupied / self.beds if self.beds else 0.0


def facility_rows(
    *, by: Actor, at: datetime, kind: str = "", upper: bool = False
) -> tuple[FacilityRow, ...]:
    """Facilities a post may see, with those of the levels above or without. Five queries."""
    seen = facilities_seen(by) | (Q(scope__in=upper_paths(by.scope)) if upper else NOTHING)
    rows = Facility.objects.filter(seen, registered_at__lte=at)
    if kind:
        rows = rows.filter(kind=kind)
    held = list(rows.select_related("place").prefetch_related("rooms", "proofs").order_by("scope"))
    last: dict[int, str] = {}
    for step in FacilityStep.objects.filter(facility__in=held, at__lte=at).order_by("at", "pk"):
        last[step.facility_id] = step.step
    counted = Stay.objects.filter(inside(at), facility__in=held).values_list("facility_id")
    occupied = dict(counted.annotate(n=Count("pk")))
    return tuple(
        _facility_row(row, last.get(row.pk, ""), occupied.get(row.pk, 0), at) for row in held
    )


def _facility_row(row: Facility, step: str, occupied: int, at: datetime) -> FacilityRow:
    rooms = list(row.rooms.all())
    asked = [
        (str(p["key"]), int(p["max_days"]))
        for p in registry.table("site_proof", at, scope=row.scope) if row.kind in p["for"]
    ]  # fmt: skip
    held = [(p.kind, p.day) for p in row.proofs.all() if p.at <= at]
    return FacilityRow(
        row.pk, row.kind, row.name, row.place.name, step,
        lacking(asked, held, on=local_date(at)), row.activation_hours,
        sum(r.beds for r in rooms if usable(r, at)),
        sum(r.beds for r in rooms if not usable(r, at)), occupied, row.scope,
    )  # fmt: skip


def ledger_of(charge: Charge) -> list[Custody]:
    """Who answered for somebody, from when until when, both signatures. One query."""
    return list(charge.custody.select_related("org", "facility").order_by("starts_at"))


def holder_at(charge: Charge, at: datetime) -> Custody | None:
    """Who answers for somebody at a moment. One query."""
    rows = charge.custody.filter(starts_at__lte=at).select_related("org", "facility")
    return rows.filter(Q(ends_at=None) | Q(ends_at__gt=at)).first()


def stay_of(charge: Charge, at: datetime) -> Stay | None:
    """Where somebody stays at a moment. One query."""
    return charge.stays.filter(inside(at)).select_related("facility", "room").first()


def open_handovers(*, by: Actor, at: datetime) -> list[tuple[Handover, bool]]:
    """What waits for a signature of the post's organisation, or of its place; late ones marked."""
    limit = timedelta(minutes=float(registry.value("handover.gap_minutes", at).value))
    mine = Q(to_org=by.org_id) if by.has("care.take") else NOTHING
    placed = within("charge__scope", by.scope) if by.has("care.place") else NOTHING
    rows = Handover.objects.filter(WAITED).filter(mine | placed, offered_at__lte=at)
    found = rows.select_related("charge", "facility", "room", "to_org").order_by("offered_at")
    return [(row, at - row.offered_at > limit) for row in found]


def beds_by_kind(rooms: Iterable[RoomRow]) -> list[tuple[str, int, int, int]]:
    """Kind, beds usable, in use, to be converted."""
    found: dict[str, list[int]] = {}
    for room in rooms:
        line = found.setdefault(room.kind, [0, 0, 0])
        line[0] += room.beds if room.usable else 0
        line[1] += len(room.stays)
        line[2] += 0 if room.usable else room.beds
    return [(kind, a, b, c) for kind, (a, b, c) in found.items()]


def people_held(*, by: Actor, at: datetime) -> list[tuple[Charge, Stay | None]]:
    """Whom a post answers for or places, by pseudonym, with their room. Two queries.

    Whom it is only offered is not among them: until it signs, somebody else answers.
    """
    rows = Charge.objects.filter(charges_seen(by), opened_at__lte=at)
    if not by.has("care.place"):
        held = Custody.objects.filter(charge=OuterRef("pk"), org=by.org_id, ends_at=None)
        rows = rows.filter(Exists(held))
    rows = rows.filter(Q(closed_at=None) | Q(closed_at__gt=at)).select_related("place")
    people = list(rows.order_by("-pk")[:300])
    running = Stay.objects.filter(inside(at), charge__in=people).select_related("facility", "room")
    stays = {stay.charge_id: stay for stay in running}
    return [(row, stays.get(row.pk)) for row in people]


RELEASED = timedelta(days=1)  # how far the list of releases looks back and ahead


def releases(*, by: Actor, at: datetime) -> list[Stay]:
    """Stays that end within a day or ended within the last, by the hour. One query.

    Of the place for whoever places people, of its own house for whoever runs one.
    """
    placed = within("charge__scope", by.scope) if by.has("care.place") else NOTHING
    own = Q(facility__org=by.org_id) if by.has("care.do") else NOTHING
    rows = Stay.objects.filter(placed | own, ends_at__gt=at - RELEASED, ends_at__lte=at + RELEASED)
    return list(rows.select_related("charge", "facility", "room").order_by("ends_at", "pk")[:500])


def needs_of(stay: Stay) -> list[Need]:
    """What a stay asked for, the open first. One query."""
    return sorted(stay.needs.order_by("-at"), key=lambda n: n.answered_at is not None)


def open_needs(*, by: Actor) -> list[Need]:
    """Needs that whoever runs a site or hospital has not answered. One query."""
    mine = Q(stay__facility__org=by.org_id) if by.has("care.do") else NOTHING
    rows = Need.objects.filter(mine, answered_at=None).select_related("stay__room", "stay__charge")
    return list(rows.order_by("at"))


def waiting_for(charge: Charge) -> Handover | None:
    """The hand-over of somebody that nobody signed yet. One query."""
    return charge.handovers.filter(WAITED).select_related("to_org", "facility", "room").first()


def stays_of(charge: Charge) -> list[Stay]:
    """Every stay of somebody, in order. One query."""
    return list(charge.stays.select_related("facility", "room").order_by("starts_at"))


def calls_of(charge: Charge) -> list[Obligation]:
    """Experts called for somebody, tier by tier. One query."""
    rows = Obligation.objects.filter(origin=f"expert:{charge.pk}").select_related("owner_post")
    return list(rows.order_by("pk"))


def charge_id_of(*, case_id: int | None = None, contact_id: int | None = None) -> int | None:
    """The number of somebody's care, where they are in care. One query."""
    wanted = {"case": case_id} if case_id else {"contact": contact_id}
    return Charge.objects.filter(**wanted).values_list("pk", flat=True).first()
