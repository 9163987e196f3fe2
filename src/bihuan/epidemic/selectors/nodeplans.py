"""Plans of nodes with their targets against what there is now; both sides alike."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from bihuan.core.clock import local_date
from bihuan.core.errors import NotFound
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.types import within
from bihuan.epidemic.models import NodePlan, Room, ScreeningLine
from bihuan.epidemic.rules.nodeplans import SIDES, Line
from bihuan.epidemic.rules.screening import coverage
from bihuan.epidemic.selectors.care import icu_kinds, usable
from bihuan.epidemic.selectors.early import STEPS, early_rows
from bihuan.epidemic.selectors.reserves import rolls
from bihuan.epidemic.selectors.sight import NOTHING

Kind = dict[str, Any]


def kinds_of(at: datetime, scope: str) -> tuple[Kind, ...]:
    """Kinds of targets in force."""
    return registry.table("plan_kind", at, scope=scope)


def plans_seen(by: Actor) -> Q:
    """Plans of the reader's place and below, for whoever reads figures."""
    return within("scope", by.scope) if by.has("epidemic.read") else NOTHING


def fetch_plan(*, plan_id: int, by: Actor, lock: bool = False) -> NodePlan:
    """Raises NotFound("node_plan.not_found")."""
    rows = NodePlan.objects.select_related("place")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(plans_seen(by), pk=plan_id).first()
    if row is None:
        raise NotFound("node_plan.not_found", id=plan_id)
    return row


def plan_rows(*, by: Actor, at: datetime) -> list[NodePlan]:
    """Plans of this year and later, one's own first, then those to be decided. One query."""
    rows = NodePlan.objects.filter(plans_seen(by), year__gte=local_date(at).year)
    order = ("submitted", "returned", "draft", "accepted")
    return sorted(
        rows.select_related("place").order_by("place__path", "year")[:500],
        key=lambda r: (r.scope != by.scope, order.index(r.state)),
    )


def targets_of(plan: NodePlan) -> dict[str, int]:
    """Its targets by kind. One query."""
    return dict(plan.targets.values_list("kind", "target"))


def plan_lines(*, plan: NodePlan, by: Actor, at: datetime) -> dict[str, tuple[Line, ...]]:
    """Both sides of a plan, each kind with target and actual. A fixed number of queries."""
    held, there = targets_of(plan), _actual(plan, by, at)
    lines = [Line(k, held.get(k["key"]), there.get(str(k.get("actual"))))
             for k in kinds_of(at, plan.scope)]  # fmt: skip
    return {side: tuple(one for one in lines if one.kind["side"] == side) for side in SIDES}


def _actual(plan: NodePlan, by: Actor, at: datetime) -> dict[str, int]:
    """What there is at the plan's place, by the names the pack uses; what nobody counts is left out."""
    there = replace(by, scope=plan.scope, place_id=plan.place_id)
    found = _beds(plan.scope, at) | _early(there, at)
    if by.has("care.read"):
        found["staff"] = sum(len(roll.call_up) + len(roll.spare) for roll in rolls(by=there, at=at))
    rate = _screened(plan.scope, at)
    return found if rate is None else found | {"screening": rate}


def _beds(scope: str, at: datetime) -> dict[str, int]:
    """Usable beds of hospitals: ordinary ones, of intensive care, for children of either kind."""
    bands = set(registry.value("care.child_bands", at).value)
    lines = registry.table("bed_line", at)
    young = {str(row["key"]) for row in lines if set(row["bands"]) <= bands}
    icus = icu_kinds(at)
    rooms = Room.objects.filter(within("facility__scope", scope), facility__kind="hospital")
    held = [room for room in rooms.order_by("pk") if usable(room, at)]
    return {
        "beds": sum(room.beds for room in held if room.kind not in icus),
        "icu": sum(room.beds for room in held if room.kind in icus),
        "paediatric": sum(room.beds for room in held if room.kind in young),
    }


def _early(there: Actor, at: datetime) -> dict[str, int]:
    """Of this month's four early steps those in time, in percent."""
    rows = early_rows(by=there, at=at, month=local_date(at).replace(day=1))
    found = {}
    for number, step in enumerate(STEPS):
        owed = sum(row.steps[number].owed for row in rows)
        if owed:
            found[f"early.{step}"] = round(100 * sum(row.steps[number].met for row in rows) / owed)
    return found


def _screened(scope: str, at: datetime) -> int | None:
    """Of all that must be checked, what was, in percent."""
    rows = ScreeningLine.objects.filter(within("scope", scope), screening__opened_at__lte=at)
    rate = coverage(dict(rows.values_list("state").annotate(n=Count("pk"))), late=False).rate
    return None if rate is None else round(100 * rate)
