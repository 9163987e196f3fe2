"""One visit for several offices that would come to the same place on the same day (M005).

What another domain owes there soon is taken along: it becomes a stop like the others.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, NotAllowed, NotFound
from bihuan.core.loops.models import Notice
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.types import Actor
from bihuan.safety.models import Assignment, JointVisit
from bihuan.safety.selectors.joint import fetch_visit, offices_of, owed_there


@transaction.atomic
def offer_visit(*, stop_id: int, by: Actor, at: datetime) -> JointVisit:
    """Offer the others one visit, made by the post of this stop. One's own stops join it at once.

    Where one's own office alone asks and owes, nobody has to agree. Raises NotAllowed,
    NotFound("joint.not_found"), Conflict("joint.no_clash" | "joint.offered").
    """
    _refuse_stranger(by)
    stop = _open(at).select_related("establishment__venue").filter(pk=stop_id).first()
    place = stop.establishment if stop else None
    if stop is None or place is None or by.org_id not in offices_of(place, stop.day, at=at):
        raise NotFound("joint.not_found", id=stop_id)
    others = set(offices_of(place, stop.day, at=at)) - {by.org_id}
    if not others and not owed_there(place, stop.day, at=at):
        raise Conflict("joint.no_clash", name=place.venue.name)
    row, fresh = JointVisit.objects.get_or_create(
        establishment=place, day=stop.day,
        defaults={"goes_id": stop.post_id, "offered_by_id": by.org_id, "offered_at": at},
    )  # fmt: skip
    if not fresh:
        raise Conflict("joint.offered", name=place.venue.name)
    _own(row, by, at).update(joint=row)
    if not others:
        _agree(row, {by.org_id}, at)
    _tell(row, "joint.offered", others, by, at)
    record(action="joint.offer", subject=place.subject, by=by, at=at, scope=place.scope,
           facts={"day": str(row.day), "post": row.goes.title})  # fmt: skip
    return row


@transaction.atomic
def agree_to_visit(*, visit_id: int, by: Actor, at: datetime) -> JointVisit:
    """Let one's own stops, and what one owes there, be done by the visit. Locks the visit.

    Raises NotAllowed, NotFound("joint.not_found"), Conflict("joint.nothing_open").
    """
    _refuse_stranger(by)
    row = fetch_visit(visit_id=visit_id, by=by, at=at, lock=True)
    others = set(offices_of(row.establishment, row.day, at=at)) - {by.org_id}
    joined = _own(row, by, at).filter(joint=None).update(joint=row)
    taken = _agree(row, {by.org_id, row.offered_by_id}, at)
    if not joined and by.org_id not in taken:
        raise Conflict("joint.nothing_open", name=row.establishment.venue.name)
    _tell(row, "joint.agreed", others, by, at)
    record(action="joint.agree", subject=row.establishment.subject, by=by, at=at,
           scope=row.establishment.scope, facts={"day": str(row.day)})  # fmt: skip
    return row


def _agree(row: JointVisit, offices: Collection[int], at: datetime) -> set[int]:
    """The visit holds: what these offices owe there becomes stops of it; whose there were."""
    owed = [one for one in owed_there(row.establishment, row.day, at=at)
            if one.look.office.pk in offices]  # fmt: skip
    for one in owed:
        Assignment.objects.create(
            post=row.goes,
            asked_by=one.look.office,
            joint=row,
            establishment=row.establishment,
            checklist=one.checklist,
            day=row.day,
            look=one.look.key,
        )
    row.agreed_at = row.agreed_at or at
    row.save(update_fields=["agreed_at"])
    return {one.look.office.pk for one in owed}


@transaction.atomic
def part_visit(*, visit_id: int, by: Actor, at: datetime) -> None:
    """Take the offer or the merging back: every stop is its own again. Locks the visit.

    What was owed and taken along is owed as before. Raises NotAllowed,
    NotFound("joint.not_found"), Conflict("joint.begun") once a stop is done.
    """
    _refuse_stranger(by)
    row = fetch_visit(visit_id=visit_id, by=by, at=at, lock=True)
    if row.stops.filter(inspection__isnull=False).exists():
        raise Conflict("joint.begun", name=row.establishment.venue.name)
    others = set(offices_of(row.establishment, row.day, at=at)) - {by.org_id}
    _tell(row, "joint.parted", others, by, at)
    record(action="joint.part", subject=row.establishment.subject, by=by, at=at,
           scope=row.establishment.scope, facts={"day": str(row.day)})  # fmt: skip
    row.stops.exclude(look="").delete()
    row.stops.update(joint=None)
    row.delete()


def _refuse_stranger(by: Actor) -> None:
    """Whoever may ask for a stop may agree to share it."""
    if not (by.has("supervise.visit") or by.has("task.assign")):
        raise NotAllowed("not_allowed", duty="supervise.visit")


def _open(at: datetime) -> QuerySet[Assignment]:
    return Assignment.objects.filter(inspection=None, day__gte=local_date(at))


def _own(row: JointVisit, by: Actor, at: datetime) -> QuerySet[Assignment]:
    asked = _open(at).filter(establishment=row.establishment_id, day=row.day)
    return asked.filter(asked_by=by.org_id)


def _tell(
    row: JointVisit, kind: str, orgs: Collection[int], by: Actor, at: datetime
) -> None:  # fmt: skip
    """A word to the other offices that ask for the place or owe a look there, and to whoever goes."""
    posts = Post.objects.filter(org__in=orgs, valid_to=None).order_by("org", "order", "pk")
    heads = set(posts.distinct("org").values_list("pk", flat=True))
    facts = {"establishment": row.establishment_id, "day": str(row.day),
             "title": row.establishment.venue.name, "org": by.org_name}  # fmt: skip
    for post_id in sorted({*heads, row.goes_id} - {by.post_id}):
        Notice.objects.create(post_id=post_id, kind=kind, at=at, facts=facts)
