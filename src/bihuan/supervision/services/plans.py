"""Draw up a plan, fill its cells, and count as they fill."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.orgs.models import Venue
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import prefix_range, under, within
from bihuan.supervision.models import Plan, PlanSite, PlanStep, Result
from bihuan.supervision.selectors.plans import visible_plans
from bihuan.supervision.types import Outcome

MOST_STEPS = 60
MOST_SITES = 100_000


@dataclass(frozen=True, slots=True)
class NewPlan:
    """What a plan is to cover: kinds of places in the planner's area, steps by link."""

    title: str
    starts: date
    ends: date
    kinds: tuple[str, ...]
    steps: tuple[tuple[str, str], ...]  # (link, step)
    sector: str = ""
    first_id: int | None = None  # the plan whose second pass this is


@dataclass(frozen=True, slots=True)
class NewResult:
    """What was found in one cell; `existed` of a gap: was it there at the first pass?"""

    site_id: int
    step_id: int
    outcome: str
    note: str = ""
    existed: bool | None = None


@transaction.atomic
def draw_up(*, given: NewPlan, by: Actor, at: datetime) -> Plan:
    """Make a plan over every supervised place of its kinds in the planner's area.

    A second pass takes places and steps of the first. Raises NotAllowed, NotFound,
    Invalid("plan.…").
    """
    if not by.has("supervise.plan"):
        raise NotAllowed("not_allowed", duty="supervise.plan")
    if not given.title.strip() or given.ends < given.starts:
        field = "ends" if given.title.strip() else "title"
        raise Invalid("plan.no_title" if field == "title" else "plan.period", field=field)
    first = _first(given.first_id, by)
    plan = Plan.objects.create(
        title=given.title.strip()[:120], place_id=by.place_id, scope=by.scope,
        sector=first.sector if first else given.sector, org_id=by.org_id, first=first,
        starts=given.starts, ends=given.ends, created_at=at, created_by=by.name,
    )  # fmt: skip
    steps = _copy_steps(plan, first) if first else _new_steps(plan, given.steps)
    sites = _copy_sites(plan, first) if first else _new_sites(plan, given, by)
    plan.cells = sites * steps
    plan.save(update_fields=["cells"])
    record(action="plan.draw_up", subject=f"plan:{plan.pk}", by=by, at=at, scope=plan.scope,
           facts={"sites": sites, "steps": steps, "first": given.first_id})  # fmt: skip
    return plan


def _first(first_id: int | None, by: Actor) -> Plan | None:
    if first_id is None:
        return None
    first = Plan.objects.filter(visible_plans(by), pk=first_id, first=None).first()
    if first is None or not under(first.scope, by.scope):
        raise NotFound("plan.not_found", id=first_id)
    return first


def _new_steps(plan: Plan, steps: Sequence[tuple[str, str]]) -> int:
    wanted = list(dict.fromkeys((link.strip()[:60], name.strip()[:80]) for link, name in steps))
    wanted = [(link, name) for link, name in wanted if link and name]
    if not wanted or len(wanted) > MOST_STEPS:
        raise Invalid("plan.steps", field="steps", limit=MOST_STEPS)
    PlanStep.objects.bulk_create(
        PlanStep(plan=plan, position=place, link=link, name=name)
        for place, (link, name) in enumerate(wanted, start=1)
    )
    return len(wanted)


def _new_sites(plan: Plan, given: NewPlan, by: Actor) -> int:
    venues = Venue.objects.filter(within("scope", by.scope), kind__in=given.kinds)
    if given.sector:
        venues = venues.filter(sector=given.sector)
    found = list(venues.order_by("scope", "pk")[: MOST_SITES + 1])
    if not found or len(found) > MOST_SITES:
        code = "plan.no_sites" if not found else "plan.too_many_sites"
        raise Invalid(code, field="kinds", limit=MOST_SITES)
    PlanSite.objects.bulk_create(
        (PlanSite(plan=plan, venue=v, name=v.name, scope=v.scope) for v in found),
        batch_size=5_000,
    )
    return len(found)


def _copy_steps(plan: Plan, first: Plan) -> int:
    rows = [
        PlanStep(plan=plan, position=s.position, link=s.link, name=s.name)
        for s in PlanStep.objects.filter(plan=first)
    ]
    return len(PlanStep.objects.bulk_create(rows))


def _copy_sites(plan: Plan, first: Plan) -> int:
    """The places of the first pass that were looked at: the others are its own gaps."""
    sites = PlanSite.objects.filter(plan=first, filled__gt=0).order_by("scope", "pk")
    rows = [PlanSite(plan=plan, venue_id=s.venue_id, name=s.name, scope=s.scope) for s in sites]
    if not rows:
        raise Invalid("plan.first_pass_empty", field="first")
    return len(PlanSite.objects.bulk_create(rows, batch_size=5_000))


_FILL = """
WITH given AS (
    SELECT * FROM unnest(%(sites)s::bigint[], %(steps)s::bigint[], %(outcomes)s::text[],
                         %(notes)s::text[], %(existed)s::boolean[])
             WITH ORDINALITY AS g (site_id, step_id, outcome, note, existed, n)
), placed AS (
    SELECT g.*, s.scope,
           row_number() OVER (PARTITION BY g.site_id, g.step_id ORDER BY g.n) = 1
           AND NOT EXISTS (SELECT 1 FROM supervision_result r
                           WHERE r.site_id = g.site_id AND r.step_id = g.step_id) AS first
    FROM given g
    JOIN supervision_plansite s ON s.id = g.site_id AND s.plan_id = %(plan)s
    JOIN supervision_planstep t ON t.id = g.step_id AND t.plan_id = %(plan)s
    WHERE s.scope >= %(low)s AND s.scope < %(high)s
), written AS (
    INSERT INTO supervision_result
        (plan_id, site_id, step_id, scope, outcome, first, existed, note, team, person_id, by, at)
    SELECT %(plan)s, site_id, step_id, scope, outcome, first, existed, note, %(team)s,
           %(person)s, %(by)s, %(at)s
    FROM placed RETURNING site_id, first
), counted AS (
    UPDATE supervision_plansite s SET filled = s.filled + w.n
    FROM (SELECT site_id, count(*) AS n FROM written WHERE first GROUP BY 1) AS w
    WHERE s.id = w.site_id
)
SELECT count(*), count(*) FILTER (WHERE first) FROM written
"""


@transaction.atomic
def record_results(
    *, plan_id: int, results: Sequence[NewResult], by: Actor, at: datetime, team: str = ""
) -> int:
    """Write what was found in cells, all or none; how many cells are filled by it.

    Sampling fills only the cells that were looked at. Locks the plan. Raises NotFound,
    NotAllowed, Invalid("plan.outside_period" | "plan.outcome" | "plan.gap_needs_note"),
    NotFound("plan.no_such_cell"), Conflict("plan.same_inspector") in a second pass.
    """
    if not by.has("supervise.visit"):
        raise NotAllowed("not_allowed", duty="supervise.visit")
    plan = Plan.objects.select_for_update().filter(visible_plans(by), pk=plan_id).first()
    if plan is None:
        raise NotFound("plan.not_found", id=plan_id)
    _refuse_unfit(plan, results, by=by, at=at)
    low, high = prefix_range(by.scope)
    asked: dict[str, Any] = {
        "plan": plan.pk, "sites": [r.site_id for r in results],
        "steps": [r.step_id for r in results], "outcomes": [r.outcome for r in results],
        "notes": [r.note.strip()[:400] for r in results],
        "existed": [r.existed for r in results], "low": low, "high": high,
        "team": team or by.org_name, "person": by.person_id, "by": by.name, "at": at,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_FILL, asked)
        written, filled = cursor.fetchone()
    if written != len(results):
        raise NotFound("plan.no_such_cell", missing=len(results) - written)
    Plan.objects.filter(pk=plan.pk).update(filled=F("filled") + filled)
    record(action="plan.record", subject=f"plan:{plan.pk}", by=by, at=at, scope=plan.scope,
           facts={"cells": written, "filled": filled})  # fmt: skip
    return int(filled)


def _refuse_unfit(plan: Plan, results: Sequence[NewResult], *, by: Actor, at: datetime) -> None:
    if not plan.starts <= local_date(at) <= plan.ends:
        raise Invalid("plan.outside_period", starts=plan.starts, ends=plan.ends)
    for result in results:
        if result.outcome not in Outcome.values:
            raise Invalid("plan.outcome", field="outcome", value=result.outcome)
        if result.outcome != Outcome.FINE and not result.note.strip():
            raise Invalid("plan.gap_needs_note", field="note")
    if plan.first_id is not None:
        _refuse_same_person(plan, [r.site_id for r in results], by)


def _refuse_same_person(plan: Plan, site_ids: Sequence[int], by: Actor) -> None:
    """A second pass is made by somebody else (2.17)."""
    own = Result.objects.filter(
        plan=plan.first_id, person_id=by.person_id, site__venue=OuterRef("venue")
    )
    again = PlanSite.objects.filter(Q(Exists(own)), pk__in=list(site_ids)).first()
    if again is not None:
        raise Conflict("plan.same_inspector", site=again.name)
