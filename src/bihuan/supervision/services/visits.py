"""Form a team, plan and make a visit, file what it found."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.loops.models import Notice, Obligation, Watcher
from bihuan.core.loops.services import open_problem, write_brief
from bihuan.core.loops.services.opening import Deadline, Mandate, Origin
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.core.places.types import under
from bihuan.supervision.models import Team, Visit
from bihuan.supervision.selectors.visits import fetch_visit, inspects, mandated


@dataclass(frozen=True, slots=True)
class NewTeam:
    """A team to be formed: mandate, leader, members, term."""

    name: str
    mandate: str
    leader_post_id: int
    member_post_ids: tuple[int, ...]
    starts: date
    ends: date


@transaction.atomic
def form_team(*, given: NewTeam, by: Actor, at: datetime) -> Team:
    """Give people a mandate for the post's area. Raises NotAllowed, NotFound, Invalid("team.…")."""
    if not by.has("supervise.plan"):
        raise NotAllowed("not_allowed", duty="supervise.plan")
    if not given.name.strip() or not given.mandate.strip():
        raise Invalid("team.no_mandate", field="name" if not given.name.strip() else "mandate")
    if given.ends < given.starts:
        raise Invalid("plan.period", field="ends")
    members = {given.leader_post_id, *given.member_post_ids}
    posts = Post.objects.filter(pk__in=members, valid_to=None)
    if posts.count() != len(members):
        raise NotFound("post.not_found")
    team = Team.objects.create(
        name=given.name.strip()[:120], mandate=given.mandate.strip(), place_id=by.place_id,
        scope=by.scope, org_id=by.org_id, leader_id=given.leader_post_id, starts=given.starts,
        ends=given.ends, created_at=at,
    )  # fmt: skip
    team.members.set(posts)
    record(action="team.form", subject=f"team:{team.pk}", by=by, at=at, scope=team.scope,
           facts={"leader": given.leader_post_id, "members": sorted(members)})  # fmt: skip
    return team


@dataclass(frozen=True, slots=True)
class NewVisit:
    """A visit to be made: whom, when, told before or not, which links must be looked at."""

    owner_post_id: int  # who answers for the visited place
    planned_for: datetime
    announced: bool
    links: tuple[str, ...] = ()
    sector: str = ""


@transaction.atomic
def plan_visit(*, team_id: int, given: NewVisit, by: Actor, at: datetime) -> Visit:
    """Plan a visit of a team. An announced one is told to the unit, an unannounced one is not.

    Raises NotFound, NotAllowed("team.not_member" | "team.over"), Invalid("visit.past").
    """
    team = member_team(team_id, by=by, at=at)
    post = Post.objects.filter(pk=given.owner_post_id, valid_to=None).first()
    if post is None or not under(post.scope, team.scope):
        raise NotFound("post.not_found", id=given.owner_post_id)
    if given.planned_for < at and given.announced:
        raise Invalid("visit.past", field="planned_for")
    visit = Visit.objects.create(
        team=team, place_id=post.place_id, scope=post.scope, sector=given.sector,
        owner_post=post, owner_org_id=post.org_id, issuer_org_id=team.org_id,
        inspector_org_id=by.org_id, announced=given.announced, planned_for=given.planned_for,
        links=[link.strip()[:60] for link in given.links if link.strip()], created_at=at,
    )  # fmt: skip
    if visit.announced:
        Notice.objects.create(post=post, kind="visit.announced", at=at, facts={"visit": visit.pk})
    record(action="visit.plan", subject=f"visit:{visit.pk}", by=by, at=at, scope=visit.scope,
           facts={"announced": visit.announced, "team": team.name})  # fmt: skip
    return visit


def member_team(team_id: int, *, by: Actor, at: datetime) -> Team:
    """The team, for a member during its mandate. Raises NotFound, NotAllowed."""
    team = Team.objects.filter(pk=team_id).first()
    if team is None or not (by.scope.startswith(team.scope) or team.scope.startswith(by.scope)):
        raise NotFound("team.not_found", id=team_id)
    if not team.members.filter(pk=by.post_id).exists():
        raise NotAllowed("team.not_member", team=team.name)
    if not team.starts <= local_date(at) <= team.ends:
        raise NotAllowed("team.over", team=team.name, ends=team.ends)
    return team


def _visiting(visit_id: int, by: Actor) -> Visit:
    """A visit under way, locked, for whoever makes it."""
    visit = fetch_visit(visit_id=visit_id, by=by, lock=True)
    if not inspects(visit, by):
        raise NotAllowed("visit.not_inspector")
    if visit.ended_at is not None:
        raise Conflict("visit.ended")
    return visit


@transaction.atomic
def begin_visit(*, visit_id: int, by: Actor, at: datetime) -> Visit:
    """Begin: from now on the unit sees the visit, announced or not. Locks it.

    Raises NotFound, NotAllowed, Conflict("visit.begun" | "visit.ended").
    """
    visit = _visiting(visit_id, by)
    if visit.begun_at is not None:
        raise Conflict("visit.begun")
    visit.begun_at = at
    visit.save(update_fields=["begun_at"])
    Notice.objects.create(
        post_id=visit.owner_post_id, kind="visit.begun", at=at, facts={"visit": visit.pk}
    )
    _record("visit.begin", visit, by=by, at=at)
    return visit


@dataclass(frozen=True, slots=True)
class NewFinding:
    """What was found: in words, of which type and domain, in which link."""

    title: str
    text: str
    domain: str
    type_code: str = ""
    link: str = ""


@transaction.atomic
def file_finding(*, visit_id: int, given: NewFinding, by: Actor, at: datetime) -> Obligation:
    """File a finding straight to the mandating node: a problem of the unit, with a deadline.

    It is registered at once; the leader of the team verifies it (M035). Locks the visit.
    Raises NotFound, NotAllowed, Conflict("visit.not_begun" | "visit.ended"), Invalid.
    """
    visit = _visiting(visit_id, by)
    if visit.begun_at is None:
        raise Conflict("visit.not_begun")
    kind = "visit" if visit.team is not None else "cross"
    brief = write_brief(
        given=BriefInput(given.title, given.text, given.domain, sector=visit.sector),
        place=Place.objects.get(pk=visit.place_id), at=at,
    )  # fmt: skip
    row = open_problem(
        brief=brief, owner_post_id=visit.owner_post_id, by=by, at=at,
        origin=Origin(kind, _mandate_name(visit)), type_code=given.type_code,
        found_in=f"visit:{visit.pk}", mandate=_mandate(visit, by, at),
    )  # fmt: skip
    _let_see(row, visit, by=by)
    _answer(visit, given.link, "gap")
    return row


def _mandate(visit: Visit, by: Actor, at: datetime) -> Mandate:
    """The mandating node's, judged by the leader of the team; of a cross visit by who made it."""
    leader = visit.team.leader_id if visit.team is not None else by.post_id
    due = Deadline(*registry.due("visit.rectify", at, scope=visit.scope))
    return Mandate(mandated(visit, by).scope, leader, visit.issuer_org_id, due)


def _let_see(row: Obligation, visit: Visit, *, by: Actor) -> None:
    """Whoever found it, and the team: they may belong to bodies that would not see it."""
    posts = {by.post_id}
    if visit.team is not None:
        posts |= set(visit.team.members.values_list("pk", flat=True))
    Watcher.objects.bulk_create(Watcher(obligation=row, post_id=post) for post in sorted(posts))


def _mandate_name(visit: Visit) -> str:
    if visit.team is not None:
        return visit.team.name
    assert visit.pair is not None
    return visit.pair.round.title


@transaction.atomic
def answer_link(*, visit_id: int, link: str, answer: str, by: Actor, at: datetime) -> Visit:
    """Say what a link was like: fine, gap or absent. Locks the visit.

    Raises NotFound, NotAllowed, Conflict, Invalid("visit.link" | "plan.outcome").
    """
    visit = _visiting(visit_id, by)
    if link not in visit.links:
        raise Invalid("visit.link", field="link", value=link)
    if answer not in {"fine", "gap", "absent"}:
        raise Invalid("plan.outcome", field="answer", value=answer)
    _answer(visit, link, answer)
    _record("visit.answer", visit, by=by, at=at, link=link, answer=answer)
    return visit


def _answer(visit: Visit, link: str, answer: str) -> None:
    if link in visit.links:
        visit.answers[link] = answer
        visit.save(update_fields=["answers"])


@transaction.atomic
def end_visit(*, visit_id: int, by: Actor, at: datetime) -> Visit:
    """End a visit once every link has its answer (逐个环节). Locks it.

    Raises NotFound, NotAllowed, Conflict, MoveBlocked("visit.links_open") naming them.
    """
    visit = _visiting(visit_id, by)
    if visit.begun_at is None:
        raise Conflict("visit.not_begun")
    left = [link for link in visit.links if link not in visit.answers]
    if left:
        raise MoveBlocked("visit.links_open", links=left)
    visit.ended_at = at
    visit.save(update_fields=["ended_at"])
    _record("visit.end", visit, by=by, at=at)
    return visit


@transaction.atomic
def comment_visit(*, visit_id: int, comment: str, by: Actor, at: datetime) -> Visit:
    """The inspected side comments; it never deletes. Locks the visit.

    Raises NotFound, NotAllowed("visit.not_inspected"), Invalid("visit.no_comment").
    """
    visit = fetch_visit(visit_id=visit_id, by=by, lock=True)
    if visit.owner_org_id != by.org_id:
        raise NotAllowed("visit.not_inspected")
    if not comment.strip():
        raise Invalid("visit.no_comment", field="comment")
    lines = [line for line in (visit.comment, f"{comment.strip()} ({by.name})") if line]
    visit.comment = "\n".join(lines)
    visit.save(update_fields=["comment"])
    _record("visit.comment", visit, by=by, at=at, comment=comment.strip())
    return visit


def _record(action: str, visit: Visit, *, by: Actor, at: datetime, **facts: object) -> None:
    record(action=action, subject=f"visit:{visit.pk}", by=by, at=at, scope=visit.scope, facts=facts)
