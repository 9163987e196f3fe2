"""Give a campaign phases and topics; say which rule came out of which hazard (M117)."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.types import Actor
from bihuan.safety.models import Campaign, Phase, SystemMeasure, Topic
from bihuan.safety.selectors.inspections import campaign_hazards, fetch_campaign

KINDS = ("start", "attack", "consolidate")


def own_campaign(campaign_id: int, by: Actor) -> Campaign:
    """A campaign of the actor's body that still runs."""
    row = fetch_campaign(campaign_id=campaign_id, by=by)
    if row.org_id != by.org_id or not by.has("supervise.plan"):
        raise NotAllowed("not_allowed", duty="supervise.plan")
    if row.ended_at is not None:
        raise Conflict("campaign.ended")
    return row


@transaction.atomic
def set_phase(
    *, campaign_id: int, kind: str, starts: date, ends: date, by: Actor, at: datetime
) -> Phase:
    """Write down a phase, or move it. It lies inside the campaign and overlaps no other.

    Raises NotFound, NotAllowed, Conflict("campaign.ended"), Invalid("campaign.phase").
    """
    row = own_campaign(campaign_id, by)
    others = row.phases.exclude(kind=kind)
    overlaps = others.filter(starts__lte=ends, ends__gte=starts).exists()
    inside = row.starts <= starts <= ends <= row.ends
    if kind not in KINDS or not inside or overlaps:
        raise Invalid("campaign.phase", field="ends")
    phase, _fresh = Phase.objects.update_or_create(
        campaign=row, kind=kind, defaults={"starts": starts, "ends": ends}
    )
    record(action="campaign.phase", subject=f"campaign:{row.pk}", by=by, at=at, scope=row.scope,
           facts={"kind": kind, "starts": str(starts), "ends": str(ends)})  # fmt: skip
    return phase


@transaction.atomic
def add_topic(
    *, campaign_id: int, title: str, types: Sequence[str], by: Actor, at: datetime
) -> Topic:
    """Add a topic: the hazards of its types are its list of problems.

    Raises NotFound, NotAllowed, Conflict("campaign.ended"), Invalid("campaign.topic").
    """
    row = own_campaign(campaign_id, by)
    kinds = [kind.strip()[:60] for kind in types if kind.strip()]
    if not title.strip() or not kinds:
        raise Invalid("campaign.topic", field="types" if title.strip() else "title")
    topic = Topic.objects.create(campaign=row, title=title.strip()[:120], types=kinds)
    record(action="campaign.topic", subject=f"campaign:{row.pk}", by=by, at=at, scope=row.scope,
           facts={"title": topic.title, "types": kinds})  # fmt: skip
    return topic


def _hazard(row: Campaign, number: str) -> Obligation | None:
    """The hazard of a campaign that people call by its number."""
    serial = number.rpartition("-")[2]
    if not serial.isdecimal():
        return None
    found = campaign_hazards(row).filter(pk=int(serial)).first()
    return found if found is not None and found.number == number else None


@transaction.atomic
def add_measure(
    *, campaign_id: int, topic_id: int, title: str, number: str, by: Actor, at: datetime
) -> SystemMeasure:
    """Write down a rule or system that came out of a hazard of the campaign.

    Raises NotFound, NotAllowed, Conflict("campaign.ended"), Invalid("campaign.measure").
    """
    row = own_campaign(campaign_id, by)
    topic = Topic.objects.filter(campaign=row, pk=topic_id).first()
    if topic is None:
        raise NotFound("campaign.not_found", id=topic_id)
    hazard = _hazard(row, number.strip())
    if not title.strip() or (number.strip() and hazard is None):
        raise Invalid("campaign.measure", field="number" if title.strip() else "title")
    made = SystemMeasure.objects.create(
        topic=topic, title=title.strip()[:200], hazard_id=hazard.pk if hazard else None, at=at,
        by=by.name,
    )  # fmt: skip
    record(action="campaign.measure", subject=f"campaign:{row.pk}", by=by, at=at, scope=row.scope,
           facts={"title": made.title, "hazard": number.strip()})  # fmt: skip
    return made
