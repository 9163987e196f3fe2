"""The one door to each kind of thing: what a post may not see does not exist for it."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable

from bihuan.core.audit.services import System
from bihuan.core.errors import NotFound
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import within
from bihuan.epidemic.models import Case, CaseCorrection, CaseMerge, Contact, ControlOrder, Event

NOTHING = Q(pk__in=())
APART = """NOT EXISTS (SELECT FROM epidemic_casemerge m WHERE m.case_id = c.id AND m.since <= %(at)s
  AND (m.until IS NULL OR m.until > %(at)s))"""  # what `apart` says, for SQL that calls cases c


def events_seen(by: Actor) -> Q:
    """Events of the place, for whoever reads epidemic figures."""
    return within("scope", by.scope) if by.has("epidemic.read") else NOTHING


def cases_seen(by: Actor | System) -> Q:
    """Cases who live in the place, for epidemiologists alone."""
    return within("scope", by.scope) if by.has("case.read") else NOTHING


def apart(at: datetime, case: str = "pk") -> Combinable:
    """Files of cases that were no part of another at a moment. `case` names the file's key."""
    held = CaseMerge.objects.filter(case=OuterRef(case), since__lte=at)
    return ~Exists(held.exclude(until__lte=at))


def cards_then(rows: QuerySet[Case], at: datetime) -> dict[int, CaseCorrection]:
    """What the cards said at a moment, of those of the cases that were corrected later. One query."""
    later = CaseCorrection.objects.filter(at__gt=at, case__in=rows.order_by().values("pk"))
    return {row.case_id: row for row in later.order_by("case", "at", "pk").distinct("case")}


def contacts_seen(by: Actor) -> Q:
    """Contacts who live in the place, for whoever looks after them."""
    return within("scope", by.scope) if by.has("contact.do") else NOTHING


def contacts_traced(by: Actor) -> Q:
    """Those, and whoever is a contact of a case of the place: its investigators follow them anywhere."""
    followed = within("case__scope", by.scope) if by.has("case.write") else NOTHING
    return contacts_seen(by) | followed


def fetch_event(*, event_id: int, by: Actor) -> Event:
    """Raises NotFound("event.not_found")."""
    row = Event.objects.select_related("place").filter(events_seen(by), pk=event_id).first()
    if row is None:
        raise NotFound("event.not_found", id=event_id)
    return row


def fetch_case(*, case_id: int, by: Actor, lock: bool = False) -> Case:
    """Raises NotFound("case.not_found")."""
    rows = Case.objects.select_related("event", "place", "merged_into")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(cases_seen(by), pk=case_id).first()
    if row is None:
        raise NotFound("case.not_found", id=case_id)
    return row


def fetch_contact(*, contact_id: int, by: Actor, lock: bool = False) -> Contact:
    """Raises NotFound("contact.not_found")."""
    rows = Contact.objects.select_related("event", "case", "place", "via")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(contacts_traced(by), pk=contact_id).first()
    if row is None:
        raise NotFound("contact.not_found", id=contact_id)
    return row


def fetch_order(*, order_id: int, by: Actor, lock: bool = False) -> ControlOrder:
    """Raises NotFound("order.not_found")."""
    rows = ControlOrder.objects.select_related("event", "place")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(events_seen(by), pk=order_id).first()
    if row is None:
        raise NotFound("order.not_found", id=order_id)
    return row
