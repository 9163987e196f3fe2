"""Weak links by their shortfall; types of problem that are found in many places."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.supervision.rules.names import shortfall
from bihuan.supervision.types import Weakness


def weaknesses(*, by: Actor, size: int = 50) -> tuple[Weakness, ...]:
    """Problem–countermeasure pairs by shortfall against their target, weakest first. One query."""
    rows = (
        Obligation.objects.filter(
            sight(by), flow="problem", closed_at__isnull=True,
            problem__figure_before__isnull=False, problem__figure_target__isnull=False,
        )
        .select_related("brief", "owner_post", "problem")
        .annotate(n_tasks=Count("problem__tasks"))
    )  # fmt: skip
    found = [_weakness(o, o.n_tasks) for o in rows]
    return tuple(sorted(found, key=lambda w: (-w.shortfall, w.problem_id))[:size])


def _weakness(o: Obligation, tasks: int) -> Weakness:
    p = o.problem
    assert p.figure_before is not None
    assert p.figure_target is not None
    now = p.figure_before if p.figure_after is None else p.figure_after
    return Weakness(
        o.pk, o.number, o.brief.title, o.owner_post.title, p.figure_name, p.figure_before, now,
        p.figure_target, shortfall(now=now, target=p.figure_target), p.remeasure_on, tasks,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class CommonType:
    """A type of problem: in how many places, and how often before and after."""

    type_code: str
    places: int
    problems: int
    before: int  # in the period before this one

    @property
    def change(self) -> float | None:
        """Change against the period before, in per cent; None without a past."""
        return None if not self.before else round((self.problems / self.before - 1) * 100)


def common_types(*, by: Actor, at: datetime) -> tuple[CommonType, ...]:
    """Types found in at least as many places as make a common problem (M042). Two queries."""
    days = int(registry.value("common_problem.days", at, scope=by.scope).value)
    least = int(registry.value("common_problem.places", at, scope=by.scope).value)
    since = at - timedelta(days=days)
    rows = Obligation.objects.filter(sight(by), flow="problem").exclude(problem__type_code="")
    now = rows.filter(opened_at__gt=since, opened_at__lte=at).values("problem__type_code")
    counted = now.annotate(n=Count("pk"), where=Count("owner_org", distinct=True))
    past = dict(
        rows.filter(opened_at__gt=since - timedelta(days=days), opened_at__lte=since)
        .values_list("problem__type_code")
        .annotate(n=Count("pk"))
    )
    common = [
        CommonType(
            r["problem__type_code"], r["where"], r["n"], past.get(r["problem__type_code"], 0)
        )
        for r in counted
        if r["where"] >= least
    ]
    return tuple(sorted(common, key=lambda c: (-c.places, c.type_code)))
