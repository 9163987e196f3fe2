"""Who investigates: the nearest epidemiologists with the least open work, at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection
from django.db.models import Q

from bihuan.core.loops.models import Domain, Obligation
from bihuan.core.loops.services.opening import Deadline, brief_of
from bihuan.core.loops.services.raising import Raised, raise_many
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.packs import registry
from bihuan.core.places.rules import upper_paths
from bihuan.epidemic.models import Case

SECTOR = "health"
PARTS = (("case.core_facts", "流调核心信息"), ("case.report", "流调报告"))


BUSY = 100  # open clocks beyond which one is no busier than another: then turns are taken
_LOADS = """
SELECT p.id,
       (SELECT count(*) FROM (SELECT FROM loops_obligation o WHERE o.owner_post_id = p.id
           AND o.closed_at IS NULL AND o.flow = 'inquiry' LIMIT %(busy)s) few),
       (SELECT max(o.due_at) FROM loops_obligation o WHERE o.owner_post_id = p.id
           AND o.closed_at IS NULL AND o.flow = 'inquiry')
FROM unnest(%(ids)s::bigint[]) p (id)
"""


@dataclass
class Teams:
    """Who may investigate in a place, how much each has open, and the desk they answer to."""

    posts: list[Post]
    desk: Post
    load: dict[int, tuple[int, datetime]]

    def next(self, at: datetime, more: int) -> Post:
        """Who has the least open, of the busy whose last clock is the oldest; has `more` from now."""
        post = min(self.posts, key=lambda p: (*self.load[p.pk], p.pk))
        self.load[post.pk] = (min(self.load[post.pk][0] + more, BUSY), at)
        return post


def teams_of(scope: str) -> Teams | None:
    """The nearest posts that investigate in a place. Two queries at most."""
    paths = [*upper_paths(scope), scope]
    wanted = Q(role=Role.EPIDEMIOLOGY.value) | Q(desk=True)
    posts = list(
        Post.objects.filter(wanted, scope__in=paths, valid_to=None)
        .select_related("org")
        .order_by("pk")
    )
    experts = [p for p in posts if p.role == Role.EPIDEMIOLOGY.value]
    if not experts:
        return None
    nearest = max(len(p.scope) for p in experts)
    team = [p for p in experts if len(p.scope) == nearest]
    desks = [d for d in posts if d.desk and len(d.scope) <= nearest]
    return Teams(team, max(desks, key=lambda d: len(d.scope), default=team[0]), _loads(team))


def _loads(posts: list[Post]) -> dict[int, tuple[int, datetime]]:
    """Open clocks of each, as far as `BUSY`, and when the last one is due."""
    never = datetime.min.replace(tzinfo=UTC)
    if len(posts) == 1:
        return {posts[0].pk: (0, never)}
    with connection.cursor() as cursor:
        cursor.execute(_LOADS, {"busy": BUSY, "ids": [p.pk for p in posts]})
        return {pk: (n, last or never) for pk, n, last in cursor.fetchall()}


def team_for(scope: str, at: datetime) -> tuple[Post | None, Post | None]:
    """The post that investigates in a place, and the desk it answers to."""
    teams = teams_of(scope)
    return (teams.next(at, len(PARTS)), teams.desk) if teams else (None, None)


def judge_for(team: Post, desk: Post) -> Post:
    """Who judges what a team concludes: the epidemiologists above it, else the desk. One query."""
    above = Post.objects.filter(
        role=Role.EPIDEMIOLOGY.value, scope__in=upper_paths(team.scope), valid_to=None
    )
    found = sorted(above.select_related("org"), key=lambda p: (-len(p.scope), p.pk))
    return found[0] if found else desk


def assign_team(*, case: Case, by: Actor, at: datetime) -> list[Obligation]:
    """Open the two clocks of an investigation. Nobody to take them: none, and the list shows it."""
    return assign_many([case], by=by, at=at)


def assign_many(cases: Sequence[Case], *, by: Actor, at: datetime) -> list[Obligation]:
    """Open the clocks of many, each with the team that then has the least. Two queries a place."""
    teams: dict[str, Teams | None] = {}
    wanted = []
    for case in cases:
        if case.scope not in teams:
            teams[case.scope] = teams_of(case.scope)
        team = teams[case.scope]
        if team is not None:
            wanted += _clocks(case, team.next(at, len(PARTS)), team.desk, at)
    return raise_many(wanted, by=by, at=at) if wanted else []


def _clocks(case: Case, team: Post, desk: Post, at: datetime) -> list[Raised]:
    found = []
    for key, words in PARTS:
        due = registry.due(key, at, scope=case.scope, disease=case.event.disease)
        brief = brief_of(
            given=BriefInput(
                title=f"{words} {case.number}", text=f"{words}:{case.number}", sector=SECTOR,
                domain=Domain.INVESTIGATION, criterion="按规则包的问题填齐", basis=due[1],
            ),
            place=case.place, at=at,
        )  # fmt: skip
        origin = f"case:{case.pk}:{key}"
        found.append(Raised("inquiry", brief, team, desk, Deadline(*due), origin))
    return found
