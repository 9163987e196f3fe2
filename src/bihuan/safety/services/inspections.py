"""Write checklists, inspect by them, run campaigns over many places."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.models import Sector
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import within
from bihuan.safety.models import Campaign, Checklist, Establishment, Inspection
from bihuan.safety.selectors.establishments import fetch_establishment
from bihuan.safety.selectors.inspections import campaign_hazards, fetch_campaign, fetch_inspection
from bihuan.safety.services.catalogue import CODE
from bihuan.safety.services.hazards import NewHazard, report_hazard

ANSWERS = ("fine", "gap", "absent")
MOST_ITEMS = 200


@transaction.atomic
def write_checklist(
    *, code: str, title: str, sector: str, items: Sequence[tuple[str, str]], by: Actor,
    at: datetime,
) -> Checklist:  # fmt: skip
    """Write a checklist as its next version; earlier ones stay for the inspections by them.

    `items` are text and type of hazard. Raises NotAllowed, NotFound, Invalid("inspection.…").
    """
    if not by.has("supervise.plan"):
        raise NotAllowed("not_allowed", duty="supervise.plan")
    if CODE.fullmatch(code) is None:
        raise Invalid("catalogue.code", field="code")
    lines = [(text.strip()[:200], kind.strip()[:60]) for text, kind in items if text.strip()]
    if not title.strip() or not 0 < len(lines) <= MOST_ITEMS:
        raise Invalid("inspection.checklist", field="items" if title.strip() else "title")
    if not Sector.objects.filter(pk=sector).exists():
        raise NotFound("sector.not_found", sector=sector)
    last = Checklist.objects.filter(code=code).order_by("-version").first()
    row = Checklist.objects.create(
        code=code, version=(last.version if last else 0) + 1, title=title.strip()[:120],
        sector_id=sector, written_at=at, written_by=by.name,
        items=[{"code": str(n), "text": text, "type": kind or text[:60]}
               for n, (text, kind) in enumerate(lines, start=1)],
    )  # fmt: skip
    record(action="inspection.checklist", subject=f"checklist:{row.pk}", by=by, at=at,
           facts={"code": code, "version": row.version})  # fmt: skip
    return row


@transaction.atomic
def begin_inspection(
    *, establishment_id: int, checklist_id: int, by: Actor, at: datetime,
    campaign_id: int | None = None,
) -> Inspection:  # fmt: skip
    """Begin to look at a place. Its own people inspect themselves, others as an authority.

    Raises NotFound, NotAllowed, Conflict("inspection.old_version" | "inspection.campaign").
    """
    place = fetch_establishment(establishment_id=establishment_id, by=by)
    own = place.owner_org_id == by.org_id
    if not own and not (by.has("supervise.visit") or by.has("task.assign")):
        raise NotAllowed("not_allowed", duty="supervise.visit")
    checklist = Checklist.objects.filter(pk=checklist_id).first()
    if checklist is None:
        raise NotFound("inspection.not_found", id=checklist_id)
    if Checklist.objects.filter(code=checklist.code, version__gt=checklist.version).exists():
        raise Conflict("inspection.old_version", title=checklist.title)
    if campaign_id is not None:
        campaign = fetch_campaign(campaign_id=campaign_id, by=by)
        fits = place.sector == campaign.sector_id and place.scope.startswith(campaign.scope)
        if campaign.ended_at is not None or not fits:
            raise Conflict("inspection.campaign", title=campaign.title)
    row = Inspection.objects.create(
        establishment=place, checklist=checklist, campaign_id=campaign_id, scope=place.scope,
        sector=place.sector, owner_org_id=place.owner_org_id, issuer_org_id=by.org_id,
        post_id=by.post_id, by_itself=own, begun_at=at,
    )  # fmt: skip
    record(action="inspection.begin", subject=place.subject, by=by, at=at, scope=place.scope,
           facts={"checklist": str(checklist), "by_itself": own})  # fmt: skip
    return row


def _under_way(inspection_id: int, by: Actor) -> Inspection:
    row = fetch_inspection(inspection_id=inspection_id, by=by, lock=True)
    if row.issuer_org_id != by.org_id:
        raise NotAllowed("inspection.not_inspector")
    if row.ended_at is not None:
        raise Conflict("inspection.ended")
    return row


@transaction.atomic
def answer_item(
    *, inspection_id: int, item: str, answer: str, note: str = "", by: Actor, at: datetime
) -> Obligation | None:
    """Answer one item; a gap becomes a hazard on the spot, once. Locks the inspection.

    Raises NotFound, NotAllowed, Conflict("inspection.ended" | "inspection.gap_stands"),
    Invalid("inspection.answer").
    """
    row = _under_way(inspection_id, by)
    line = next((one for one in row.checklist.items if one["code"] == item), None)
    if line is None or answer not in ANSWERS:
        raise Invalid("inspection.answer", field="answer")
    if row.answers.get(item) == "gap":
        raise Conflict("inspection.gap_stands")
    row.answers[item] = answer
    hazard = None
    if answer == "gap":
        given = NewHazard(line["text"], note, line["type"], origin_name=row.checklist.title)
        hazard = report_hazard(establishment_id=row.establishment_id, given=given, by=by, at=at)
        row.found += 1
    row.save(update_fields=["answers", "found"])
    record(action="inspection.answer", subject=row.establishment.subject, by=by, at=at,
           scope=row.scope, facts={"item": line["text"], "answer": answer})  # fmt: skip
    return hazard


@transaction.atomic
def end_inspection(*, inspection_id: int, by: Actor, at: datetime) -> Inspection:
    """End it once every item has its answer; an authority's look is a survey too. Locks it.

    Raises NotFound, NotAllowed, Conflict, MoveBlocked("inspection.items_open").
    """
    row = _under_way(inspection_id, by)
    left = [one["text"] for one in row.checklist.items if one["code"] not in row.answers]
    if left:
        raise MoveBlocked("inspection.items_open", items=left[:5])
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    if not row.by_itself:
        Establishment.objects.filter(pk=row.establishment_id).update(surveyed_at=at)
    record(action="inspection.end", subject=row.establishment.subject, by=by, at=at,
           scope=row.scope, facts={"found": row.found})  # fmt: skip
    return row


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """A great inspection of one sector in a period."""

    title: str
    sector: str
    starts: date
    ends: date


@transaction.atomic
def open_campaign(*, given: NewCampaign, by: Actor, at: datetime) -> Campaign:
    """Open a campaign over every place of a sector in the actor's area.

    Raises NotAllowed, Invalid("campaign.…"), NotFound("sector.not_found").
    """
    if not by.has("supervise.plan"):
        raise NotAllowed("not_allowed", duty="supervise.plan")
    if not given.title.strip() or given.ends < given.starts:
        raise Invalid("campaign.period", field="ends" if given.title.strip() else "title")
    if not Sector.objects.filter(pk=given.sector).exists():
        raise NotFound("sector.not_found", sector=given.sector)
    places = Establishment.objects.filter(within("scope", by.scope), sector=given.sector,
                                          closed_at=None)  # fmt: skip
    total = places.count()
    if not total:
        raise Invalid("campaign.no_places", field="sector")
    row = Campaign.objects.create(
        title=given.title.strip()[:120], sector_id=given.sector, scope=by.scope, org_id=by.org_id,
        starts=given.starts, ends=given.ends, total=total, created_at=at,
    )  # fmt: skip
    record(action="campaign.open", subject=f"campaign:{row.pk}", by=by, at=at,
           facts={"title": row.title, "places": total})  # fmt: skip
    return row


@transaction.atomic
def end_campaign(*, campaign_id: int, by: Actor, at: datetime) -> Campaign:
    """End a campaign: nothing it found is ungraded, nor major without an interim measure.

    Raises NotFound, NotAllowed, Conflict("campaign.ended" | "campaign.running"),
    MoveBlocked("campaign.ungraded" | "campaign.no_interim").
    """
    row = fetch_campaign(campaign_id=campaign_id, by=by)
    if row.org_id != by.org_id:
        raise NotAllowed("not_allowed", duty="supervise.plan")
    if row.ended_at is not None or local_date(at) <= row.ends:
        raise Conflict("campaign.ended" if row.ended_at else "campaign.running")
    left = campaign_hazards(row).filter(sight(by), closed_at=None)
    if left.filter(problem__grade="").exists():
        raise MoveBlocked("campaign.ungraded")
    if left.filter(problem__grade="major", problem__interim="").exists():
        raise MoveBlocked("campaign.no_interim")
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    record(action="campaign.end", subject=f"campaign:{row.pk}", by=by, at=at, scope=row.scope)
    return row
