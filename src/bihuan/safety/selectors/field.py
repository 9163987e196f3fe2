"""What a device takes along for a day, and what waits for a decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, Q, QuerySet

from bihuan.core.clock import local_date
from bihuan.core.errors import NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.safety.models import Assignment, Checklist, Establishment, FieldEntry, Inspection
from bihuan.safety.rules.fields import fields_of
from bihuan.safety.selectors.catalogue import HAZARD
from bihuan.safety.selectors.inspections import everyday_lists

MOST_STOPS = 60
LOOK_BACK = timedelta(days=7)  # a stop that was not done stays on the route this long


@dataclass(frozen=True, slots=True)
class OpenHazard:
    """A hazard that is open at a place of the route."""

    number: str
    title: str
    grade: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class StopRow:
    """One stop as the device keeps it; `seen` is what it must find unchanged."""

    id: str
    establishment: int
    name: str
    place: str
    address: str
    day: date
    own: bool
    checklist: int
    facts: tuple[tuple[str, str, Any], ...]  # title, English title, value
    seen: dict[str, Any]
    hazards: tuple[OpenHazard, ...]
    sector: str
    visit: int | None  # stops of one joint visit are one card, with one signature
    asked: tuple[str, ...]  # the offices that asked


@dataclass(frozen=True, slots=True)
class PackedList:
    """A checklist as the device keeps it."""

    id: int
    title: str
    title_en: str
    version: int
    items: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Pack:
    """A day without a signal in one download."""

    at: datetime
    day: date
    stops: tuple[StopRow, ...]
    checklists: tuple[PackedList, ...]
    criteria: tuple[dict[str, Any], ...]
    codes: tuple[dict[str, Any], ...]
    may_grade: bool


def day_pack(*, by: Actor, at: datetime) -> Pack:
    """Today's route of the post, or the places of the unit, with all they need. Five queries, seven for a unit."""
    stops = _own_stops(by, at) if by.has("problem.do") and not by.has("task.assign") else []
    stops += _assigned(by, at)
    hazards = _open_hazards([one.place.pk for one in stops])
    inspected = last_inspections([one.place.pk for one in stops])
    lists = {one.checklist.pk: one.checklist for one in stops}
    return Pack(
        at, local_date(at),
        tuple(_stop(one, by, hazards, inspected) for one in stops),
        tuple(PackedList(r.pk, r.title, r.title_en, r.version, r.items) for r in lists.values()),
        tuple({name: row[name] for name in ("key", "sectors", "title", "title_en")}
              | {"rehousing": bool(row.get("rehousing"))}
              for row in registry.table("safety_criterion", at, scope=by.scope)),
        registry.table("safety_quick_code", at, scope=by.scope), by.has("problem.grade"),
    )  # fmt: skip


@dataclass(slots=True)
class Stop:
    """A place to see by a checklist, for whom."""

    place: Establishment
    checklist: Checklist
    day: date
    visit: int | None = None
    asked: tuple[str, ...] = ()


def _places() -> QuerySet[Establishment]:
    return Establishment.objects.select_related("venue__place", "kind")


def _own_stops(by: Actor, at: datetime) -> list[Stop]:
    """Every place the unit runs, by the latest checklist of its sector that is for every day."""
    latest = everyday_lists(scope=by.scope, at=at)
    rows = _places().filter(owner_org=by.org_id, closed_at=None).order_by("pk")[:MOST_STOPS]
    return [Stop(row, latest[row.sector], local_date(at)) for row in rows if row.sector in latest]


def _assigned(by: Actor, at: datetime) -> list[Stop]:
    """The stops of the post, without those another goes for; two askings of one list are one."""
    today = local_date(at)
    goes = Q(post=by.post_id, joint__agreed_at=None)
    goes |= Q(joint__goes=by.post_id, joint__agreed_at__isnull=False)
    rows = Assignment.objects.filter(
        goes, inspection=None, day__lte=today, day__gte=today - LOOK_BACK
    ).select_related(
        "establishment__venue__place", "establishment__kind", "checklist", "asked_by", "joint"
    )
    found: dict[tuple[int, int], Stop] = {}
    for row in rows.order_by("day", "position", "pk")[:MOST_STOPS]:
        merged = row.joint_id if row.joint is not None and row.joint.agreed_at else None
        fresh = Stop(row.establishment, row.checklist, row.day, merged)
        stop = found.setdefault((row.establishment_id, row.checklist_id), fresh)
        stop.asked = tuple(dict.fromkeys((*stop.asked, row.asked_by.name)))
    return list(found.values())


def _open_hazards(ids: Sequence[int]) -> dict[int, list[OpenHazard]]:
    rows = Obligation.objects.filter(
        origin__in=[f"{HAZARD}{pk}" for pk in ids], flow="problem", closed_at=None
    ).select_related("brief", "problem")
    found: dict[int, list[OpenHazard]] = {}
    for row in rows.order_by("due_at"):
        told = OpenHazard(row.number, row.brief.title, row.problem.grade, row.due_at)
        found.setdefault(int(row.origin.removeprefix(HAZARD)), []).append(told)
    return found


def last_inspections(ids: Sequence[int]) -> dict[tuple[int, str, bool], int]:
    """The last ended inspection by place, checklist and whether it was its own. One query."""
    rows = Inspection.objects.filter(establishment__in=ids, ended_at__isnull=False)
    grouped = rows.values_list("establishment", "checklist__code", "by_itself")
    return {(pk, code, own): last for pk, code, own, last in grouped.annotate(last=Max("pk"))}


def seen_of(place: Establishment, inspected: int) -> dict[str, Any]:
    """What must not change between the download and the inspection."""
    own = {f"own_{f.key}": place.fields.get(f.key) for f in fields_of(place.kind.schema)}
    return {
        "name": place.venue.name, "address": place.address, "code": place.code,
        "head": place.head, "closed": place.closed_at is not None, "inspected": inspected, **own,
    }  # fmt: skip


def _stop(
    stop: Stop, by: Actor, hazards: dict[int, list[OpenHazard]],
    inspected: dict[tuple[int, str, bool], int],
) -> StopRow:  # fmt: skip
    place, checklist = stop.place, stop.checklist
    own = place.owner_org_id == by.org_id
    facts = tuple(
        (field.words("zh"), field.words("en"), place.fields.get(field.key))
        for field in fields_of(place.kind.schema)
    )
    return StopRow(
        f"{place.pk}-{checklist.pk}", place.pk, place.venue.name, place.venue.place.name,
        place.address, stop.day, own, checklist.pk, facts,
        seen_of(place, inspected.get((place.pk, checklist.code, own), 0)),
        tuple(hazards.get(place.pk, ())[:10]), place.sector, stop.visit, stop.asked,
    )  # fmt: skip


def fetch_entry(*, entry_id: int, by: Actor, lock: bool = False) -> FieldEntry:
    """The one door to what a device sent: for its own body. Raises NotFound("field.not_found")."""
    rows = FieldEntry.objects.select_related(
        "establishment__venue__place", "establishment__kind", "checklist", "device__account"
    )
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(pk=entry_id, issuer_org=by.org_id).first()
    if row is None:
        raise NotFound("field.not_found", id=entry_id)
    return row


def waiting_entries(*, by: Actor) -> Sequence[FieldEntry]:
    """What was sent from the field and waits for the body's decision. One query."""
    rows = FieldEntry.objects.filter(issuer_org=by.org_id, state="conflict")
    return list(rows.select_related("establishment__venue", "checklist").order_by("-pk")[:50])


def rival(entry: FieldEntry) -> Inspection | None:
    """The inspection that somebody else made meanwhile, by the same checklist. One query."""
    number = next((there for name, _seen, there in entry.differs if name == "inspected"), 0)
    rows = Inspection.objects.select_related("checklist", "post")
    return rows.filter(pk=number, establishment=entry.establishment_id).first()
