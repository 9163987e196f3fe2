"""Who investigates: the nearest epidemiologists with the least open work, at once."""

from datetime import datetime

from django.db.models import Count, Q

from bihuan.core.loops.models import Domain, Obligation
from bihuan.core.loops.services import write_brief
from bihuan.core.loops.services.opening import Deadline
from bihuan.core.loops.services.raising import raise_loop
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.packs import registry
from bihuan.core.places.rules import upper_paths
from bihuan.epidemic.models import Case

SECTOR = "health"
PARTS = (("case.core_facts", "流调核心信息"), ("case.report", "流调报告"))


def team_for(scope: str) -> tuple[Post | None, Post | None]:
    """The post that investigates in a place, and the desk it answers to."""
    paths = [*upper_paths(scope), scope]
    posts = Post.objects.filter(scope__in=paths, valid_to=None).select_related("org")
    open_work = Count("owed", filter=Q(owed__closed_at=None, owed__flow="inquiry"))
    experts = posts.filter(role=Role.EPIDEMIOLOGY.value).annotate(load=open_work)
    team = max(experts, key=lambda p: (len(p.scope), -p.load, -p.pk), default=None)
    desks = [d for d in posts.filter(desk=True) if team and len(d.scope) <= len(team.scope)]
    return team, max(desks, key=lambda d: len(d.scope), default=team)


def assign_team(*, case: Case, by: Actor, at: datetime) -> list[Obligation]:
    """Open the two clocks of an investigation. Nobody to take them: none, and the list shows it."""
    team, desk = team_for(case.scope)
    if team is None or desk is None:
        return []
    loops = []
    for key, words in PARTS:
        due = registry.due(key, at, scope=case.scope, disease=case.event.disease)
        brief = write_brief(
            given=BriefInput(
                title=f"{words} {case.number}", text=f"{words}:{case.number}", sector=SECTOR,
                domain=Domain.INVESTIGATION, criterion="按规则包的问题填齐", basis=due[1],
            ),
            place=case.place, at=at,
        )  # fmt: skip
        loops.append(
            raise_loop(
                flow="inquiry", brief=brief, owner=team, issuer=desk, deadline=Deadline(*due),
                origin=f"case:{case.pk}:{key}", by=by, at=at,
            )
        )  # fmt: skip
    return loops
