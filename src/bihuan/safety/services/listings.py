"""Listed supervision (挂牌督办) of a major hazard: order, publish, extend, clear."""

from datetime import datetime, timedelta

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.clock import day_start, local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.safety.models import Listing
from bihuan.safety.services.hazards import fetch_hazard


@transaction.atomic
def list_hazard(*, hazard_id: int, document: str, by: Actor, at: datetime) -> Listing:
    """Put a major hazard on the list of its government; the clocks of the local pack begin.

    Locks the hazard. Raises NotFound, NotAllowed, Invalid("listing.no_document"),
    Conflict("listing.not_major" | "listing.exists").
    """
    hazard = fetch_hazard(hazard_id=hazard_id, by=by, lock=True)
    if not by.has("supervise.plan"):
        raise NotAllowed("not_allowed", duty="supervise.plan")
    row = hazard.obligation
    if row.problem.grade != "major" or row.closed_at is not None:
        raise Conflict("listing.not_major", number=row.number)
    if not document.strip():
        raise Invalid("listing.no_document", field="document")
    if hazard.listings.filter(removed_at=None).exists():
        raise Conflict("listing.exists", number=row.number)
    publish_by, _ = registry.due("listing.publish", at, scope=row.scope)
    clear_by, rule = registry.due("listing.clear", at, scope=row.scope)
    listing = Listing.objects.create(
        hazard=hazard, scope=row.scope, org_id=by.org_id, document=document.strip()[:120],
        listed_at=at, listed_by=by.name, publish_by=publish_by, clear_by=clear_by, rule=rule,
    )  # fmt: skip
    _note("listing.open", listing, by=by, at=at, document=listing.document)
    return listing


def _in_force(hazard_id: int, by: Actor) -> Listing:
    hazard = fetch_hazard(hazard_id=hazard_id, by=by, lock=True)
    listing = hazard.listings.filter(removed_at=None).first()
    if listing is None:
        raise NotFound("listing.not_found")
    return listing


@transaction.atomic
def publish_listing(*, hazard_id: int, by: Actor, at: datetime) -> Listing:
    """Say that the order was published. Raises NotFound, NotAllowed, Conflict."""
    listing = _in_force(hazard_id, by)
    _may_steer(by)
    if listing.published_at is not None:
        raise Conflict("listing.published")
    listing.published_at = at
    listing.save()
    _note("listing.publish", listing, by=by, at=at)
    return listing


@transaction.atomic
def ask_extension(
    *, hazard_id: int, until: datetime, reason: str, by: Actor, at: datetime
) -> Listing:
    """Apply for more time, so many working days before the end; whoever listed it decides.

    Raises NotFound, Invalid("loop.no_reason" | "loop.due_not_later"),
    Conflict("listing.asked" | "listing.too_late").
    """
    listing = _in_force(hazard_id, by)
    if not reason.strip():
        raise Invalid("loop.no_reason", field="reason")
    if until <= listing.clear_by:
        raise Invalid("loop.due_not_later", field="until")
    if listing.asked_until is not None and listing.decided_at is None:
        raise Conflict("listing.asked")
    days = int(registry.value("listing.ask_before", at, scope=listing.scope).value)
    if at > last_day_to_ask(listing.clear_by, days):
        raise Conflict("listing.too_late", days=days)
    listing.asked_until, listing.asked_reason = until, reason.strip()
    listing.decide_by, listing.decided_at = registry.due("listing.decide", at)[0], None
    listing.save()
    _note("listing.ask", listing, by=by, at=at, until=until.isoformat())
    return listing


def last_day_to_ask(clear_by: datetime, days: int) -> datetime:
    """The moment `days` working days before an end.

    Raises Invalid("calendar.no_year").
    """
    calendar = registry.calendar()
    day = local_date(clear_by)
    while days > 0:
        day -= timedelta(days=1)
        days -= calendar.is_working_day(day)
    return day_start(day)


@transaction.atomic
def decide_extension(*, hazard_id: int, granted: bool, by: Actor, at: datetime) -> Listing:
    """Decide on the application. Raises NotFound, NotAllowed, Conflict("listing.not_asked")."""
    listing = _in_force(hazard_id, by)
    _may_steer(by)
    if listing.asked_until is None or listing.decided_at is not None:
        raise Conflict("listing.not_asked")
    listing.decided_at = at
    if granted:
        listing.clear_by, listing.rule = listing.asked_until, "extended"
    listing.save()
    _note("listing.decide", listing, by=by, at=at, granted=granted)
    return listing


@transaction.atomic
def remove_listing(*, hazard_id: int, by: Actor, at: datetime) -> Listing:
    """Take a hazard off the list; only one that is closed through its gates.

    Raises NotFound, NotAllowed, Conflict("listing.not_closed").
    """
    listing = _in_force(hazard_id, by)
    _may_steer(by)
    if listing.hazard.obligation.state != "closed":
        raise Conflict("listing.not_closed", number=listing.hazard.obligation.number)
    listing.removed_at = at
    listing.save()
    _note("listing.remove", listing, by=by, at=at)
    return listing


def _may_steer(by: Actor) -> None:
    if not by.has("supervise.plan"):
        raise NotAllowed("not_allowed", duty="supervise.plan")


def _note(action: str, listing: Listing, *, by: Actor, at: datetime, **facts: object) -> None:
    subject = listing.hazard.obligation.subject
    record(action=action, subject=subject, by=by, at=at, scope=listing.scope, facts=facts)
