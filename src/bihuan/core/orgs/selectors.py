"""Who acts in which post, who stands in, who is next in the chain, and what a post may see."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from bihuan.core.errors import NotAllowed, NotFound
from bihuan.core.orgs.models import Absence, Account, Party, Post, Slot, Tenure
from bihuan.core.orgs.rules import DUTIES, SEES_OWN, SEES_PLACE, SEES_SECTORS
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.places.models import Place
from bihuan.core.places.rules import upper_paths
from bihuan.core.places.types import within


def tenures_at(at: datetime) -> Q:
    """Tenures in force at a moment."""
    return Q(starts__lte=at) & (Q(ends=None) | Q(ends__gt=at))


_HELD = """
SELECT t.person_id, h.name, p.id, p.title, p.org_id, o.name, p.place_id, l.name, p.scope, p.role,
       p.sectors || o.sectors,
       EXISTS (SELECT FROM orgs_absence a JOIN orgs_post left_by ON left_by.id = a.post_id
               WHERE left_by.org_id = p.org_id AND a.starts <= %(at)s AND a.ends > %(at)s)
FROM orgs_account c JOIN orgs_person h ON h.id = c.person_id
JOIN orgs_tenure t ON t.person_id = h.id JOIN orgs_post p ON p.id = t.post_id
JOIN orgs_org o ON o.id = p.org_id JOIN places_place l ON l.id = p.place_id
WHERE c.id = %(account)s AND c.is_active
      AND t.starts <= %(at)s AND (t.ends IS NULL OR t.ends > %(at)s)
ORDER BY p."order", p.id
"""


def actors_of(*, account_id: int, at: datetime) -> list[Actor]:
    """Every post the account's person may act in: held ones first, then those stood in for.

    One query, asked by every request; more only while somebody of the same body is away.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"account": account_id, "at": at})
        rows = cursor.fetchall()
    actors = [_held(account_id, row) for row in rows]
    if any(row[-1] for row in rows):
        actors += _standing_in(account_id, at)
    return actors


def _held(account_id: int, row: tuple[Any, ...]) -> Actor:
    """One row of `_HELD`."""
    person_id, name, post_id, title, org_id, org, place_id, place, scope, role, sectors, _away = row
    return Actor(
        account_id=account_id, person_id=person_id, person_name=name, post_id=post_id,
        post_title=title, org_id=org_id, org_name=org, place_id=place_id, place_name=place,
        scope=scope, role=Role(role), duties=DUTIES[Role(role)], sectors=frozenset(sectors),
        acts_for_post_id=None,
    )  # fmt: skip


def _standing_in(account_id: int, at: datetime) -> list[Actor]:
    """The posts of absent colleagues that the account's person stands in for."""
    held = list(
        Tenure.objects.filter(tenures_at(at), person__account=account_id)
        .filter(person__account__is_active=True)
        .select_related("person", "post")
    )
    away = Absence.objects.filter(
        starts__lte=at, ends__gt=at, post__org__in=[tenure.post.org_id for tenure in held]
    ).select_related("post__org", "post__place")
    actors: list[Actor] = []
    for absence in away:
        stand_in = substitute(post=absence.post, at=at)
        actors.extend(
            _actor(account_id, tenure, instead_of=absence.post)
            for tenure in held
            if stand_in is not None and tenure.post_id == stand_in.pk
        )
    return actors


def _actor(account_id: int, tenure: Tenure, instead_of: Post | None = None) -> Actor:
    post = instead_of or tenure.post
    role = Role(post.role)
    title = post.title if instead_of is None else f"{tenure.post.title},代{post.title}"
    return Actor(
        account_id=account_id,
        person_id=tenure.person_id,
        person_name=tenure.person.name,
        post_id=post.pk,
        post_title=title,
        org_id=post.org_id,
        org_name=post.org.name,
        place_id=post.place_id,
        place_name=post.place.name,
        scope=post.scope,
        role=role,
        duties=DUTIES[role],
        sectors=frozenset(post.sectors) | frozenset(post.org.sectors),
        acts_for_post_id=post.pk if instead_of is not None else None,
    )


def actor_for(*, account_id: int, post_id: int | None, at: datetime) -> Actor:
    """The account's actor in a post (its first post when None).

    Raises NotAllowed("post.none") without any post, NotFound("post.not_held") for another's.
    """
    actors = actors_of(account_id=account_id, at=at)
    if not actors:
        raise NotAllowed("post.none")
    if post_id is None:
        return actors[0]
    for actor in actors:
        if actor.post_id == post_id:
            return actor
    raise NotFound("post.not_held", post=post_id)


def actor_in_post(*, post_id: int, at: datetime) -> Actor:
    """The present holder of a post as an actor. Raises NotFound("post.vacant")."""
    tenure = (
        Tenure.objects.filter(tenures_at(at), post=post_id)
        .select_related("person", "post__org", "post__place")
        .first()
    )
    if tenure is None:
        raise NotFound("post.vacant", post=post_id)
    account = Account.objects.filter(person=tenure.person_id).values_list("pk", flat=True).first()
    return _actor(account or 0, tenure)


def substitute(*, post: Post, at: datetime) -> Post | None:
    """The post that stands in for an absent or vacant one: the next present in its line."""
    line = Post.objects.filter(
        org=post.org_id, order__gt=post.order, valid_to=None, tenures__isnull=False
    ).order_by("order", "pk")
    away = set(
        Absence.objects.filter(starts__lte=at, ends__gt=at, post__org=post.org_id).values_list(
            "post_id", flat=True
        )
    )
    for candidate in line.filter(
        Q(tenures__starts__lte=at) & (Q(tenures__ends=None) | Q(tenures__ends__gt=at))
    ):
        if candidate.pk not in away:
            return candidate
    return None


def place_of_post(*, post_id: int) -> Place:
    """The place a post answers for. Raises NotFound("post.not_found")."""
    post = Post.objects.filter(pk=post_id, valid_to=None).select_related("place").first()
    if post is None:
        raise NotFound("post.not_found", id=post_id)
    return post.place


def desk_of(*, place_ids: Iterable[int]) -> dict[int, Post]:
    """The post where demands to each place arrive. One query; places without one are left out."""
    posts = Post.objects.filter(place__in=list(place_ids), desk=True, valid_to=None)
    return {post.place_id: post for post in posts.select_related("org", "place")}


def nearest_desks(scopes: Iterable[str]) -> dict[str, Post]:
    """The desk of each place, or else that of the nearest level above it. One query."""
    chains = {scope: (*upper_paths(scope), scope) for scope in scopes}
    paths = {path for chain in chains.values() for path in chain}
    rows = Post.objects.filter(scope__in=paths, desk=True, valid_to=None)
    desks = {post.scope: post for post in rows.select_related("org", "place").order_by("-pk")}
    found = {}
    for scope, chain in chains.items():
        held = [path for path in chain if path in desks]
        if held:
            found[scope] = desks[max(held, key=len)]
    return found


def nearest_desk(scope: str) -> Post | None:
    """The desk of one place, or else that of the nearest level above it. One query."""
    return nearest_desks([scope]).get(scope)


class Chains:
    """The portfolio chains of many owners at once. One query, whatever their number.

    Owners come with `place` and `leader` loaded.
    """

    def __init__(self, owners: Iterable[Post]) -> None:
        owners = list(owners)
        places = {owner.place_id for owner in owners}
        places |= {owner.place.parent_id for owner in owners if owner.place.parent_id}
        leading = Q(role__in=(Role.DEPUTY, Role.COMMANDER)) | Q(desk=True)
        posts = Post.objects.filter(leading, place__in=places, valid_to=None)
        self._at: dict[int, list[Post]] = {}
        for post in posts.order_by("order", "pk"):
            self._at.setdefault(post.place_id, []).append(post)

    def post(self, owner: Post, *, sector: str, level: int) -> Post | None:
        """Who hears of overdue work at a level: 1 the portfolio leader, 2 the principal, 3+ above.

        The deputy whose portfolio has the sector comes first; a post whose own chain names a
        leader follows it; beyond the principal it is the desk of the parent place.
        """
        here = self._at.get(owner.place_id, [])
        principal = next((post for post in here if post.role == Role.COMMANDER), None)
        if level == 1:
            deputies = (post for post in here if post.role == Role.DEPUTY)
            deputy = next((post for post in deputies if sector and sector in post.sectors), None)
            return deputy or owner.leader or principal
        if level == 2:
            return principal
        above = self._at.get(owner.place.parent_id or 0, [])
        return next((post for post in above if post.desk), None)


def sight(actor: Actor, *, owned: bool = True, sectors: bool = True) -> Q:
    """The rows with a `scope` that a post may see: the one rule of visibility.

    Posts that lead or serve a place see the place and all below it; a department sees its
    sectors there; a unit sees itself. `owned` adds rows that name owner or issuer;
    `sectors` says whether the rows carry a sector. Auditors and administrators see none.
    """
    nothing = Q(pk__in=())
    if actor.role in SEES_PLACE:
        return within("scope", actor.scope)
    if actor.role not in SEES_SECTORS | SEES_OWN:
        return nothing
    own = Q(owner_org_id=actor.org_id) | Q(issuer_org_id=actor.org_id) if owned else nothing
    if actor.role in SEES_SECTORS and sectors:
        own |= within("scope", actor.scope) & Q(sector__in=actor.sectors)
    return own


def empty_slots(*, subjects: list[str]) -> dict[str, list[str]]:
    """Which of the four parties each subject lacks. One query."""
    filled: dict[str, set[str]] = {subject: set() for subject in subjects}
    for slot in Slot.objects.filter(subject__in=subjects):
        if slot.filled:
            filled[slot.subject].add(slot.party)
    return {
        subject: [party for party in Party.values if party not in filled[subject]]
        for subject in subjects
    }
