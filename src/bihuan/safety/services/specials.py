"""Open a special inspection: a task for each national unit, through the node it belongs to (M119)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.clock import day_end, local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.evidence.services import Made, add_statement
from bihuan.core.loops.models import Domain, Obligation
from bihuan.core.loops.services import act, issue, write_brief
from bihuan.core.loops.services.opening import Deadline
from bihuan.core.loops.services.raising import raise_loop
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.selectors import desk_of
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place
from bihuan.safety.models import Campaign, CampaignUnit, Checklist, Establishment, Inspection
from bihuan.safety.selectors.specials import owners_of

OPEN = ("issued", "acknowledged", "returned")


@dataclass(frozen=True, slots=True)
class NewSpecial:
    """A special inspection: its title, its days, the units it sees."""

    title: str
    starts: date
    ends: date
    establishment_ids: tuple[int, ...]


@transaction.atomic
def open_special(*, given: NewSpecial, by: Actor, at: datetime) -> Campaign:
    """Open it: the node's desk owes the whole, each unit its part of it until the last day.

    Only the node that a national unit is attached to may. Raises NotAllowed ("unit.attached"),
    NotFound, Invalid("campaign.period" | "special.units" | "special.sectors"),
    Conflict("hazard.no_owner").
    """
    if not by.has("supervise.plan"):
        raise NotAllowed("not_allowed", duty="supervise.plan")
    if not given.title.strip() or not local_date(at) <= given.ends >= given.starts:
        raise Invalid("campaign.period", field="ends" if given.title.strip() else "title")
    rows = _units(given.establishment_ids, by)
    row = Campaign.objects.create(
        title=given.title.strip()[:120], sectors=[rows[0].sector], scope=by.scope,
        org_id=by.org_id, starts=given.starts, ends=given.ends, total=len(rows), special=True,
        created_at=at,
    )  # fmt: skip
    whole = _whole(row, len(rows), by=by, at=at)
    owners = owners_of(rows)
    for one in rows:
        owner = owners.get(one.owner_org_id or 0)
        if owner is None:
            raise Conflict("hazard.no_owner", name=one.venue.name)
        task = _part(row, one, owner, whole, by=by, at=at)
        CampaignUnit.objects.create(campaign=row, establishment=one, task=task)
    record(action="campaign.open", subject=f"campaign:{row.pk}", by=by, at=at,
           facts={"title": row.title, "places": len(rows), "special": True})  # fmt: skip
    return row


def _units(ids: Sequence[int], by: Actor) -> list[Establishment]:
    """The units, of one sector, all attached to the actor's own place."""
    found = Establishment.objects.filter(pk__in=ids, closed_at=None)
    rows = list(found.select_related("venue__place", "owner_org").order_by("pk"))
    if not rows:
        raise Invalid("special.units", field="establishment_ids")
    if len(rows) != len(set(ids)) or any(not row.scope.startswith(by.scope) for row in rows):
        raise NotFound("establishment.not_found", id=list(ids))
    if len({row.sector for row in rows}) != 1 or not rows[0].sector:
        raise Invalid("special.sectors", field="establishment_ids")
    for row in rows:
        org = row.owner_org
        if org is None or not org.attached or org.place_id != by.place_id:
            raise NotAllowed("unit.attached", org=org.name if org else row.venue.name)
    return rows


def _said(row: Campaign, title: str, text: str) -> BriefInput:
    return BriefInput(
        title=title[:200], text=text, domain=Domain.SAFETY, sector=row.sectors[0],
        criterion="检查表各项都有结果,查出的隐患都已登记",
    )  # fmt: skip


def _whole(row: Campaign, units: int, *, by: Actor, at: datetime) -> Obligation:
    """What the node itself owes: it is done when every unit is."""
    place = Place.objects.get(pk=by.place_id)
    own = Post.objects.select_related("org", "place").get(pk=by.post_id)
    text = f"{row.starts} 至 {row.ends},共 {units} 个单位,逐家检查并汇总。"
    brief = write_brief(given=_said(row, row.title, text), place=place, at=at)
    return raise_loop(
        flow="task", brief=brief, owner=desk_of(place_ids=[place.pk]).get(place.pk, own),
        issuer=own, deadline=Deadline(day_end(row.ends)), origin=f"campaign:{row.pk}", by=by,
        at=at,
    )  # fmt: skip


def _part(
    row: Campaign, one: Establishment, owner: Post, whole: Obligation, *, by: Actor, at: datetime
) -> Obligation:
    """A unit's part: through the node, so that no other place orders it (M019)."""
    title = f"{row.title}:{one.venue.name}"
    text = f"{row.starts} 至 {row.ends},按检查表检查“{one.venue.name}”,隐患逐条登记。"
    brief = write_brief(given=_said(row, title, text), place=owner.place, at=at)
    return issue(
        brief=brief, owner_post_id=owner.pk, by=by, at=at, parent=whole,
        deadline=Deadline(day_end(row.ends)), origin=f"campaign:{row.pk}",
    )  # fmt: skip


def awaited_by(place: Establishment, checklist: Checklist) -> int | None:
    """The special inspection that waits for the result of a place by a list of its sector."""
    rows = CampaignUnit.objects.filter(
        establishment=place, result=None, campaign__ended_at=None,
        campaign__sectors__contains=[checklist.sector_id],
    )  # fmt: skip
    return rows.order_by("pk").values_list("campaign", flat=True).first()


def settle_unit(look: Inspection, *, by: Actor, at: datetime) -> None:
    """An ended inspection is the result of its unit; made by the unit itself it proves its task."""
    unit = CampaignUnit.objects.select_related("task").filter(
        campaign=look.campaign_id, establishment=look.establishment_id, result=None
    ).first()  # fmt: skip
    if unit is None:
        return
    unit.result = look
    unit.save(update_fields=["result"])
    task = unit.task
    if task.closed_at is not None:
        return
    add_statement(subject=task.subject, scope=task.scope, kind="statement", by=by, at=at,
                  made=Made(at, text=f"检查已结束,查出隐患 {look.found} 项"))  # fmt: skip
    if task.owner_org_id == by.org_id and task.state in OPEN:
        act(obligation_id=task.pk, move="prove", by=by, at=at)
