"""Hand the places of a campaign out to those who will inspect them (M116)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid
from bihuan.core.orgs.models import Post, Sector
from bihuan.core.orgs.selectors import nearest_desks
from bihuan.core.orgs.types import Actor
from bihuan.safety.models import Campaign, Checklist, Establishment
from bihuan.safety.selectors.inspections import everyday_lists
from bihuan.safety.selectors.programmes import not_handed_out
from bihuan.safety.services.plans import posts_of, spread_stops, working_days
from bihuan.safety.services.programmes import own_campaign


@transaction.atomic
def hand_out(*, campaign_id: int, post_ids: Sequence[int], by: Actor, at: datetime) -> Campaign:
    """Put every place that nobody has inspected yet on a route, over the days that are left.

    Each is inspected by the everyday list of its sector and goes to the nearest of the named
    posts; where none is named, to the desk of its own place. Places that came later are handed
    out by handing out again. Raises NotFound, NotAllowed,
    Conflict("campaign.ended" | "campaign.over" | "campaign.all_out"), Invalid("campaign.no_list").
    """
    row = own_campaign(campaign_id, by)
    first = max(row.starts, local_date(at))
    if first > row.ends:
        raise Conflict("campaign.over")
    places = list(not_handed_out(row))
    lists = _lists(row, places, at)
    posts = posts_of(post_ids, by) if post_ids else _desks({place.scope for place in places})
    chosen = [(place, lists[place.sector], False, None) for place in places]
    stops = 0
    if chosen and posts:
        days = working_days(first, row.ends)
        stops = spread_stops(chosen, posts, days, campaign=row, asked_by_id=by.org_id)
    if not stops:
        raise Conflict("campaign.all_out")
    record(action="campaign.hand_out", subject=f"campaign:{row.pk}", by=by, at=at, scope=row.scope,
           facts={"stops": stops, "posts": len(posts)})  # fmt: skip
    return row


def _lists(
    row: Campaign, places: Sequence[Establishment], at: datetime
) -> dict[str, Checklist]:  # fmt: skip
    """The list of each sector that has places left. Raises Invalid naming those without one."""
    lists = everyday_lists(scope=row.scope, at=at)
    without = {place.sector for place in places} - lists.keys()
    if without:
        names = (
            Sector.objects.filter(pk__in=without).order_by("name").values_list("name", flat=True)
        )
        raise Invalid("campaign.no_list", field="post_ids", name="、".join(names))
    return lists


def _desks(scopes: set[str]) -> list[Post]:
    return list({post.pk: post for post in nearest_desks(scopes).values()}.values())
