"""Set the goals of a time: dated, each with a figure, a rule of evidence and a post (M198)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from bihuan.command.models import Goal, GoalReport, GoalSet
from bihuan.command.selectors.goals import fetch_goal, goal_rules, is_reported
from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Invalid, NotAllowed, NotFound
from bihuan.core.evidence.services import Made, add_file, add_statement
from bihuan.core.loops.services.proof import File
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import within

MOST_GOALS = 10


@dataclass(frozen=True, slots=True)
class NewGoal:
    """One goal; what is left out makes it undefined, which its light says."""

    name: str
    rule: str = ""
    most: float | None = None
    post_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewSet:
    """A set of goals: its title, where it was decided, its days."""

    title: str
    source: str
    starts: date
    ends: date
    goals: Sequence[NewGoal]


@transaction.atomic
def set_goals(*, given: NewSet, by: Actor, at: datetime) -> GoalSet:
    """Set the goals of one's own place; an earlier set stays as it was and can be read.

    Raises NotAllowed, NotFound("post.not_found"), Invalid("goal.title" | "goal.days" |
    "goal.none" | "goal.rule" | "goal.figure").
    """
    if not by.has("directive.issue"):
        raise NotAllowed("not_allowed", duty="directive.issue")
    goals = [goal for goal in given.goals if goal.name.strip()]
    if not given.title.strip() or not given.source.strip():
        raise Invalid("goal.title", field="source" if given.title.strip() else "title")
    if given.ends < given.starts:
        raise Invalid("goal.days", field="ends")
    if not 0 < len(goals) <= MOST_GOALS:
        raise Invalid("goal.none", most=MOST_GOALS)
    _refuse_wrong(goals, by, at)
    row = GoalSet.objects.create(
        place_id=by.place_id, scope=by.scope, title=given.title.strip()[:120],
        source=given.source.strip()[:200], starts=given.starts, ends=given.ends, set_at=at,
        set_by=by.name,
    )  # fmt: skip
    Goal.objects.bulk_create(
        Goal(goal_set=row, position=number, name=goal.name.strip()[:120], rule=goal.rule,
             most=goal.most, post_id=goal.post_id)
        for number, goal in enumerate(goals, start=1)
    )  # fmt: skip
    record(action="goal.set", subject=f"place:{by.place_id}", by=by, at=at, scope=row.scope,
           facts={"title": row.title, "goals": len(goals)})  # fmt: skip
    return row


def _refuse_wrong(goals: Sequence[NewGoal], by: Actor, at: datetime) -> None:
    known = goal_rules(scope=by.scope, at=at)
    if any(goal.rule and goal.rule not in known for goal in goals):
        raise Invalid("goal.rule")
    if any(goal.most is not None and goal.most < 0 for goal in goals):
        raise Invalid("goal.figure")
    wanted = {goal.post_id for goal in goals if goal.post_id is not None}
    posts = Post.objects.filter(within("scope", by.scope), pk__in=wanted, valid_to=None)
    if posts.count() != len(wanted):
        raise NotFound("post.not_found", id=sorted(wanted))


@dataclass(frozen=True, slots=True)
class NewFigure:
    """A figure as it is reported: as of which day, what it rests on, the document where there is one."""

    value: float
    day: date
    basis: str
    file: File | None = None


@transaction.atomic
def report_figure(*, goal_id: int, given: NewFigure, by: Actor, at: datetime) -> GoalReport:
    """Report the figure of a goal that no counter has. Reported again, the later day stands.

    Raises NotFound("goal.not_found"), NotAllowed("goal.not_owner"), Invalid("goal.counted" |
    "goal.figure" | "goal.report_day" | "goal.basis" | "evidence.…").
    """
    goal = fetch_goal(goal_id=goal_id, by=by)
    row = goal.goal_set
    if goal.post_id != by.post_id:
        raise NotAllowed("goal.not_owner")
    if not is_reported(goal, at=at):
        raise Invalid("goal.counted", field="value")
    _refuse_figure(row, given, at)
    kept: dict[str, Any] = {"subject": f"goal:{goal.pk}", "scope": row.scope, "by": by, "at": at,
                            "made": Made(at, text=given.basis.strip()[:200])}  # fmt: skip
    item = (
        add_statement(kind="statement", **kept) if given.file is None
        else add_file(name=given.file.name, chunks=given.file.chunks(), **kept)
    )  # fmt: skip
    made = GoalReport.objects.create(
        goal=goal, value=given.value, day=given.day, basis=given.basis.strip()[:200],
        evidence_id=item.pk, file_name=item.file_name[:200], at=at, by=by.name,
    )  # fmt: skip
    record(action="goal.report", subject=f"goal:{goal.pk}", by=by, at=at, scope=row.scope,
           facts={"value": given.value, "day": given.day.isoformat()})  # fmt: skip
    return made


def _refuse_figure(row: GoalSet, given: NewFigure, at: datetime) -> None:
    if given.value < 0:
        raise Invalid("goal.figure", field="value")
    if not row.starts <= given.day <= min(local_date(at), row.ends):
        raise Invalid("goal.report_day", field="day")
    if not given.basis.strip():
        raise Invalid("goal.basis", field="basis")
