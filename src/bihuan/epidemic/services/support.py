"""Count what a hospital has to treat with."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bihuan.core.errors import Invalid
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.epidemic.models import Holding
from bihuan.epidemic.selectors.care import fetch_facility
from bihuan.epidemic.services.facilities import tell, works


@dataclass(frozen=True, slots=True)
class Counted:
    """How much there is, how much a day uses up, and its source or place."""

    resource: str
    quantity: float
    per_day: float | None = None
    note: str = ""


@transaction.atomic
def count_holding(*, facility_id: int, given: Counted, by: Actor, at: datetime) -> Holding:
    """Note what was counted; the last count by a moment holds.

    Raises NotAllowed, NotFound, Invalid("holding.…").
    """
    row = fetch_facility(facility_id=facility_id, by=by)
    works(row, by)
    if row.kind != "hospital":
        raise Invalid("holding.hospital", field="resource")
    known = {str(line["key"]) for line in registry.table("care_resource", at, scope=row.scope)}
    if given.resource not in known or given.quantity < 0 or (given.per_day or 0) < 0:
        raise Invalid("holding.incomplete", field="quantity")
    made = Holding.objects.create(
        facility=row, resource=given.resource, quantity=given.quantity, per_day=given.per_day,
        note=given.note.strip()[:120], at=at, by=by.name,
    )  # fmt: skip
    tell("holding.count", row, by, at, resource=given.resource, quantity=given.quantity)
    return made
