"""The goals in force with their lights, and the sets before them (M198)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from bihuan.command.models import Goal, GoalReport, GoalSet
from bihuan.command.rules import REPORTED, Figures, Light, Told, light
from bihuan.core.clock import local_date
from bihuan.core.errors import NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.rules import upper_paths
from bihuan.core.places.types import within
from bihuan.safety.selectors.goals import accident_figures


def goal_rules(*, scope: str, at: datetime) -> dict[str, Mapping[str, Any]]:
    """The rules a goal may be judged by, by their key. No query."""
    return {str(row["key"]): row for row in registry.table("goal_rule", at, scope=scope)}


def goal_template(*, scope: str, at: datetime) -> tuple[Mapping[str, Any], ...]:
    """The goals that a new set starts from. No query."""
    return registry.table("goal_template", at, scope=scope)


def _seen(by: Actor) -> Q:
    """Sets of the area and of the areas above it."""
    return within("scope", by.scope) | Q(scope__in=upper_paths(by.scope))


def fetch_set(*, set_id: int, by: Actor) -> GoalSet:
    """The one door to a set of goals. Raises NotFound("goal.not_found")."""
    row = GoalSet.objects.filter(_seen(by), pk=set_id).select_related("place").first()
    if row is None:
        raise NotFound("goal.not_found", id=set_id)
    return row


def fetch_goal(*, goal_id: int, by: Actor) -> Goal:
    """One goal of a set the post may see. Raises NotFound("goal.not_found")."""
    row = Goal.objects.select_related("goal_set", "post").filter(pk=goal_id).first()
    if row is None or not GoalSet.objects.filter(_seen(by), pk=row.goal_set_id).exists():
        raise NotFound("goal.not_found", id=goal_id)
    return row


def is_reported(goal: Goal, *, at: datetime) -> bool:
    """Whether no counter has its figure: the responsible post tells it. No query."""
    rule = goal_rules(scope=goal.goal_set.scope, at=at).get(goal.rule)
    return rule is not None and rule["figure"] == REPORTED


def goal_sets(*, by: Actor) -> Sequence[GoalSet]:
    """Sets the post may see, the newest first. One query."""
    return list(GoalSet.objects.filter(_seen(by)).select_related("place").order_by("-pk")[:50])


def set_in_force(*, by: Actor, at: datetime) -> GoalSet | None:
    """The set of the actor's own place, else of the nearest above, that holds now. One query."""
    today = local_date(at)
    rows = GoalSet.objects.filter(
        scope__in=[by.scope, *upper_paths(by.scope)], starts__lte=today, ends__gte=today,
        set_at__lte=at,
    )  # fmt: skip
    found = list(rows.select_related("place").order_by("pk"))
    return max(found, key=lambda one: (len(one.scope), one.pk), default=None)


@dataclass(frozen=True, slots=True)
class GoalLight:
    """One goal: its light, the rule in words, what was reported last where no counter counts."""

    goal: Goal
    light: Light
    rule: Mapping[str, Any] | None
    report: GoalReport | None = None

    @property
    def reported(self) -> bool:
        """Whether the responsible post tells its figure."""
        return self.rule is not None and self.rule["figure"] == REPORTED


def lights(row: GoalSet, *, at: datetime) -> tuple[GoalLight, ...]:
    """The lights of a set the caller has seen, as of a moment, in order. Five queries."""
    rules = goal_rules(scope=row.scope, at=at)
    amber = float(registry.value("goal.amber", at, scope=row.scope).value)
    figures = _figures(row, at)
    last = {report.goal_id: report for report in reversed(reports_of(row, at=at))}
    oldest = _oldest(row, at)
    found = []
    for goal in row.goals.select_related("post__org").order_by("position"):
        rule, report = rules.get(goal.rule), last.get(goal.pk)
        told = Told(report.value, report.day < oldest) if report else None
        judged = light(rule=rule, most=goal.most, figures=figures, told=told,
                       owned=goal.post_id is not None, amber=amber)  # fmt: skip
        found.append(GoalLight(goal, judged, rule, report))
    return tuple(found)


def reports_of(row: GoalSet, *, at: datetime) -> list[GoalReport]:
    """What was reported of a set's goals by a moment, the latest day first. One query."""
    rows = GoalReport.objects.filter(goal__goal_set=row, at__lte=at).select_related("goal")
    return list(rows.order_by("-day", "-pk")[:200])


def _oldest(row: GoalSet, at: datetime) -> date:
    """The day from which on a reported figure still says how a goal stands."""
    days = int(registry.value("goal.report_days", at, scope=row.scope).value)
    return min(local_date(at), row.ends) - timedelta(days=days)


def _figures(row: GoalSet, at: datetime) -> Figures:
    """From the first day to now, and the same days a year before. Nothing before it begins."""
    until = min(local_date(at), row.ends)
    if until < row.starts:
        return Figures({}, {})
    overdue = Obligation.objects.filter(
        within("scope", row.scope), domain="work-safety", closed_at=None, overdue_at__lte=at
    ).count()
    now = accident_figures(scope=row.scope, since=row.starts, until=until)
    before = accident_figures(scope=row.scope, since=_year_before(row.starts),
                              until=_year_before(until))  # fmt: skip
    return Figures(now | {"overdue": float(overdue)}, before)


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # the leap day
        return (day - timedelta(days=1)).replace(year=day.year - 1)
