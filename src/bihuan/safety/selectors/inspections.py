"""Checklists, inspections, the quality of self-inspection, campaigns with their figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count as Counted
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from bihuan.core.clock import day_end, day_start, local_date
from bihuan.core.errors import NotFound
from bihuan.core.evidence.models import Item
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.proofs import proof_file
from bihuan.core.orgs.rules import SEES_PLACE, SEES_SECTORS
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.rules import upper_paths
from bihuan.core.places.types import within
from bihuan.safety.models import Assignment, Campaign, Checklist, Establishment, Inspection
from bihuan.safety.rules.inspections import next_due, self_quality
from bihuan.safety.selectors.area import in_sight, newest_keys
from bihuan.safety.selectors.catalogue import HAZARD

WEEK = timedelta(days=7)
PAGE = 50


def checklists() -> Sequence[Checklist]:
    """The latest version of each checklist, by code. Two queries."""
    latest = Checklist.objects.values("code").annotate(last=Max("version"))
    newest = Q(pk__in=())
    for line in latest:
        newest |= Q(code=line["code"], version=line["last"])
    return list(Checklist.objects.filter(newest).select_related("sector").order_by("code"))


def _special(scope: str, at: datetime) -> set[str]:
    """The lists for one occasion alone, which nobody goes through day by day. No query."""
    rows = registry.table("safety_checklist", at, scope=scope)
    return {str(row["code"]) for row in rows if row.get("special")}


def lists_for(place: Establishment, *, at: datetime) -> list[Checklist]:
    """Every list, as a place wants them: of its sector first, those for one occasion last."""
    special = _special(place.scope, at)
    return sorted(
        checklists(), key=lambda row: (row.sector_id != place.sector, row.code in special)
    )


def everyday_lists(*, scope: str, at: datetime) -> dict[str, Checklist]:
    """The list of each sector by which its places are looked at day by day. Two queries."""
    special = _special(scope, at)
    found: dict[str, Checklist] = {}
    for row in checklists():
        if row.code not in special:
            found.setdefault(row.sector_id, row)
    return found


def usual_checklist(place: Establishment) -> int | None:
    """The latest version of the list that an authority last inspected a place by. Two queries."""
    looks = Inspection.objects.filter(establishment=place, by_itself=False)
    code = looks.order_by("-begun_at").values_list("checklist__code", flat=True).first()
    rows = Checklist.objects.filter(code=code or "").order_by("-version")
    return rows.values_list("pk", flat=True).first()


def fetch_checklist(*, checklist_id: int) -> Checklist:
    """One version of a checklist. Raises NotFound("inspection.not_found")."""
    row = Checklist.objects.select_related("sector").filter(pk=checklist_id).first()
    if row is None:
        raise NotFound("inspection.not_found", id=checklist_id)
    return row


def fetch_inspection(*, inspection_id: int, by: Actor, lock: bool = False) -> Inspection:
    """The one door to an inspection. Raises NotFound("inspection.not_found")."""
    rows = Inspection.objects.select_related("establishment__venue", "checklist", "post")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(sight(by), pk=inspection_id).first()
    if row is None:
        raise NotFound("inspection.not_found", id=inspection_id)
    return row


def inspection_proofs(row: Inspection) -> Sequence[Item]:
    """Photos and the signature of an inspection the reader has fetched. One query."""
    return list(Item.objects.filter(subject=f"inspection:{row.pk}").order_by("pk"))


def inspection_photo(*, item_id: int, by: Actor) -> Item:
    """One photo, through the door of its inspection; any other through that of all evidence.

    Raises NotFound("inspection.not_found" | "evidence.not_found").
    """
    item = Item.objects.filter(pk=item_id, kind="photo").first()
    head, _colon, serial = item.subject.partition(":") if item is not None else ("", "", "")
    if item is None or head != "inspection":
        return proof_file(item_id=item_id, by=by)
    fetch_inspection(inspection_id=int(serial), by=by)
    return item


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """One inspection in a list; `title`, `title_en` and `version` are those of its checklist."""

    id: int
    establishment: str
    place: str
    title: str
    title_en: str
    version: int
    post: str
    by_itself: bool
    begun_at: datetime
    found: int
    ended_at: datetime | None


# The answers and the items of the checklist stay where they are: a page would read fifty of both.
SHOWN = (
    "pk", "establishment__venue__name", "establishment__venue__place__name", "checklist__title",
    "checklist__title_en", "checklist__version", "post__title", "by_itself", "begun_at", "found",
    "ended_at",
)  # fmt: skip


def inspections(
    *, by: Actor, after: str = "", size: int = PAGE
) -> tuple[tuple[InspectionRow, ...], str]:
    """Inspections the post may see, newest first, and the key that goes on. Two queries.

    Four for a department, three for a unit.
    """
    keys, more = newest_keys(Inspection.objects.all(), in_sight(by=by), after=after, size=size)
    found = Inspection.objects.filter(pk__in=keys).order_by("-pk").values_list(*SHOWN)
    return tuple(InspectionRow(*row) for row in found), more


@dataclass(frozen=True, slots=True)
class SelfInspection:
    """How much of what an authority found a place had listed itself; when it is due again."""

    known: int
    found: int
    due_at: datetime


def self_inspection(row: Establishment, *, at: datetime) -> SelfInspection | None:
    """Against the last look of an authority, what the place listed in the same week (M016).

    None before the first look. Three queries.
    """
    looks = Inspection.objects.filter(establishment=row, by_itself=False, ended_at__lte=at)
    last = looks.order_by("-ended_at").first()
    if last is None or last.ended_at is None:
        return None
    found = Obligation.objects.filter(origin=f"{HAZARD}{row.pk}")
    meanwhile = Q(opened_at__gte=last.begun_at, opened_at__lte=last.ended_at)
    theirs = found.filter(Q(hazard__inspection=last) | Q(hazard__inspection=None) & meanwhile,
                          hazard__own_find=False)  # fmt: skip
    own = found.filter(hazard__own_find=True, opened_at__gte=last.begun_at - WEEK,
                       opened_at__lte=last.begun_at)  # fmt: skip
    kinds = [list(rows.values_list("problem__type_code", flat=True)) for rows in (theirs, own)]
    quality = self_quality(*kinds)
    limit = {
        key: registry.value(f"inspection.{key}", at, scope=row.scope).value
        for key in ("days", "short_days", "least_quality")
    }
    due = next_due(
        last.ended_at, quality, days=int(limit["days"]), short_days=int(limit["short_days"]),
        least=float(limit["least_quality"]),
    )  # fmt: skip
    return SelfInspection(*quality, due)


def fetch_campaign(*, campaign_id: int, by: Actor) -> Campaign:
    """The one door to a campaign: the area's own, and those of the areas above.

    Whoever supervises reads it, and every office that it put places on the route of.
    Raises NotFound("campaign.not_found").
    """
    row = Campaign.objects.filter(pk=campaign_id).first()
    known = row is not None and (by.scope.startswith(row.scope) or row.scope.startswith(by.scope))
    if row is None or not known or not (by.has("supervise.visit") or _handed(by, row)):
        raise NotFound("campaign.not_found", id=campaign_id)
    return row


def _handed(by: Actor, row: Campaign) -> bool:
    """Whether a campaign has put places on the routes of the actor's office. One query."""
    return by.role in SEES_PLACE | SEES_SECTORS and _stops_of(by).filter(campaign=row).exists()


def _stops_of(by: Actor) -> QuerySet[Assignment]:
    return Assignment.objects.filter(post__org=by.org_id)


def campaigns(*, by: Actor) -> Sequence[Campaign]:
    """Campaigns of the area and of those above it, the newest 50. One query.

    Who does not supervise is shown those that put places on the routes of their office.
    """
    near = within("scope", by.scope) | Q(scope__in=upper_paths(by.scope))
    if not by.has("supervise.visit"):
        if by.role not in SEES_PLACE | SEES_SECTORS:
            return []
        near &= Q(Exists(_stops_of(by).filter(campaign=OuterRef("pk"))))
    return list(Campaign.objects.filter(near).order_by("-pk")[:50])


def campaign_hazards(row: Campaign) -> QuerySet[Obligation]:
    """Hazards found in the sectors and area during the campaign; of a special one, by its looks."""
    if row.special:
        return Obligation.objects.filter(hazard__inspection__campaign=row)
    return Obligation.objects.filter(
        flow="problem", origin__startswith=HAZARD, sector__in=row.sectors,
        scope__startswith=row.scope, opened_at__gte=day_start(row.starts),
        opened_at__lt=day_end(row.ends),
    )  # fmt: skip


def end_missing(row: Campaign, *, by: Actor, at: datetime) -> tuple[str, ...]:
    """Why a campaign cannot end yet, as codes. Two queries."""
    left = campaign_hazards(row).filter(sight(by), closed_at=None)
    gates = {
        "campaign.running": local_date(at) <= row.ends,
        "campaign.ungraded": left.filter(problem__grade="").exists(),
        "campaign.no_interim": left.filter(problem__grade="major", problem__interim="").exists(),
    }
    return tuple(code for code, shut in gates.items() if shut)


@dataclass(frozen=True, slots=True)
class CampaignFigures:
    """What a campaign found: hazards by grade, closed, overdue."""

    general: int
    major: int
    ungraded: int
    closed: int
    overdue: int

    @property
    def closing(self) -> float | None:
        """Closed of all found; None where nothing was found."""
        found = self.general + self.major + self.ungraded
        return self.closed / found if found else None


def campaign_figures(row: Campaign, *, by: Actor, at: datetime) -> CampaignFigures:
    """The hazards of a campaign in the reader's area. One query."""
    found = campaign_hazards(row).filter(sight(by)).aggregate(
        general=Counted("pk", filter=Q(problem__grade="general")),
        major=Counted("pk", filter=Q(problem__grade="major")),
        ungraded=Counted("pk", filter=Q(problem__grade="")),
        closed=Counted("pk", filter=Q(closed_at__isnull=False)),
        overdue=Counted("pk", filter=Q(closed_at=None, due_at__lte=at)),
    )  # fmt: skip
    return CampaignFigures(**found)
