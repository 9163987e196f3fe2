"""Somebody handed over by a peer becomes a contact of ours: reached, placed and checked like any."""

from datetime import date, datetime, timedelta

from bihuan.core.audit.services import SYSTEM, record
from bihuan.core.clock import local_date
from bihuan.core.packs import registry
from bihuan.epidemic.models import Contact, Event, Transfer
from bihuan.epidemic.rules.plans import timeline

HANDED = "transfer"  # origin of an event whose cases are with a peer
UNKNOWN = "unknown"  # disease, where an older peer did not name it


def take_contact(row: Transfer, at: datetime) -> Contact:
    """The contact of a released transfer, under the edition that holds here. One at most.

    What the peer's edition calls a risk and ours does not know is managed by the first plan we
    have: nobody falls out of the day's list because two editions differ.
    """
    told = row.exposed
    last = _day(told.get("last_exposure"), local_date(row.offered_at))
    event = _event(row, str(told.get("disease", UNKNOWN)), at)
    pack = registry.edition("control-plan", at, scope=row.scope, disease=event.disease)
    plans = pack.rows("plan")
    said = str(told.get("risk", ""))
    risk = said if said in plans else next(iter(plans), "none")
    plan = timeline(pack, risk, anchor=last, found=local_date(at))
    hours = pack.hours_of("contact.placed") if plan else None
    made, fresh = Contact.objects.get_or_create(
        pseudonym=row.pseudonym,
        defaults={
            "event": event, "place": row.place, "scope": row.scope, "risk": risk,
            "exposure": str(told.get("exposure", ""))[:24],
            "first_exposure": min(_day(told.get("first_exposure"), last), last),
            "last_exposure": last, "found_at": at, "edition": pack.ref,
            "release_at": plan.release_at if plan else None, "expires_at": row.expires_at,
            "placed_due_at": at + timedelta(hours=hours) if hours else None,
        },
    )  # fmt: skip
    if fresh:
        record(action="contact.handed", subject=f"contact:{made.pk}", by=SYSTEM, at=at,
               scope=made.scope, facts={"peer": row.peer.code, "edition": pack.ref})  # fmt: skip
    return made


def _day(said: object, otherwise: date) -> date:
    try:
        return date.fromisoformat(str(said))
    except ValueError:
        return otherwise


def _event(row: Transfer, disease: str, at: datetime) -> Event:
    """The event of contacts whose cases are elsewhere: one for each place and disease."""
    held = Event.objects.filter(scope=row.scope, disease=disease, origin=HANDED, closed_at=None)
    return held.first() or Event.objects.create(
        title=f"{row.peer.title}移交的接触者"[:120], disease=disease, place=row.place,
        scope=row.scope, origin=HANDED, opened_at=at, opened_by="bihuan",
    )  # fmt: skip
