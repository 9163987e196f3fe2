"""Put places on somebody's route for a day, and take them off."""

from datetime import date, datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import within
from bihuan.safety.models import Assignment
from bihuan.safety.selectors.establishments import fetch_establishment
from bihuan.safety.selectors.inspections import fetch_checklist
from bihuan.safety.services.inspections import may_inspect


@transaction.atomic
def assign_stop(
    *, establishment_id: int, checklist_id: int, day: date, post_id: int | None = None,
    by: Actor, at: datetime,
) -> Assignment:  # fmt: skip
    """Put a place on the route of a post, one's own when none is named.

    Raises NotFound, NotAllowed, Invalid("route.past"), Conflict("route.twice").
    """
    place = fetch_establishment(establishment_id=establishment_id, by=by)
    may_inspect(place, by)
    if place.owner_org_id == by.org_id:
        raise Invalid("route.own", name=place.venue.name)
    checklist = fetch_checklist(checklist_id=checklist_id)
    if day < local_date(at):
        raise Invalid("route.past", field="day")
    post = _post(post_id, by)
    row, fresh = Assignment.objects.get_or_create(
        post=post, asked_by_id=by.org_id, establishment=place, checklist=checklist, day=day,
        defaults={"position": Assignment.objects.filter(post=post, day=day).count() + 1},
    )  # fmt: skip
    if not fresh:
        raise Conflict("route.twice", name=place.venue.name)
    record(action="route.assign", subject=place.subject, by=by, at=at, scope=place.scope,
           facts={"post": post.title, "day": str(day)})  # fmt: skip
    return row


def _post(post_id: int | None, by: Actor) -> Post:
    if post_id is None or post_id == by.post_id:
        return Post.objects.get(pk=by.post_id)
    if not by.has("task.assign"):
        raise NotAllowed("not_allowed", duty="task.assign")
    post = Post.objects.filter(within("scope", by.scope), pk=post_id, valid_to=None).first()
    if post is None:
        raise NotFound("post.not_found", id=post_id)
    return post
