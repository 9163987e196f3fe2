"""A small province with its bodies, posts and people, built by the product's own models.

    north (city) ── harbour, hill (counties) ── quay, dune (townships of harbour)
    south (city)

`world.head` is the province headquarters' office, `world.city` north's, and so on down;
`world.outsider` is south's office. Every actor is another person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.contrib.auth.hashers import make_password

from bihuan.core.loops import services
from bihuan.core.loops.models import Brief, Obligation
from bihuan.core.loops.services.opening import Deadline
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.models import Account, Org, Person, Post, Sector, Tenure
from bihuan.core.orgs.selectors import actor_for
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.places.models import Place
from bihuan.core.places.services import insert_places
from bihuan.core.places.types import NewPlace

DAY_ONE = date(2000, 1, 1)
BEGUN = datetime(2020, 1, 1, tzinfo=UTC)

PLACES = (
    ("99", "云岭省"), ("9901", "北原市"), ("9902", "南渡市"), ("990101", "港城县"),
    ("990102", "丘山县"), ("990201", "林口县"), ("990101001", "码头镇"),
    ("990101002", "沙丘镇"), ("990101001001", "灯塔社区"), ("990101001002", "渔村"),
)  # fmt: skip


@dataclass
class World:
    """Places by code and actors by name."""

    places: dict[str, Place]
    at: datetime

    def actor(self, username: str) -> Actor:
        """The actor behind an account made by `staff`."""
        account = Account.objects.get(username=username)
        return actor_for(account_id=account.pk, post_id=None, at=self.at)

    def __getattr__(self, name: str) -> Actor:
        return self.actor(name)


@dataclass
class Seat:
    """Somebody to be: an account, its person and their post in an organisation of the place."""

    place: Place
    username: str
    role: Role
    kind: str
    order: int = 0
    desk: bool = False
    sectors: Sequence[str] = ()
    attached: bool = False  # this and the sectors are those of a new organisation


def staff(place: Place, username: str, *, role: Role, kind: str, **extra: object) -> Post:
    """A person with an account in a new post of a new (or the place's existing) organisation."""
    return staff_all([Seat(place, username, role, kind, **extra)])[0]


def staff_all(seats: Sequence[Seat]) -> list[Post]:
    """`staff` for many: most tests begin with a world, so each statement counts."""
    there = Org.objects.filter(place__in={seat.place for seat in seats}).order_by("-pk")
    orgs = {(org.place_id, org.kind, org.name): org for org in there}
    new = []
    for seat in seats:
        named = (seat.place.pk, seat.kind, f"{seat.place.name}{seat.kind}")
        if named not in orgs:
            orgs[named] = Org(
                kind=seat.kind, name=named[2], place=seat.place, scope=seat.place.path,
                valid_from=DAY_ONE, sectors=list(seat.sectors), attached=seat.attached,
            )  # fmt: skip
            new.append(orgs[named])
    Org.objects.bulk_create(new)
    posts = Post.objects.bulk_create(
        Post(
            org=orgs[seat.place.pk, seat.kind, f"{seat.place.name}{seat.kind}"],
            place=seat.place, scope=seat.place.path, title=f"{seat.place.name}{seat.username}",
            role=seat.role, sectors=list(seat.sectors), valid_from=DAY_ONE, order=seat.order,
            desk=seat.desk,
        )
        for seat in seats
    )  # fmt: skip
    people = Person.objects.bulk_create(Person(name=f"某{seat.username}") for seat in seats)
    Tenure.objects.bulk_create(
        Tenure(person=person, post=post, starts=BEGUN)
        for person, post in zip(people, posts, strict=True)
    )
    Account.objects.bulk_create(
        Account(username=seat.username, person=person, password=make_password(None))
        for seat, person in zip(seats, people, strict=True)
    )
    return posts


def build_world(at: datetime) -> World:
    """Places, bodies, posts and people. See the module's picture."""
    insert_places([NewPlace(code, name, DAY_ONE) for code, name in PLACES])
    places = {place.code: place for place in Place.objects.all()}
    Sector.objects.bulk_create(
        [
            Sector(code="construction", name="建筑施工", name_en="Construction"),
            Sector(code="transport", name="交通运输", name_en="Transport"),
        ]
    )
    top, city, county = places["99"], places["9901"], places["990101"]
    head, node, hill = (Role.OFFICE, "headquarters"), (Role.NODE, "node"), places["990102"]
    posts = staff_all(
        [
            Seat(top, "governor", Role.COMMANDER, "headquarters"),
            Seat(top, "head", *head, order=3, desk=True),
            Seat(top, "auditor", Role.AUDITOR, "audit"),
            Seat(top, "admin", Role.ADMIN, "it"),
            Seat(top, "inspector", Role.INSPECTOR, "inspection"),
            Seat(top, "builder", Role.DEPARTMENT, "department", sectors=["construction"]),
            Seat(top, "airport", Role.UNIT, "central", attached=True),
            Seat(city, "mayor", Role.COMMANDER, "headquarters"),
            Seat(city, "deputy", Role.DEPUTY, "headquarters", order=1, sectors=["transport"]),
            Seat(city, "city", *head, order=3, desk=True),
            Seat(city, "clerk", *head, order=4),
            Seat(places["9902"], "outsider", *head, desk=True),
            Seat(county, "county", *head, desk=True),
            Seat(hill, "county2", *head, desk=True),
            Seat(places["990101001"], "township", *node, desk=True),
            Seat(places["990101002"], "township2", *node, desk=True),
            Seat(places["990101001001"], "community", *node, desk=True),
            Seat(county, "factory", Role.UNIT, "unit", sectors=["construction"]),
        ]
    )
    governor, first, mayor, deputy, office = (posts[n] for n in (0, 1, 7, 8, 9))
    first.leader, deputy.leader, office.leader = governor, mayor, deputy
    Post.objects.bulk_update([first, deputy, office], ["leader"])
    return World(places, at)


def brief(place: Place, at: datetime, **changes: object) -> Brief:
    """A demand that can be issued."""
    wanted = {
        "title": "排查渡口", "text": "各地要对所有渡口开展一次安全排查。", "domain": "work-safety",
        "criterion": "每个渡口有检查记录和照片",
    } | changes  # fmt: skip
    return services.write_brief(given=BriefInput(**wanted), place=place, at=at)


def task(
    world: World, *, owner: str = "city", by: str = "head", due: datetime | None = None,
    **changes: object,
) -> Obligation:  # fmt: skip
    """A task from one account's post to another's."""
    giver, taker = world.actor(by), world.actor(owner)
    demand = brief(Place.objects.get(pk=giver.place_id), world.at, **changes)
    return services.issue(
        brief=demand, owner_post_id=taker.post_id, by=giver, at=world.at,
        deadline=Deadline(due) if due else None,
    )  # fmt: skip
