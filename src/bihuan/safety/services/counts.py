"""Count on the spot, against the limit: close the entry, stop the ferry, keep the shaft empty."""

from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.loops.models import Notice
from bihuan.core.orgs.selectors import desk_of
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.safety.models import Count, Establishment
from bihuan.safety.rules.limits import Limit, bound, limits_of, verdict
from bihuan.safety.selectors.establishments import fetch_establishment


@transaction.atomic
def report_count(
    *, establishment_id: int, measure: str, value: float, by: Actor, at: datetime
) -> Count:
    """Write a count down with what follows from it; the township hears of a stop. Locks the place.

    Raises NotFound, NotAllowed, Invalid("count.measure" | "count.negative"),
    Conflict("count.order_holds") for people underground while a stop-work order holds (M124).
    """
    row = fetch_establishment(establishment_id=establishment_id, by=by, lock=True)
    if not by.has("evidence.add"):
        raise NotAllowed("not_allowed", duty="evidence.add")
    if value < 0:
        raise Invalid("count.negative", field="value")
    limit = _limit(row, measure)
    rule = _rule(limit, at, row.scope)
    stopped = row.stop_orders.filter(lifted_at=None).exists()
    told = verdict(limit, count=value, fields=row.fields, rule=rule, stopped=stopped)
    if told == "refused":
        raise Conflict("count.order_holds", field="value", name=row.venue.name)
    count = Count.objects.create(
        establishment=row, measure=measure, value=value, verdict=told, at=at, by=by.name,
        bound=bound(limit, fields=row.fields, rule=rule),
    )  # fmt: skip
    if told != "fine":
        _tell(row, limit, count, at=at)
    record(action="count.report", subject=row.subject, by=by, at=at, scope=row.scope, after=told,
           facts={"measure": measure, "value": value, "bound": count.bound})  # fmt: skip
    return count


def _limit(row: Establishment, measure: str) -> Limit:
    for limit in limits_of(row.kind.limits):
        if limit.measure == measure:
            return limit
    raise Invalid("count.measure", field="measure", value=measure)


def _rule(limit: Limit, at: datetime, scope: str) -> float | None:
    if not limit.rule:
        return None
    try:
        return float(registry.value(limit.rule, at, scope=scope).value)
    except NotFound:
        return None


def _tell(row: Establishment, limit: Limit, count: Count, *, at: datetime) -> None:
    desk = desk_of(place_ids=[row.venue.place_id]).get(row.venue.place_id)
    if desk is not None:
        Notice.objects.create(
            post=desk, kind=f"count.{count.verdict}", at=at,
            facts={"establishment": row.pk, "title": f"{row.venue.name} {limit.title}"
                   f" {count.value:.10g}/{count.bound:.10g}"},
        )  # fmt: skip
