"""What the page of a node shows: bodies and holders, children, nominal owners, personal acts."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from bihuan.core.clock import day_start, local_date
from bihuan.core.errors import NotFound
from bihuan.core.loops.counts import roll_up
from bihuan.core.loops.models import Obligation, Problem
from bihuan.core.loops.stewardship import Share, breakdown, stewardship_of
from bihuan.core.loops.types import TallyRow
from bihuan.core.orgs.models import Org, PersonalAct, Slot, Tenure
from bihuan.core.orgs.rules import SEES_PLACE, Stewardship, is_nominal
from bihuan.core.orgs.selectors import sight, tenures_at
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.packs import registry
from bihuan.core.packs.types import Value
from bihuan.core.places.models import Place
from bihuan.core.places.selectors import ancestors
from bihuan.core.places.types import PlaceRow, under, within
from bihuan.web.work.loop_page import Linked, linked

SITE_CHECK = "site_check"
LEADING = {"government", "headquarters", "safety_committee", "node"}


def place_in_sight(*, place_id: int, by: Actor) -> Place:
    """The one door to a place: posts that lead or serve a place see it and all below it.

    One query. Raises NotFound("place.not_found").
    """
    place = Place.objects.filter(pk=place_id, valid_to=None).first()
    if place is None or by.role not in SEES_PLACE or not under(place.path, by.scope):
        raise NotFound("place.not_found", id=place_id)
    return place


def crumbs(place: Place, *, by: Actor, on: date) -> tuple[PlaceRow, ...]:
    """The places above that the reader may open. One query."""
    return tuple(row for row in ancestors(place.path, on) if under(row.path, by.scope))


def problems_of(place: Place, *, by: Actor) -> tuple[Linked, ...]:
    """The open problems of a place, soonest deadline first. One query.

    Asked from the side of the problems, which are few among the obligations.
    """
    found = (
        Obligation.objects.filter(sight(by), within("scope", place.path), closed_at__isnull=True)
        .filter(pk__in=Problem.objects.values("pk"))
        .select_related("brief", "place", "owner_post")
        .order_by("due_at", "pk")[:10]
    )
    return linked(found)


@dataclass(frozen=True, slots=True)
class Holder:
    """A post and who holds it; no person: vacant."""

    post_id: int
    title: str
    role: str
    person: str
    desk: bool


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation of a place with its posts."""

    id: int
    name: str
    second_name: str
    kind: str
    attached: bool
    leads: bool
    holders: tuple[Holder, ...]


def bodies_of(*, place_id: int, at: datetime) -> tuple[Body, ...]:
    """Organisations of a place with their posts and holders. Three queries."""
    orgs = Org.objects.filter(place=place_id, valid_to=None).prefetch_related("posts")
    held = dict(
        Tenure.objects.filter(tenures_at(at), post__place=place_id)
        .values_list("post_id", "person__name")
    )  # fmt: skip
    found = []
    for org in orgs.order_by("kind", "pk"):
        posts = sorted(org.posts.all(), key=lambda post: (post.order, post.pk))
        holders = tuple(
            Holder(p.pk, p.title, p.role, held.get(p.pk, ""), p.desk)
            for p in posts if p.valid_to is None
        )  # fmt: skip
        kind = str(org.get_kind_display())
        found.append(
            Body(org.pk, org.name, org.second_name, kind, org.attached, org.kind in LEADING,
                 holders)
        )  # fmt: skip
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Nominal:
    """A post that stands in more slots than anybody can answer for."""

    post: str
    org: str
    places: int


def nominal_owners(*, path: str, limit: int) -> tuple[Nominal, ...]:
    """Owners of more places than the limit, in a place and all below it. One query."""
    held = (
        Slot.objects.filter(within("scope", path), post__isnull=False, valid_to=None)
        .values("post", "post__title", "post__org__name")
        .annotate(n=Count("pk"))
        .order_by("-n")[:100]
    )
    return tuple(
        Nominal(row["post__title"], row["post__org__name"], row["n"])
        for row in held if is_nominal(row["n"], limit)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Principal:
    """How often a principal, and the deputies beside, went to the spot this month (M014)."""

    post: str
    person: str
    in_person: int
    by_deputies: int
    least: int

    @property
    def met(self) -> bool:
        """Whether the principal went in person often enough; deputies' visits do not count."""
        return self.in_person >= self.least


def principals(*, place_id: int, at: datetime) -> tuple[Principal, ...]:
    """The principals of a place with their personal acts of the local month. Two queries."""
    month = day_start(local_date(at).replace(day=1))
    least = int(registry.value("personal.site_checks", at).value)
    acts = PersonalAct.objects.filter(place=place_id, kind=SITE_CHECK, at__gte=month, at__lte=at)
    done = {
        row["post"]: row["own"]
        for row in acts.values("post").annotate(own=Count("pk", filter=Q(by_principal=True)))
    }
    deputies = sum(1 for _ in acts.filter(by_principal=False).values_list("pk"))
    held = (
        Tenure.objects.filter(tenures_at(at), post__place=place_id, post__role=Role.COMMANDER)
        .filter(post__valid_to=None)
        .select_related("post", "person")
        .order_by("post__order")
    )
    return tuple(
        Principal(t.post.title, t.person.name, done.get(t.post_id, 0), deputies, least)
        for t in held
    )


def acts_of_month(*, place_id: int, at: datetime) -> tuple[PersonalAct, ...]:
    """Personal acts of the local month at a place, newest first. One query."""
    month = day_start(local_date(at).replace(day=1))
    acts = PersonalAct.objects.filter(place=place_id, at__gte=month, at__lte=at)
    return tuple(acts.select_related("post").order_by("-at")[:50])


@dataclass(frozen=True, slots=True)
class Child:
    """A place below with the same figures as the node itself."""

    tally: TallyRow
    ratios: Stewardship


@dataclass(frozen=True, slots=True)
class Node:
    """Everything the page of a node shows."""

    place: Place
    above: tuple[PlaceRow, ...]
    bodies: tuple[Body, ...]
    ratios: Stewardship
    shares: tuple[Share, ...]
    children: tuple[Child, ...]
    nominal: tuple[Nominal, ...]
    limit: Value
    principals: tuple[Principal, ...]
    acts: tuple[PersonalAct, ...]

    @property
    def leading(self) -> tuple[Body, ...]:
        """The bodies that lead the place."""
        return tuple(body for body in self.bodies if body.leads)

    @property
    def serving(self) -> tuple[Body, ...]:
        """Departments and units."""
        return tuple(body for body in self.bodies if not body.leads)

    @property
    def totals(self) -> dict[str, int]:
        """The counters by bucket, of all flows and domains together."""
        names = ("open", "submitted", "overdue", "closed", "late", "withdrawn")
        return {name: sum(getattr(share, name) for share in self.shares) for name in names}


def node(*, place_id: int, by: Actor, at: datetime) -> Node:
    """One node as it stands. Fifteen queries. Raises NotFound."""
    place = place_in_sight(place_id=place_id, by=by)
    tallies = roll_up(place_id=place_id)
    ratios = stewardship_of(paths=[place.path, *(row.path for row in tallies)], at=at)
    limit = registry.value("owner.places_limit", at, scope=place.path)
    return Node(
        place=place,
        above=crumbs(place, by=by, on=local_date(at)),
        bodies=bodies_of(place_id=place_id, at=at),
        ratios=ratios[place.path],
        shares=breakdown(path=place.path),
        children=tuple(Child(row, ratios[row.path]) for row in tallies),
        nominal=nominal_owners(path=place.path, limit=int(limit.value)),
        limit=limit,
        principals=principals(place_id=place_id, at=at),
        acts=acts_of_month(place_id=place_id, at=at),
    )
