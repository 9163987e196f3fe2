"""A special inspection: its units with task and result, what is open with its deadline (M119)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F

from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.safety.models import Campaign, CampaignUnit, Establishment, Hazard
from bihuan.safety.rules.specials import Group, UnitResult, grouped

MOST = 500


def nameable(*, by: Actor) -> Sequence[Establishment]:
    """Establishments of national units that the actor's place coordinates. One query."""
    rows = Establishment.objects.filter(
        owner_org__attached=True, owner_org__place=by.place_id, closed_at=None
    ).exclude(sector="")  # fmt: skip
    return list(rows.select_related("venue__sector", "owner_org").order_by("sector", "pk")[:MOST])


def owners_of(rows: Sequence[Establishment]) -> dict[int, Post]:
    """The first post of each unit that runs one of them. One query."""
    posts = Post.objects.filter(org__in={row.owner_org_id for row in rows}, valid_to=None)
    found: dict[int, Post] = {}
    for post in posts.select_related("org", "place").order_by("order", "pk"):
        found.setdefault(post.org_id, post)
    return found


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit as the page shows it."""

    unit: CampaignUnit
    result: UnitResult


@dataclass(frozen=True, slots=True)
class Special:
    """A special inspection: its units, the open items, and the sums by what units declare."""

    units: tuple[UnitRow, ...]
    open: tuple[Hazard, ...]
    groups: tuple[tuple[dict[str, Any], tuple[Group, ...]], ...]
    parent: Obligation | None  # the task of the node through which they went out

    @property
    def done(self) -> int:
        """Units whose result is in."""
        return sum(one.result.done for one in self.units)


def special(row: Campaign, *, at: datetime) -> Special:
    """Units and findings of a special inspection the caller has fetched. Two queries."""
    units = list(
        CampaignUnit.objects.filter(campaign=row).select_related(
            "establishment__venue", "establishment__owner_org", "task__parent", "task__owner_post",
            "result",
        ).order_by("pk")
    )  # fmt: skip
    hazards = list(
        Hazard.objects.filter(
            inspection__campaign=row, establishment__in=[one.establishment_id for one in units]
        ).select_related("obligation__brief", "obligation__problem", "establishment__venue",
                         "obligation__owner_post")
        .order_by(F("obligation__due_at"), "pk")
    )  # fmt: skip
    rows = tuple(UnitRow(one, _result(one, hazards)) for one in units)
    breakdown = registry.table("campaign_breakdown", at, scope=row.scope)
    groups = tuple(
        (dict(line), grouped((str(one.unit.establishment.fields.get(line["field"]) or "—"),
                              one.result) for one in rows))
        for line in breakdown if line["sector"] in row.sectors
    )  # fmt: skip
    still = tuple(one for one in hazards if one.obligation.closed_at is None)
    parent = units[0].task.parent if units else None
    return Special(rows, still, groups, parent)


def _result(unit: CampaignUnit, hazards: Sequence[Hazard]) -> UnitResult:
    mine = [one for one in hazards if one.establishment_id == unit.establishment_id]
    still = sum(one.obligation.closed_at is None for one in mine)
    return UnitResult(unit.establishment.venue.name, unit.result_id is not None, len(mine), still)
