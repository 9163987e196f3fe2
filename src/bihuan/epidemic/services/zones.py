"""Zones inside a house with their rooms; what happened there, answered in time, closed by another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.loops.services.opening import Deadline
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.epidemic.models import Facility, Incident, Zone
from bihuan.epidemic.selectors.care import fetch_facility
from bihuan.epidemic.services.facilities import manages, tell, works
from bihuan.epidemic.services.wards import answered, owe


@transaction.atomic
def add_zone(*, facility_id: int, kind: str, name: str, by: Actor, at: datetime) -> Zone:
    """A zone of a house. Raises NotAllowed, NotFound, Invalid("zone.…"), Conflict("zone.twice")."""
    row = fetch_facility(facility_id=facility_id, by=by)
    works(row, by)
    known = {str(line["key"]) for line in registry.table("site_zone", at, scope=row.scope)}
    if kind not in known or not name.strip():
        raise Invalid("zone.incomplete", field="name")
    try:
        with transaction.atomic():
            made = Zone.objects.create(facility=row, kind=kind, name=name.strip()[:40])
    except IntegrityError as twin:
        raise Conflict("zone.twice", name=name) from twin
    tell("zone.add", row, by, at, kind=kind)
    return made


def zone_of(row: Facility, zone_id: int | None) -> Zone | None:
    """A zone of this house, or none where none is named. Raises NotFound("zone.not_found")."""
    if not zone_id:
        return None
    zone = row.zones.filter(pk=zone_id).first()
    if zone is None:
        raise NotFound("zone.not_found", id=zone_id)
    return zone


@transaction.atomic
def assign_rooms(
    *, facility_id: int, zone_id: int, room_ids: Iterable[int], by: Actor, at: datetime
) -> int:
    """Say in which zone rooms lie; how many. Guests live only where the pack lets them.

    Raises NotAllowed, NotFound, MoveBlocked("zone.no_guests").
    """
    row = fetch_facility(facility_id=facility_id, by=by)
    works(row, by)
    zone = zone_of(row, zone_id)
    if zone is None:
        raise NotFound("zone.not_found", id=zone_id)
    rules = {str(line["key"]): line for line in registry.table("site_zone", at, scope=row.scope)}
    if not rules[zone.kind]["guests"]:
        raise MoveBlocked("zone.no_guests", name=zone.name)
    moved = row.rooms.filter(pk__in=list(room_ids)).update(zone=zone)
    tell("zone.rooms", row, by, at, zone=zone.pk, rooms=moved)
    return moved


@dataclass(frozen=True, slots=True)
class NewIncident:
    """What happened, when, in which zone."""

    kind: str
    text: str
    happened_at: datetime
    zone_id: int | None = None


@transaction.atomic
def report_incident(
    *, facility_id: int, given: NewIncident, by: Actor, at: datetime
) -> Incident:  # fmt: skip
    """Something went wrong: whoever runs the house owes an answer by the clock of its kind.

    The loop names the kind alone; the words stay here. Raises NotAllowed, NotFound,
    Invalid("incident.…").
    """
    row = fetch_facility(facility_id=facility_id, by=by)
    works(row, by)
    zone = zone_of(row, given.zone_id)
    kinds = {
        str(line["key"]): line for line in registry.table("incident_kind", at, scope=row.scope)
    }
    if given.kind not in kinds or not given.text.strip():
        raise Invalid("incident.empty", field="text")
    if given.happened_at > at:
        raise Invalid("incident.future", field="happened_at")
    kind = kinds[given.kind]
    due = Deadline(*registry.due(str(kind["clock"]), given.happened_at, scope=row.scope))
    made = Incident.objects.create(
        facility=row, zone=zone, kind=given.kind, text=given.text.strip()[:400], by=by.name, at=at,
        happened_at=given.happened_at, due_at=due.at, due_rule=due.rule,
    )  # fmt: skip
    loop = owe(row, f"{kind['title']}({row.name})", f"incident:{made.pk}", due, by, at)
    made.loop_id = loop.pk if loop else None
    made.save(update_fields=["loop_id"])
    tell("incident.report", row, by, at, kind=given.kind)
    return made


def _incident(incident_id: int, by: Actor) -> Incident:
    rows = Incident.objects.select_for_update(of=("self",)).select_related("facility")
    row = rows.filter(pk=incident_id, closed_at=None).first()
    if row is None:
        raise NotFound("incident.not_found", id=incident_id)
    fetch_facility(facility_id=row.facility_id, by=by)
    return row


@transaction.atomic
def answer_incident(*, incident_id: int, answer: str, by: Actor, at: datetime) -> Incident:
    """What was done: the clock stops. Locks it. Raises NotAllowed, NotFound, Invalid."""
    row = _incident(incident_id, by)
    works(row.facility, by)
    if not answer.strip():
        raise Invalid("incident.no_answer", field="answer")
    row.answer, row.answered_at, row.answered_by = answer.strip()[:400], at, by.name
    row.save(update_fields=["answer", "answered_at", "answered_by"])
    answered(f"incident:{row.pk}", by, at)
    tell("incident.answer", row.facility, by, at, incident=row.pk)
    return row


@transaction.atomic
def close_incident(*, incident_id: int, finding: str, by: Actor, at: datetime) -> Incident:
    """The desk above closes it, never whoever answered. Locks it.

    Raises NotAllowed("incident.same_person"), NotFound, MoveBlocked("incident.not_answered"),
    Invalid("incident.finding").
    """
    manages(by)
    row = _incident(incident_id, by)
    if row.answered_at is None:
        raise MoveBlocked("incident.not_answered")
    if row.answered_by == by.name:
        raise NotAllowed("incident.same_person")
    if not finding.strip():
        raise Invalid("incident.finding", field="finding")
    row.finding, row.closed_at, row.closed_by = finding.strip()[:400], at, by.name
    row.save(update_fields=["finding", "closed_at", "closed_by"])
    tell("incident.close", row.facility, by, at, incident=row.pk)
    return row
