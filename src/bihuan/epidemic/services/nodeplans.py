"""Write a node's plan, hand it in, and have another person of the level above decide (M077)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed
from bihuan.core.orgs.types import Actor
from bihuan.epidemic.models import NodePlan, PlanState, PlanTarget
from bihuan.epidemic.rules.nodeplans import missing_kinds
from bihuan.epidemic.selectors.nodeplans import fetch_plan, kinds_of, targets_of

DUTY = "care.manage"
MOST = 10_000_000


def _manages(by: Actor) -> None:
    if not by.has(DUTY):
        raise NotAllowed("not_allowed", duty=DUTY)


@transaction.atomic
def open_plan(*, year: int, by: Actor, at: datetime) -> NodePlan:
    """The plan of one's own place for a year; the one there is, where there is one.

    Raises NotAllowed, Invalid("node_plan.year").
    """
    _manages(by)
    if year not in {local_date(at).year, local_date(at).year + 1}:
        raise Invalid("node_plan.year", field="year")
    row, fresh = NodePlan.objects.get_or_create(
        place_id=by.place_id, year=year,
        defaults={"scope": by.scope, "written_at": at, "written_by_id": by.person_id,
                  "written_by": by.name},
    )  # fmt: skip
    if fresh:
        record(action="node_plan.open", subject=f"nodeplan:{row.pk}", by=by, at=at, scope=row.scope,
               facts={"year": year})  # fmt: skip
    return row


@transaction.atomic
def set_targets(*, plan_id: int, targets: Mapping[str, int], by: Actor, at: datetime) -> NodePlan:
    """Put these targets in the place of those there were; the plan is a draft again. Locks it.

    Raises NotAllowed, NotFound, Invalid("node_plan.kind" | "node_plan.target").
    """
    row = _own(plan_id, by)
    if set(targets) - {str(k["key"]) for k in kinds_of(at, row.scope)}:
        raise Invalid("node_plan.kind", field="kind")
    if any(not 0 <= n <= MOST for n in targets.values()):
        raise Invalid("node_plan.target", field="target")
    before = row.state
    row.targets.all().delete()
    PlanTarget.objects.bulk_create(
        PlanTarget(plan=row, kind=k, target=n) for k, n in targets.items()
    )
    row.state, row.missing, row.reason = PlanState.DRAFT, [], ""
    row.written_at, row.written_by_id, row.written_by = at, by.person_id, by.name
    row.decided_at, row.decided_by_id, row.decided_by = None, None, ""
    row.save()
    record(action="node_plan.targets", subject=f"nodeplan:{row.pk}", by=by, at=at, scope=row.scope,
           before=before, after=row.state, facts=dict(targets))  # fmt: skip
    return row


@transaction.atomic
def submit_plan(*, plan_id: int, by: Actor, at: datetime) -> NodePlan:
    """Hand it in. What lacks a required kind comes back at once, with the kinds named. Locks it.

    Raises NotAllowed, NotFound, Conflict("node_plan.submitted").
    """
    row = _own(plan_id, by)
    if row.state not in {PlanState.DRAFT, PlanState.RETURNED}:
        raise Conflict("node_plan.submitted", year=row.year)
    row.missing = list(missing_kinds(kinds_of(at, row.scope), targets_of(row)))
    row.state = PlanState.RETURNED if row.missing else PlanState.SUBMITTED
    row.reason = ""
    row.save(update_fields=["missing", "state", "reason"])
    record(action="node_plan.submit", subject=f"nodeplan:{row.pk}", by=by, at=at, scope=row.scope,
           after=row.state, facts={"missing": row.missing})  # fmt: skip
    return row


def _own(plan_id: int, by: Actor) -> NodePlan:
    _manages(by)
    row = fetch_plan(plan_id=plan_id, by=by, lock=True)
    if row.scope != by.scope:
        raise NotAllowed("node_plan.not_own", place=row.place.name)
    return row


def may_decide(row: NodePlan, by: Actor) -> bool:
    """Whether a post is above the plan's place (at the top: of it) and another person's."""
    above = row.scope != by.scope or row.place.parent_id is None
    return by.has(DUTY) and above and by.person_id != row.written_by_id


@transaction.atomic
def decide_plan(
    *, plan_id: int, accept: bool, reason: str = "", by: Actor, at: datetime
) -> NodePlan:
    """Accept a plan, or return it with a reason. Locks it.

    Raises NotAllowed, NotFound, Conflict("node_plan.not_submitted"), Invalid("node_plan.reason"),
    MoveBlocked("node_plan.missing").
    """
    _manages(by)
    row = fetch_plan(plan_id=plan_id, by=by, lock=True)
    if not may_decide(row, by):
        raise NotAllowed("node_plan.not_judge", place=row.place.name)
    if row.state != PlanState.SUBMITTED:
        raise Conflict("node_plan.not_submitted", year=row.year)
    if not accept and not reason.strip():
        raise Invalid("node_plan.reason", field="reason")
    missing = missing_kinds(kinds_of(at, row.scope), targets_of(row))
    if accept and missing:
        raise MoveBlocked("node_plan.missing", kinds=", ".join(missing))
    row.state = PlanState.ACCEPTED if accept else PlanState.RETURNED
    row.reason = "" if accept else reason.strip()[:400]
    row.decided_at, row.decided_by_id, row.decided_by = at, by.person_id, by.name
    row.save(update_fields=["state", "reason", "decided_at", "decided_by_id", "decided_by"])
    record(action="node_plan.decide", subject=f"nodeplan:{row.pk}", by=by, at=at, scope=row.scope,
           before="submitted", after=row.state)  # fmt: skip
    return row
