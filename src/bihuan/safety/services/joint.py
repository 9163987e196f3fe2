"""One visit for several offices that would come to the same place on the same day (M005)."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, NotAllowed, NotFound
from bihuan.core.loops.models import Notice
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.types import Actor
from bihuan.safety.models import Assignment, JointVisit
from bihuan.safety.selectors.joint import fetch_visit


@transaction.atomic
def offer_visit(*, stop_id: int, by: Actor, at: datetime) -> JointVisit:
    """Offer the others one visit, made by the post of this stop. One's own stops join it at once.

    Raises NotAllowed, NotFound("joint.not_found"), Conflict("joint.no_clash" | "joint.offered").
    """
    _refuse_stranger(by)
    stop = _open(at).select_related("establishment__venue").filter(pk=stop_id).first()
    if (
        stop is None
        or not _asked(stop.establishment_id, stop.day, at).filter(asked_by=by.org_id).exists()
    ):
        raise NotFound("joint.not_found", id=stop_id)
    others = _asked(stop.establishment_id, stop.day, at).exclude(asked_by=by.org_id)
    if not others.exists():
        raise Conflict("joint.no_clash", name=stop.establishment.venue.name)
    row, fresh = JointVisit.objects.get_or_create(
        establishment_id=stop.establishment_id, day=stop.day,
        defaults={"goes_id": stop.post_id, "offered_by_id": by.org_id, "offered_at": at},
    )  # fmt: skip
    if not fresh:
        raise Conflict("joint.offered", name=stop.establishment.venue.name)
    _own(row, by, at).update(joint=row)
    _tell(row, "joint.offered", by, at)
    record(action="joint.offer", subject=stop.establishment.subject, by=by, at=at,
           scope=stop.establishment.scope,
           facts={"day": str(row.day), "post": row.goes.title})  # fmt: skip
    return row


@transaction.atomic
def agree_to_visit(*, visit_id: int, by: Actor, at: datetime) -> JointVisit:
    """Let one's own stops be done by the visit. Locks the visit.

    Raises NotAllowed, NotFound("joint.not_found"), Conflict("joint.nothing_open").
    """
    _refuse_stranger(by)
    row = fetch_visit(visit_id=visit_id, by=by, lock=True)
    if not _own(row, by, at).filter(joint=None).update(joint=row):
        raise Conflict("joint.nothing_open", name=row.establishment.venue.name)
    row.agreed_at = row.agreed_at or at
    row.save(update_fields=["agreed_at"])
    _tell(row, "joint.agreed", by, at)
    record(action="joint.agree", subject=row.establishment.subject, by=by, at=at,
           scope=row.establishment.scope, facts={"day": str(row.day)})  # fmt: skip
    return row


@transaction.atomic
def part_visit(*, visit_id: int, by: Actor, at: datetime) -> None:
    """Take the offer or the merging back: every stop is its own again. Locks the visit.

    Raises NotAllowed, NotFound("joint.not_found"), Conflict("joint.begun") once a stop is done.
    """
    _refuse_stranger(by)
    row = fetch_visit(visit_id=visit_id, by=by, lock=True)
    if row.stops.filter(inspection__isnull=False).exists():
        raise Conflict("joint.begun", name=row.establishment.venue.name)
    _tell(row, "joint.parted", by, at)
    record(action="joint.part", subject=row.establishment.subject, by=by, at=at,
           scope=row.establishment.scope, facts={"day": str(row.day)})  # fmt: skip
    row.stops.update(joint=None)
    row.delete()


def _refuse_stranger(by: Actor) -> None:
    if not by.has("supervise.visit"):
        raise NotAllowed("not_allowed", duty="supervise.visit")


def _open(at: datetime) -> QuerySet[Assignment]:
    return Assignment.objects.filter(inspection=None, day__gte=local_date(at))


def _asked(establishment_id: int, day: date, at: datetime) -> QuerySet[Assignment]:
    return _open(at).filter(establishment=establishment_id, day=day)


def _own(row: JointVisit, by: Actor, at: datetime) -> QuerySet[Assignment]:
    return _asked(row.establishment_id, row.day, at).filter(asked_by=by.org_id)


def _tell(row: JointVisit, kind: str, by: Actor, at: datetime) -> None:
    """A word to the other offices that ask for the place that day, and to whoever goes."""
    stops = Assignment.objects.filter(establishment=row.establishment_id, day=row.day)
    orgs = set(stops.exclude(asked_by=by.org_id).values_list("asked_by", flat=True))
    posts = Post.objects.filter(org__in=orgs, valid_to=None).order_by("org", "order", "pk")
    heads = set(posts.distinct("org").values_list("pk", flat=True))
    facts = {"establishment": row.establishment_id, "day": str(row.day),
             "title": row.establishment.venue.name, "org": by.org_name}  # fmt: skip
    for post_id in sorted({*heads, row.goes_id} - {by.post_id}):
        Notice.objects.create(post_id=post_id, kind=kind, at=at, facts=facts)
