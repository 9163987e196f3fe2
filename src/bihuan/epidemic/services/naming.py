"""The disease of an event, once the laboratory has found it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.errors import Conflict, Invalid, NotAllowed
from bihuan.core.orgs.types import Actor
from bihuan.core.packs.diseases import disease
from bihuan.epidemic.models import Contact, Event
from bihuan.epidemic.selectors.sight import fetch_event
from bihuan.epidemic.services.cases import edition_of
from bihuan.epidemic.services.clearing import free
from bihuan.epidemic.services.contacts import adopt


@dataclass(frozen=True, slots=True)
class Named:
    """What the name changed for whoever is managed."""

    freed: int  # the disease is not passed on by people
    shorter: int
    kept: int  # their plan would not get shorter: a person looks whether it has to be longer


@transaction.atomic
def name_disease(
    *, event_id: int, disease_code: str, reason: str, by: Actor, at: datetime
) -> Named:  # fmt: skip
    """From now on the plan of this disease holds for the event; the audit keeps the former one.

    Cards, clocks and plans written before stay as they were written; nobody's stay gets longer.
    Locks the event and its managed contacts. Raises NotAllowed, NotFound, Conflict("event.closed"),
    Invalid("event.same_disease" | "event.name_reason" | "disease.…").
    """
    if not by.has("case.write"):
        raise NotAllowed("not_allowed", duty="case.write")
    Event.objects.select_for_update().filter(pk=event_id).first()
    row = fetch_event(event_id=event_id, by=by)
    if row.closed_at is not None:
        raise Conflict("event.closed", event=row.title)
    disease(disease_code, at, scope=row.scope)
    if disease_code == row.disease:
        raise Invalid("event.same_disease", field="disease")
    if not reason.strip():
        raise Invalid("event.name_reason", field="basis")
    facts = {"was": row.disease, "now": disease_code, "reason": reason.strip()[:200]}
    row.disease = disease_code
    row.save(update_fields=["disease"])
    named = _managed(row, by, at)
    record(action="event.name", subject=f"event:{row.pk}", by=by, at=at, scope=row.scope,
           facts=facts)  # fmt: skip
    return named


def _managed(event: Event, by: Actor, at: datetime) -> Named:
    rows = list(
        Contact.objects.select_for_update(of=("self",))
        .filter(event=event, release_at__gt=at, became_case=None)
        .order_by("pk")
    )
    if edition_of(event, at).value_of("contact.model", "person") != "person":
        free(rows, f"event:{event.pk} {event.disease}", by, at)
        return Named(len(rows), 0, 0)
    shorter = 0
    for row in rows:
        pack = edition_of(event, at, scope=row.scope)
        known = pack.rows("exposure").get(row.exposure)
        if known is not None and known["gives"] in pack.rows("plan"):
            shorter += adopt(row, pack, risk=str(known["gives"]), at=at)
    return Named(0, shorter, len(rows) - shorter)
