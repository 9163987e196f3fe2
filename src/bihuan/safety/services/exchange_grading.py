"""Grade what came by the exchange: events by a method, measures by the kind of defence.

A file says what may happen and what is done about it; how grave it is, a person says.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from bihuan.core.errors import Conflict, Invalid
from bihuan.core.orgs.types import Actor
from bihuan.safety.models import RiskEvent
from bihuan.safety.selectors.establishments import fetch_establishment
from bihuan.safety.selectors.exchange import WaitingEvent, waiting_event
from bihuan.safety.services.risks import NewEvent, NewMeasure, add_event, add_measure


def _waiting(establishment_id: int, record_id: int, by: Actor) -> WaitingEvent:
    place = fetch_establishment(establishment_id=establishment_id, by=by, lock=True)
    return waiting_event(place, record_id)


@transaction.atomic
def grade_event(
    *, establishment_id: int, record_id: int, given: NewEvent, by: Actor, at: datetime
) -> RiskEvent:
    """Grade an event that came; from now on it stands among the risks. Locks the place.

    Raises NotFound, NotAllowed, Conflict("exchange.graded") and what a grading refuses.
    """
    found = _waiting(establishment_id, record_id, by)
    if found.graded:
        raise Conflict("exchange.graded")
    event = add_event(object_id=found.object_id, given=given, by=by, at=at)
    found.record.thing = event.pk
    found.record.save(update_fields=["thing"])
    return event


@transaction.atomic
def take_measures(
    *, establishment_id: int, record_id: int, given: Mapping[int, NewMeasure], by: Actor,
    at: datetime,
) -> int:  # fmt: skip
    """Take up measures of a graded event, by their records; those left out keep waiting. How many.

    Locks the place. Raises NotFound, NotAllowed, Conflict("exchange.not_graded"),
    Invalid("exchange.no_measure" | "risk.measure").
    """
    found = _waiting(establishment_id, record_id, by)
    if not found.graded:
        raise Conflict("exchange.not_graded")
    if not given:
        raise Invalid("exchange.no_measure")
    there = {row.pk: row for row in found.measures}
    for pk, one in given.items():
        if pk not in there:
            raise Conflict("exchange.graded")
        event_id = int(found.record.thing or 0)
        there[pk].thing = add_measure(event_id=event_id, given=one, by=by, at=at).pk
        there[pk].save(update_fields=["thing"])
    return len(given)
