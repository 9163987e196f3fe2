"""What the page of a node shows: bodies and holders, children, nominal owners, personal acts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter

from django.db import connection
from django.db.models import Count

from bihuan.core.clock import day_start, local_date
from bihuan.core.errors import NotFound
from bihuan.core.loops.counts import roll_up
from bihuan.core.loops.models import Obligation, Problem
from bihuan.core.loops.stewardship import Share, breakdown, stewardship_of
from bihuan.core.loops.types import TallyRow
from bihuan.core.orgs.models import OrgKind, PersonalAct, Slot
from bihuan.core.orgs.rules import SEES_PLACE, Stewardship, is_nominal
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.packs import registry
from bihuan.core.packs.types import Value
from bihuan.core.places.models import Place
from bihuan.core.places.selectors import ancestors
from bihuan.core.places.types import PlaceRow, under, within
from bihuan.web.work.loop_page import Linked, linked

SITE_CHECK = "site_check"
ACTS_SHOWN = 50
KINDS = dict(OrgKind.choices)
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
    """The places above that the reader may open. One query, none at the reader's own place."""
    if place.path == by.scope:
        return ()
    return tuple(row for row in ancestors(place.path, on) if under(row.path, by.scope))


def problems_of(place: Place, *, by: Actor) -> tuple[Linked, ...]:
    """The open problems of a place, soonest deadline first. One query.

    Asked from the side of the problems, which are few among the obligations.
    """
    found = (
        Obligation.objects.filter(sight(by), within("scope", place.path), closed_at__isnull=True)
        .filter(pk__in=Problem.objects.values("pk"))
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


_BODIES = """
SELECT org.id, org.name, org.second_name, org.kind, org.attached, post.id, post.title, post.role,
       coalesce(person.name, ''), post.desk
FROM orgs_org org
LEFT JOIN orgs_post post ON post.org_id = org.id AND post.valid_to IS NULL
LEFT JOIN orgs_tenure held ON held.post_id = post.id AND held.starts <= %(at)s
    AND (held.ends IS NULL OR held.ends > %(at)s)
LEFT JOIN orgs_person person ON person.id = held.person_id
WHERE org.place_id = %(place)s AND org.valid_to IS NULL
ORDER BY org.kind, org.id, post."order", post.id
"""


def bodies_of(*, place_id: int, at: datetime) -> tuple[Body, ...]:
    """Organisations of a place with their posts and holders. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_BODIES, {"place": place_id, "at": at})
        rows = cursor.fetchall()
    found = []
    for (pk, name, second, kind, attached), posts in groupby(rows, key=itemgetter(0, 1, 2, 3, 4)):
        holders = tuple(Holder(*row[5:]) for row in posts if row[5] is not None)
        words = str(KINDS.get(kind, kind))
        found.append(Body(pk, name, second, words, attached, kind in LEADING, holders))
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


def principals(
    bodies: Iterable[Body], acts: Iterable[PersonalAct], *, at: datetime
) -> tuple[Principal, ...]:
    """The principals among the bodies of a place, with their visits of the local month. Pure."""
    least = int(registry.value("personal.site_checks", at).value)
    visits = [act for act in acts if act.kind == SITE_CHECK]
    deputies = sum(not act.by_principal for act in visits)
    own = Counter(act.post_id for act in visits if act.by_principal)
    return tuple(
        Principal(one.title, one.person, own[one.post_id], deputies, least)
        for body in bodies for one in body.holders
        if one.person and one.role == Role.COMMANDER
    )  # fmt: skip


def acts_of_month(*, place_id: int, at: datetime) -> tuple[PersonalAct, ...]:
    """Personal acts of the local month at a place, newest first. One query."""
    month = day_start(local_date(at).replace(day=1))
    acts = PersonalAct.objects.filter(place=place_id, at__gte=month, at__lte=at)
    return tuple(acts.order_by("-at"))


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
    """One node as it stands. Ten queries. Raises NotFound."""
    place = place_in_sight(place_id=place_id, by=by)
    tallies = roll_up(place_id=place_id)
    ratios = stewardship_of(paths=[place.path, *(row.path for row in tallies)], at=at)
    limit = registry.value("owner.places_limit", at, scope=place.path)
    bodies, acts = bodies_of(place_id=place_id, at=at), acts_of_month(place_id=place_id, at=at)
    return Node(
        place=place,
        above=crumbs(place, by=by, on=local_date(at)),
        bodies=bodies,
        ratios=ratios[place.path],
        shares=breakdown(path=place.path),
        children=tuple(Child(row, ratios[row.path]) for row in tallies),
        nominal=nominal_owners(path=place.path, limit=int(limit.value)),
        limit=limit,
        principals=principals(bodies, acts, at=at),
        acts=acts[:ACTS_SHOWN],
    )
