"""Take people into care, decide what they need, hand them over: one owner at each moment."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.clock import day_end, local_date
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.orgs.models import Org, Post
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.packs import registry
from bihuan.core.places.rules import upper_paths
from bihuan.epidemic.models import Case, Charge, Contact, Custody, Facility, Handover, Room, Stay
from bihuan.epidemic.models.charges import NeedFor
from bihuan.epidemic.rules.care import need_of
from bihuan.epidemic.selectors.beds import departments_for, refusal_of
from bihuan.epidemic.selectors.care import (
    WAITED,
    blocked_wards,
    charges_seen,
    fetch_charge,
    holder_at,
    lacking_proofs,
    step_of,
    usable,
)
from bihuan.epidemic.selectors.files import care_of
from bihuan.epidemic.selectors.sight import fetch_case, fetch_contact
from bihuan.epidemic.services.contacts import timeline_of

DOCTOR = "doctor"  # no edition proposes a place: the doctor decides alone
CENTRAL, HOME = "central_isolation", "home_isolation"


@dataclass(frozen=True, slots=True)
class NewCharge:
    """Somebody to be cared for: a case or a contact, with what makes them vulnerable."""

    case_id: int | None = None
    contact_id: int | None = None
    age_band: str = ""  # of a contact; a case has its own
    flags: tuple[str, ...] = ()
    carer_id: int | None = None
    need: str = ""  # "": as the rule proposes
    deviation: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """What the rule of the day proposes."""

    need: str
    rule: str
    severity: str = ""


@transaction.atomic
def open_charge(*, given: NewCharge, by: Actor, at: datetime) -> Charge:
    """Take a case or a contact into the flow of care; who reported answers until handed over.

    A need other than the rule's is kept with its reason (M078). Raises NotAllowed, NotFound,
    Invalid("charge.…"), Conflict("charge.twice").
    """
    if not by.has("care.place"):
        raise NotAllowed("not_allowed", duty="care.place")
    known = {str(row["key"]) for row in registry.table("risk", at)}
    if set(given.flags) - known:
        raise Invalid("charge.flags", field="flags")
    case = fetch_case(case_id=given.case_id, by=by) if given.case_id else None
    contact = None
    if case is None:
        contact = fetch_contact(contact_id=given.contact_id or 0, by=by)
    if Charge.objects.filter(case=case, contact=contact).exists():
        raise Conflict("charge.twice")
    advice = _advice(case, contact, at)
    need = given.need or advice.need
    _check_need(need, advice.need, given.deviation)
    carer = None
    if given.carer_id:
        carer = Charge.objects.filter(charges_seen(by), pk=given.carer_id, closed_at=None).first()
        if carer is None:
            raise Invalid("charge.carer", field="carer")
    return _put(given, case, contact, advice, need=need, carer=carer, by=by, at=at)


def _check_need(need: str, advised: str, deviation: str) -> None:
    if need not in NeedFor.values:
        raise Invalid("charge.need", field="need")
    if need != advised and not deviation.strip():
        raise Invalid("charge.no_reason", field="deviation")


def _advice(case: Case | None, contact: Contact | None, at: datetime) -> Advice:
    if contact is not None:
        plan = timeline_of(contact)
        place = plan.place_on(local_date(at)) if plan else ""
        need = "isolation" if place == CENTRAL else "none"
        return Advice(need, f"{contact.edition}/plan/{contact.risk}")
    assert case is not None
    care = care_of(case, at)
    if care is None or not care.place:
        return Advice("bed", DOCTOR)
    return Advice(need_of(care), f"{care.edition}/care", care.severity)


def _put(
    given: NewCharge, case: Case | None, contact: Contact | None, advice: Advice, *, need: str,
    carer: Charge | None, by: Actor, at: datetime,
) -> Charge:  # fmt: skip
    person = case or contact
    assert person is not None
    source = case or (contact.case if contact else None)
    # Whoever came from another installation without a case is a chain apart: below every case.
    root = chain_of(source) if source else -person.pk
    row = Charge.objects.create(
        pseudonym=person.pseudonym, event=person.event, case=case, contact=contact,
        place=person.place, scope=person.scope, chain=root,
        age_band=case.age_band if case else given.age_band, flags=sorted(set(given.flags)),
        carer=carer, severity=advice.severity, need=need, need_since=at, need_rule=advice.rule,
        advised=advice.need, deviation=given.deviation.strip()[:400] if need != advice.need else "",
        decided_by=by.name, opened_at=at, expires_at=person.expires_at,
    )  # fmt: skip
    org_id = case.reporter_org_id if case else by.org_id
    Custody.objects.create(charge=row, org_id=org_id, starts_at=at, given_by=by.name,
                           taken_by=by.name)  # fmt: skip
    _told("charge.open", row, by, at, need=need, advised=advice.need)
    return row


def chain_of(case: Case) -> int:
    """The root of the chain a case belongs to. A query for each link."""
    seen = {case.pk}
    while case.source_id and case.source_id not in seen:
        seen.add(case.source_id)
        case = Case.objects.get(pk=case.source_id)
    return case.pk


def _told(action: str, row: Charge, by: Actor, at: datetime, **facts: object) -> None:
    record(action=action, subject=f"charge:{row.pk}", by=by, at=at, scope=row.scope, facts=facts)


@transaction.atomic
def decide_need(
    *, charge_id: int, need: str, deviation: str, by: Actor, at: datetime
) -> Charge:  # fmt: skip
    """The doctor decides where somebody should be; off the rule only with a reason. Locks.

    Raises NotAllowed, NotFound, Invalid("charge.need" | "charge.no_reason"), Conflict.
    """
    row = fetch_charge(charge_id=charge_id, by=by, lock=True)
    open_or_refuse(row)
    doctor_or_refuse(row, by, at)
    _check_need(need, row.advised, deviation)
    if need != row.need:
        row.need, row.need_since = need, at
    row.deviation = deviation.strip()[:400] if need != row.advised else ""
    row.decided_by = by.name
    row.save(update_fields=["need", "need_since", "deviation", "decided_by"])
    _told("charge.decide", row, by, at, need=need, advised=row.advised)
    return row


def doctor_or_refuse(row: Charge, by: Actor, at: datetime) -> None:
    """Deciding and discharging is for the hospital that answers, or the desk: no site's manager.

    Raises NotAllowed.
    """
    held = holder_at(row, at)
    ward = held is not None and held.facility is not None and held.facility.kind == "hospital"
    if not by.has("care.place") and not (ward and by.has("care.do")):
        raise NotAllowed("not_allowed", duty="care.place")


def open_or_refuse(row: Charge) -> None:
    """Raises Conflict("charge.over")."""
    if row.closed_at is not None:
        raise Conflict("charge.over", number=row.number)


@dataclass(frozen=True, slots=True)
class Target:
    """Where somebody is to go: a bed of a facility, or home to their community."""

    facility_id: int | None = None
    room_id: int | None = None
    note: str = field(default="")


@transaction.atomic
def offer(*, charge_id: int, target: Target, by: Actor, at: datetime) -> Handover:
    """Offer somebody to a site, a hospital or the community; nothing changes until it is signed.

    Raises NotAllowed, NotFound, Conflict("handover.open"), MoveBlocked("facility.…" | "room.…").
    """
    row = fetch_charge(charge_id=charge_id, by=by, lock=True)
    open_or_refuse(row)
    held = holder_at(row, at)
    own = by.has("care.do") and held is not None and held.org_id == by.org_id
    if not own and not by.has("care.place"):
        raise NotAllowed("not_allowed", duty="care.place")
    if row.handovers.filter(WAITED).exists():
        raise Conflict("handover.open", number=row.number)
    if target.facility_id is None:
        org, facility, room = community_of(row), None, None
    else:
        facility, room = _bed(target, row, at)
        org = facility.org
    made = Handover.objects.create(
        charge=row, to_org=org, facility=facility, room=room, note=target.note.strip()[:200],
        offered_at=at, offered_by=by.name,
    )  # fmt: skip
    _told("handover.offer", row, by, at, to=org.name)
    return made


def community_of(row: Charge) -> Org:
    """Who looks after somebody at home. Raises NotFound("charge.no_community")."""
    paths = [*upper_paths(row.scope), row.scope]
    posts = Post.objects.filter(scope__in=paths, role=Role.NODE.value, valid_to=None)
    post = max(posts.select_related("org"), key=lambda p: len(p.scope), default=None)
    if post is None:
        raise NotFound("charge.no_community")
    return post.org


def _bed(target: Target, row: Charge, at: datetime) -> tuple[Facility, Room]:
    rooms = Room.objects.select_for_update(of=("self",)).select_related("facility__org")
    room = rooms.filter(pk=target.room_id or 0, facility=target.facility_id).first()
    if room is None:
        raise NotFound("room.not_found", id=target.room_id)
    facility = room.facility
    if step_of(facility, at) != "active" or lacking_proofs(facility, at):
        raise MoveBlocked("facility.not_active", name=facility.name)
    if not usable(room, at):
        raise MoveBlocked("room.not_converted", code=room.code)
    if room.ward in blocked_wards(facility, at):
        raise MoveBlocked("room.ward_closed", ward=room.ward)
    if facility.kind == "hospital":
        lacking = departments_for(row, at) - set(facility.departments)
        if lacking:
            raise MoveBlocked("facility.department", departments=sorted(lacking))
    refusal = refusal_of(row, room, at)
    if refusal:
        raise MoveBlocked(refusal, code=room.code)
    return facility, room


@transaction.atomic
def take_over(*, handover_id: int, notice_given: bool, by: Actor, at: datetime) -> Custody:
    """Sign for somebody: from this moment on the receiver answers, and a stay begins.

    A stay needs its basis and end told in writing. Locks the person. Raises NotAllowed, NotFound,
    Invalid("stay.no_notice"), Conflict("custody.too_soon"), MoveBlocked("stay.not_in_plan").
    """
    handover, row = _waiting(handover_id, by)
    if handover.facility is not None and not notice_given:
        raise Invalid("stay.no_notice", field="notice")
    custody = hand_on(row, to=handover.to_org, facility=handover.facility, at=at,
                      given_by=handover.offered_by, taken_by=by.name)  # fmt: skip
    leave_stay(row, at)
    if handover.facility is not None:
        assert handover.room is not None
        _begin_stay(row, handover.room, at)
    handover.taken_at, handover.taken_by = at, by.name
    handover.save(update_fields=["taken_at", "taken_by"])
    _told("handover.take", row, by, at, org=handover.to_org.name)
    return custody


@transaction.atomic
def refuse_handover(*, handover_id: int, reason: str, by: Actor, at: datetime) -> Handover:
    """Not taken, and why: whoever offered goes on answering. Raises NotAllowed, Invalid."""
    handover, row = _waiting(handover_id, by)
    if not reason.strip():
        raise Invalid("handover.no_reason", field="reason")
    handover.refused_at, handover.refusal = at, reason.strip()[:200]
    handover.save(update_fields=["refused_at", "refusal"])
    _told("handover.refuse", row, by, at, reason=handover.refusal)
    return handover


def _waiting(handover_id: int, by: Actor) -> tuple[Handover, Charge]:
    """An open hand-over to the organisation of whoever signs, its person locked."""
    if not by.has("care.take"):
        raise NotAllowed("not_allowed", duty="care.take")
    rows = Handover.objects.select_for_update(of=("self",)).select_related("to_org", "facility")
    row = rows.select_related("to_org", "facility", "room__facility").filter(
        WAITED, pk=handover_id, to_org=by.org_id
    )
    found = row.first()
    if found is None:
        raise NotFound("handover.not_found", id=handover_id)
    return found, fetch_charge(charge_id=found.charge_id, by=by, lock=True)


def hand_on(
    row: Charge, *, to: Org, at: datetime, given_by: str, taken_by: str,
    facility: Facility | None = None,
) -> Custody:  # fmt: skip
    """Close the line of the ledger and write the next, at one instant. Raises Conflict."""
    last = row.custody.filter(ends_at=None).first()
    if last is None or last.starts_at >= at:
        raise Conflict("custody.too_soon", number=row.number)
    last.ends_at = at
    last.save(update_fields=["ends_at"])
    return Custody.objects.create(
        charge=row, org=to, facility=facility, starts_at=at, prev_ends_at=at, given_by=given_by,
        taken_by=taken_by,
    )  # fmt: skip


def leave_stay(row: Charge, at: datetime) -> None:
    """The stay somebody is in ends now, if there is one."""
    row.stays.filter(left_at=None).update(left_at=at, ends_at=at)


def isolation_end(row: Charge) -> datetime | None:
    """When the isolation of a contact's plan ends; None where the plan has none at a site.

    Who cannot isolate at home may do so at a site, for a reason that is kept, and never longer.
    """
    plan = timeline_of(row.contact) if row.contact else None
    if plan is None:
        return None
    parts = [s for s in plan.segments if s.place == CENTRAL]
    if not parts and row.deviation:
        parts = [s for s in plan.segments if s.place == HOME]
    return max((day_end(s.last) for s in parts), default=None)


def _begin_stay(row: Charge, room: Room, at: datetime) -> Stay:
    ends_at, basis = None, row.need_rule
    if room.facility.kind == "site" and row.contact is not None:
        ends_at = isolation_end(row)
        if ends_at is None or ends_at <= at:
            raise MoveBlocked("stay.not_in_plan", edition=row.contact.edition)
    if row.contact is not None and row.contact.placed_at is None and row.contact.release_at:
        row.contact.placed_at = row.contact.notice_at = at
        row.contact.reached_at = row.contact.reached_at or at
        row.contact.save(update_fields=["placed_at", "notice_at", "reached_at"])
    if row.case is not None:
        _mark_case(row.case, room.facility.kind, at)
    return Stay.objects.create(
        charge=row, facility=room.facility, room=room, basis=f"{basis};{row.deviation}".strip(";"),
        notice_at=at, starts_at=at, ends_at=ends_at,
    )  # fmt: skip


def _mark_case(case: Case, kind: str, at: datetime) -> None:
    """Two of the four early, noted by the stay itself."""
    if case.isolated_at is None:
        case.isolated_at = at
    if kind == "hospital" and case.treated_at is None:
        case.treated_at = at
    case.save(update_fields=["isolated_at", "treated_at"])
