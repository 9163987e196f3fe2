"""Teams, visits with their findings, and rounds of cross inspection."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, Q

from bihuan.core.clock import local_date
from bihuan.core.errors import NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.selectors import loops
from bihuan.core.loops.types import Filter, LoopRow
from bihuan.core.orgs.models import Org, Post
from bihuan.core.orgs.rules import SEES_PLACE
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import within
from bihuan.supervision.models import Round, RoundPair, Team, Visit

PAGE = 50


def visible_visits(by: Actor) -> Q:
    """Visits of the post's area and of its own teams; the inspected see one once they may know.

    An announced visit may be known at once, an unannounced one from its beginning.
    """
    known = Q(announced=True) | Q(begun_at__isnull=False)
    ours = Q(team__members=by.post_id) | Q(inspector_org=by.org_id)
    seen = Q(pk__in=Visit.objects.filter(ours).values("pk"))
    if by.role in SEES_PLACE:
        mandated = within("scope", by.scope) & Q(issuer_org=by.org_id)
        return seen | mandated | (within("scope", by.scope) & known)
    return seen | (sight(by) & known)


def fetch_visit(*, visit_id: int, by: Actor, lock: bool = False) -> Visit:
    """The one door to a visit. Raises NotFound("visit.not_found")."""
    rows = Visit.objects.select_related("team", "pair__round", "owner_post", "issuer_org")
    if lock:
        rows = rows.select_for_update(of=("self",))
    visit = rows.filter(visible_visits(by), pk=visit_id).first()
    if visit is None:
        raise NotFound("visit.not_found", id=visit_id)
    return visit


def inspects(visit: Visit, by: Actor) -> bool:
    """Whether a post makes this visit: a member of its team, or its pair's inspecting side."""
    if visit.team is not None:
        return visit.team.members.filter(pk=by.post_id).exists()
    return visit.inspector_org_id == by.org_id


def mandated(visit: Visit, by: Actor) -> Actor:
    """The inspector as the mandating node: sees its area."""
    mandate = visit.team or (visit.pair.round if visit.pair is not None else None)
    assert mandate is not None  # the constraint visit_one_mandate
    return replace(
        by, scope=mandate.scope, place_id=mandate.place_id, org_id=visit.issuer_org_id,
        org_name=visit.issuer_org.name,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit in a list."""

    id: int
    unit: str
    place: str
    by: str
    kind: str  # visit | cross
    announced: bool
    planned_for: datetime
    begun_at: datetime | None
    ended_at: datetime | None
    findings: int

    @property
    def state(self) -> str:
        """planned | under_way | ended."""
        if self.ended_at:
            return "ended"
        return "under_way" if self.begun_at else "planned"


def visits(*, by: Actor, after: str = "", size: int = PAGE) -> tuple[tuple[VisitRow, ...], str]:
    """Visits the post may know of, newest first. Two queries."""
    rows = Visit.objects.filter(visible_visits(by)).order_by("-pk")
    if after.isdecimal():
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.select_related(*_ROW)[: size + 1])
    more = str(found[size - 1].pk) if len(found) > size else ""
    counts = _findings([f"visit:{v.pk}" for v in found[:size]])
    return tuple(_row(v, counts.get(f"visit:{v.pk}", 0)) for v in found[:size]), more


_ROW = ("place", "owner_post", "owner_org", "team", "pair__round", "inspector_org")


def _findings(origins: list[str]) -> dict[str, int]:
    rows = Obligation.objects.filter(origin__in=origins).values_list("origin")
    return dict(rows.annotate(n=Count("pk")))


def _row(v: Visit, findings: int) -> VisitRow:
    by = v.team.name if v.team is not None else v.inspector_org.name
    return VisitRow(
        v.pk, v.owner_org.name, v.place.name, by, "visit" if v.team_id else "cross",
        v.announced, v.planned_for, v.begun_at, v.ended_at, findings,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class VisitDetail:
    """A visit as its page shows it."""

    row: VisitRow
    mandate: str
    leader: str
    links: tuple[tuple[str, str], ...]  # link, answer or ""
    comment: str
    findings: tuple[LoopRow, ...]
    inspects: bool
    inspected: bool

    @property
    def open_links(self) -> int:
        """Links that still lack an answer."""
        return sum(not answer for _, answer in self.links)


def visit_detail(*, visit_id: int, by: Actor, at: datetime) -> VisitDetail:
    """One visit with its findings. Three queries, one more for a team's member.

    Raises NotFound. Its inspectors read the findings under their mandate, wherever they are from.
    """
    visit = fetch_visit(visit_id=visit_id, by=by)
    ours = inspects(visit, by)
    reader = mandated(visit, by) if ours else by
    wanted = Filter(flow="problem", origin=f"visit:{visit.pk}")
    found = loops(by=reader, at=at, wanted=wanted, size=200).rows
    team = visit.team
    return VisitDetail(
        row=_row(visit, len(found)),
        mandate=team.mandate if team is not None else "",
        leader=team.leader.title if team is not None else "",
        links=tuple((link, visit.answers.get(link, "")) for link in visit.links),
        comment=visit.comment, findings=found, inspects=ours,
        inspected=visit.owner_org_id == by.org_id,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team in a list."""

    id: int
    name: str
    mandate: str
    leader: str
    members: int
    visits: int
    starts: date
    ends: date
    current: bool
    member: bool  # the reader is one


def teams(*, by: Actor, at: datetime, size: int = PAGE) -> tuple[TeamRow, ...]:
    """Teams of the post's area and those it is a member of, newest first. One query."""
    today = local_date(at)
    seen = sight(by, owned=False, sectors=False) | Q(
        pk__in=Team.objects.filter(members=by.post_id).values("pk")
    )
    rows = (
        Team.objects.filter(seen)
        .select_related("leader")
        .annotate(
            n_members=Count("members", distinct=True), n_visits=Count("visits", distinct=True),
            mine=Count("members", filter=Q(members=by.post_id), distinct=True),
        )
        .order_by("-pk")[:size]
    )  # fmt: skip
    return tuple(
        TeamRow(
            t.pk, t.name, t.mandate, t.leader.title, t.n_members, t.n_visits, t.starts, t.ends,
            t.starts <= today <= t.ends, bool(t.mine),
        )
        for t in rows
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PairRow:
    """One line of a round."""

    inspector: str
    inspected: str
    visit_id: int | None
    state: str  # planned | under_way | ended
    findings: int


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round with its pairs."""

    id: int
    title: str
    created_at: datetime
    created_by: str
    links: tuple[str, ...]
    observer: str
    repeats: int
    pairs: tuple[PairRow, ...]


def rounds(*, by: Actor, size: int = 20) -> tuple[RoundRow, ...]:
    """Rounds that the post's area holds or takes part in, newest first. Three queries."""
    part = RoundPair.objects.filter(Q(inspector=by.org_id) | Q(inspected=by.org_id))
    seen = sight(by, owned=False, sectors=False) | Q(pk__in=part.values("round_id"))
    found = list(Round.objects.filter(seen).select_related("observer").order_by("-pk")[:size])
    pairs = list(
        RoundPair.objects.filter(round__in=found)
        .select_related("inspector", "inspected", "visit")
        .order_by("pk")
    )
    counts = _findings([f"visit:{p.visit.pk}" for p in pairs if hasattr(p, "visit")])
    return tuple(_round(r, [p for p in pairs if p.round_id == r.pk], counts) for r in found)


def _round(r: Round, pairs: list[RoundPair], counts: dict[str, int]) -> RoundRow:
    return RoundRow(
        r.pk, r.title, r.created_at, r.created_by, tuple(r.links),
        r.observer.name if r.observer else "", r.repeats, tuple(_pair(p, counts) for p in pairs),
    )  # fmt: skip


def _pair(p: RoundPair, counts: dict[str, int]) -> PairRow:
    visit: Visit | None = getattr(p, "visit", None)
    state = "planned"
    if visit is not None and visit.begun_at:
        state = "ended" if visit.ended_at else "under_way"
    return PairRow(
        p.inspector.name, p.inspected.name, visit.pk if visit else None, state,
        counts.get(f"visit:{visit.pk}", 0) if visit else 0,
    )  # fmt: skip


def candidates_for_round(*, by: Actor) -> list[Org]:
    """The organisations right below the post's place whose desk can take part. One query."""
    posts = Post.objects.filter(place__parent=by.place_id, desk=True, valid_to=None)
    return [post.org for post in posts.select_related("org").order_by("scope")]


def posts_below(*, by: Actor, size: int = 500) -> list[Post]:
    """Posts of the area that may answer for a visited place or sit in a team. One query."""
    posts = Post.objects.filter(within("scope", by.scope), valid_to=None)
    return list(posts.select_related("org").order_by("scope", "org_id", "order")[:size])


def fetch_round(*, round_id: int, by: Actor) -> Round:
    """The one door to a round. Raises NotFound("round.not_found")."""
    row = Round.objects.filter(sight(by, owned=False, sectors=False), pk=round_id).first()
    if row is None:
        raise NotFound("round.not_found", id=round_id)
    return row
