"""Inspect by checklists, run campaigns over many places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.evidence.services import Made, add_file
from bihuan.core.loops.models import Domain, Obligation
from bihuan.core.loops.services.proof import File
from bihuan.core.orgs.looks import Outcome, settle_look
from bihuan.core.orgs.models import Sector
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import within
from bihuan.safety.models import Assignment, Campaign, Checklist, Establishment, Inspection
from bihuan.safety.rules.checklists import (
    EPIDEMIC,
    Item,
    answer_fault,
    is_gap,
    items_of,
    left_open,
)
from bihuan.safety.selectors.establishments import fetch_establishment
from bihuan.safety.selectors.inspections import (
    end_missing,
    fetch_campaign,
    fetch_checklist,
    fetch_inspection,
)
from bihuan.safety.selectors.joint import done_by
from bihuan.safety.services.hazards import NewHazard, report_hazard
from bihuan.safety.services.specials import awaited_by, settle_unit


@transaction.atomic
def begin_inspection(
    *, establishment_id: int, checklist_id: int, by: Actor, at: datetime,
    campaign_id: int | None = None,
) -> Inspection:  # fmt: skip
    """Begin to look at a place. Its own people inspect themselves, others as an authority.

    Raises NotFound, NotAllowed, Conflict("inspection.old_version" | "inspection.campaign").
    """
    place = fetch_establishment(establishment_id=establishment_id, by=by)
    may_inspect(place, by)
    checklist = fetch_checklist(checklist_id=checklist_id)
    if Checklist.objects.filter(code=checklist.code, version__gt=checklist.version).exists():
        raise Conflict("inspection.old_version", title=checklist.title)
    if campaign_id is not None:
        campaign = fetch_campaign(campaign_id=campaign_id, by=by)
        if campaign.ended_at is not None or not in_campaign(place, campaign):
            raise Conflict("inspection.campaign", title=campaign.title)
    row = new_inspection(place, checklist, by=by, begun_at=at)
    row.campaign_id = campaign_id or awaited_by(place, checklist)
    row.save()
    record(action="inspection.begin", subject=place.subject, by=by, at=at, scope=place.scope,
           facts={"checklist": str(checklist), "by_itself": row.by_itself})  # fmt: skip
    return row


def in_campaign(place: Establishment, campaign: Campaign) -> bool:
    """Whether a campaign sees a place: its sectors and area; a special one, the units it names."""
    fits = place.sector in campaign.sectors and place.scope.startswith(campaign.scope)
    return fits and (not campaign.special or campaign.units.filter(establishment=place).exists())


def may_inspect(place: Establishment, by: Actor) -> None:
    """Whoever runs a place inspects itself; others need a duty of inspection. Raises NotAllowed."""
    own = place.owner_org_id == by.org_id
    if not own and not (by.has("supervise.visit") or by.has("task.assign")):
        raise NotAllowed("not_allowed", duty="supervise.visit")


def new_inspection(
    place: Establishment, checklist: Checklist, *, by: Actor, begun_at: datetime
) -> Inspection:
    """The row of an inspection by the actor, not yet written."""
    return Inspection(
        establishment=place, checklist=checklist, scope=place.scope, sector=place.sector,
        owner_org_id=place.owner_org_id, issuer_org_id=by.org_id, post_id=by.post_id,
        by_itself=place.owner_org_id == by.org_id, begun_at=begun_at,
    )  # fmt: skip


def _under_way(inspection_id: int, by: Actor) -> Inspection:
    row = fetch_inspection(inspection_id=inspection_id, by=by, lock=True)
    if row.issuer_org_id != by.org_id:
        raise NotAllowed("inspection.not_inspector")
    if row.ended_at is not None:
        raise Conflict("inspection.ended")
    return row


def domains_of(item: Item) -> tuple[str, ...]:
    """The domains besides safety that a gap of an item concerns."""
    return (Domain.VENUES,) if item.counts_for(EPIDEMIC) else ()


def refuse_answer(item: Item, answer: Any, answers: Mapping[str, Any]) -> None:
    """Raises Invalid for an answer that does not fit its item or breaks its constraint."""
    fault = answer_fault(item, answer, answers)
    if fault is not None:
        broken = fault == "inspection.constraint"
        raise Invalid("inspection.constraint" if broken else "inspection.answer",
                      field="answer", name=item.text)  # fmt: skip


@transaction.atomic
def answer_item(
    *, inspection_id: int, item: str, answer: Any, note: str = "", by: Actor, at: datetime
) -> Obligation | None:
    """Answer one item; a gap becomes a hazard on the spot, once. Locks the inspection.

    Raises NotFound, NotAllowed, Conflict("inspection.ended" | "inspection.gap_stands"),
    Invalid("inspection.answer" | "inspection.constraint").
    """
    row = _under_way(inspection_id, by)
    line = next((one for one in items_of(row.checklist.items) if one.code == item), None)
    if line is None:
        raise Invalid("inspection.answer", field="answer")
    refuse_answer(line, answer, row.answers)
    if item in row.answers and is_gap(line, row.answers[item]):
        raise Conflict("inspection.gap_stands")
    row.answers[item] = answer
    hazard = None
    if is_gap(line, answer):
        given = NewHazard(line.finding, note, line.type or line.text[:60],
                          origin_name=row.checklist.title, inspection_id=row.pk,
                          domains=domains_of(line))  # fmt: skip
        hazard = report_hazard(establishment_id=row.establishment_id, given=given, by=by, at=at)
        row.found += 1
    row.save(update_fields=["answers", "found"])
    record(action="inspection.answer", subject=row.establishment.subject, by=by, at=at,
           scope=row.scope, facts={"item": line.text, "answer": answer})  # fmt: skip
    return hazard


@transaction.atomic
def add_photos(
    *, inspection_id: int, item: str, photos: Sequence[File], by: Actor, at: datetime
) -> Inspection:
    """Attach photos to an item that asks for them, or to the whole. Locks the inspection.

    Raises NotFound, NotAllowed, Conflict("inspection.ended"), Invalid("evidence.…").
    """
    row = _under_way(inspection_id, by)
    for photo in photos:
        add_file(subject=f"inspection:{row.pk}", scope=row.scope, name=photo.name,
                 chunks=photo.chunks(), made=Made(at, text=item), by=by, at=at)  # fmt: skip
    line = next((one for one in items_of(row.checklist.items) if one.code == item), None)
    if line is not None and line.kind == "image" and photos:
        row.answers[item] = row.answers.get(item, 0) + len(photos)
        row.save(update_fields=["answers"])
    return row


@transaction.atomic
def end_inspection(*, inspection_id: int, by: Actor, at: datetime) -> Inspection:
    """End it once every item has its answer; an authority's look is a survey too. Locks it.

    Raises NotFound, NotAllowed, Conflict, MoveBlocked("inspection.items_open").
    """
    row = _under_way(inspection_id, by)
    refuse_open(row)
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    settle(row, by=by, at=at)
    record(action="inspection.end", subject=row.establishment.subject, by=by, at=at,
           scope=row.scope, facts={"found": row.found})  # fmt: skip
    return row


def refuse_open(row: Inspection) -> None:
    """Raises MoveBlocked("inspection.items_open") naming what is not answered."""
    left = [item.text for item in left_open(items_of(row.checklist.items), row.answers)]
    if left:
        raise MoveBlocked("inspection.items_open", items=left[:5])


def settle(row: Inspection, *, by: Actor, at: datetime) -> None:
    """What an ended inspection does: the place is surveyed, stops and units have their result."""
    assert row.ended_at is not None, "the inspection has ended"
    if not row.by_itself:
        Establishment.objects.filter(pk=row.establishment_id).update(surveyed_at=row.ended_at)
    _settle_looks(row, _close_stops(row), by=by, at=at)
    if row.campaign_id is not None:
        settle_unit(row, by=by, at=at)


def _close_stops(row: Inspection) -> list[str]:
    """The stops of routes that an ended inspection does; one of a campaign makes it part of it.

    A stop of a campaign that runs may be done before its day, and by any authority, not only by
    the one on whose route it is. Gives the looks that other domains owed and that are made by it.
    """
    assert row.ended_at is not None, "the inspection has ended"
    today = local_date(row.ended_at)
    running = Q(campaign__starts__lte=today, campaign__ended_at=None)
    there = Assignment.objects.filter(
        Q(day__lte=today) | running, establishment=row.establishment_id, inspection=None,
        checklist__code=row.checklist.code,
    ).select_related("joint")  # fmt: skip
    own = there.filter(done_by(row.issuer_org_id))
    stop = own.order_by("day", "pk").first()
    closed = [stop] if stop is not None else []
    if stop is not None and stop.joint is not None and stop.joint.agreed_at is not None:
        # Offices that asked for the same list are satisfied by the same look.
        closed = [other for other in own if other.joint_id == stop.joint_id]
    campaign = row.campaign_id or next((one.campaign_id for one in closed if one.campaign_id), None)
    if not row.by_itself:
        others = there.filter(running, joint__agreed_at=None).order_by("day", "pk")
        campaign = campaign or others.values_list("campaign", flat=True).first()
        closed += [one for one in others.filter(campaign=campaign) if one not in closed]
    Assignment.objects.filter(pk__in=[one.pk for one in closed]).update(inspection=row)
    if row.campaign_id is None and campaign is not None:
        row.campaign_id = campaign
        row.save(update_fields=["campaign"])
    return [one.look for one in closed if one.look]


def _settle_looks(row: Inspection, looks: Sequence[str], *, by: Actor, at: datetime) -> None:
    """Tell the domains that owed these looks what was found, with the hazards opened for it."""
    if not looks:
        return
    assert row.ended_at is not None, "the inspection has ended"
    gaps = [item.text for item in items_of(row.checklist.items)
            if item.code in row.answers and is_gap(item, row.answers[item.code])]  # fmt: skip
    hazards = row.hazards.order_by("pk").values_list("pk", flat=True)
    told = Outcome(local_date(row.ended_at), f"inspection:{row.pk}", tuple(gaps), tuple(hazards))
    for key in looks:
        settle_look(key, told, by=by, at=at)


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """A great inspection of some sectors, or of all, in a period."""

    title: str
    sectors: tuple[str, ...]
    starts: date
    ends: date


@transaction.atomic
def open_campaign(*, given: NewCampaign, by: Actor, at: datetime) -> Campaign:
    """Open a campaign over every place of its sectors in the actor's area.

    Raises NotAllowed, Invalid("campaign.…"), NotFound("sector.not_found").
    """
    if not by.has("supervise.plan"):
        raise NotAllowed("not_allowed", duty="supervise.plan")
    if not given.title.strip() or given.ends < given.starts:
        raise Invalid("campaign.period", field="ends" if given.title.strip() else "title")
    codes = _sectors(given.sectors)
    places = Establishment.objects.filter(within("scope", by.scope), sector__in=codes,
                                          closed_at=None)  # fmt: skip
    total = places.count()
    if not total:
        raise Invalid("campaign.no_places", field="sectors")
    row = Campaign.objects.create(
        title=given.title.strip()[:120], sectors=codes, scope=by.scope, org_id=by.org_id,
        starts=given.starts, ends=given.ends, total=total, created_at=at,
    )  # fmt: skip
    record(action="campaign.open", subject=f"campaign:{row.pk}", by=by, at=at,
           facts={"title": row.title, "places": total, "sectors": codes})  # fmt: skip
    return row


def _sectors(codes: Sequence[str]) -> list[str]:
    """Each sector once, all of them known, at least one."""
    wanted = list(dict.fromkeys(codes))
    if not wanted:
        raise Invalid("campaign.sectors", field="sectors")
    known = set(Sector.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    unknown = [code for code in wanted if code not in known]
    if unknown:
        raise NotFound("sector.not_found", sector=unknown[0])
    return wanted


@transaction.atomic
def end_campaign(*, campaign_id: int, by: Actor, at: datetime) -> Campaign:
    """End a campaign: nothing it found is ungraded, nor major without an interim measure.

    Raises NotFound, NotAllowed, Conflict("campaign.ended" | "campaign.running"),
    MoveBlocked("campaign.ungraded" | "campaign.no_interim").
    """
    row = fetch_campaign(campaign_id=campaign_id, by=by)
    if row.org_id != by.org_id:
        raise NotAllowed("not_allowed", duty="supervise.plan")
    if row.ended_at is not None:
        raise Conflict("campaign.ended")
    missing = end_missing(row, by=by, at=at)
    if "campaign.running" in missing:
        raise Conflict("campaign.running")
    if missing:
        raise MoveBlocked(missing[0])
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    record(action="campaign.end", subject=f"campaign:{row.pk}", by=by, at=at, scope=row.scope)
    return row
