"""A small province with its bodies, posts and people, built by the product's own models.

    north (city) ── harbour, hill (counties) ── quay, dune (townships of harbour)
    south (city)

`world.head` is the province headquarters' office, `world.city` north's, and so on down;
`world.outsider` is south's office. Every actor is another person.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

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


def staff(place: Place, username: str, *, role: Role, kind: str, **extra: object) -> Post:
    """A person with an account in a new post of a new (or the place's existing) organisation."""
    org_fields = {name: extra.pop(name) for name in ("sectors", "attached") if name in extra}
    org = Org.objects.filter(place=place, kind=kind, name=f"{place.name}{kind}").first()
    if org is None:
        org = Org.objects.create(
            kind=kind, name=f"{place.name}{kind}", place=place, scope=place.path,
            valid_from=DAY_ONE, **org_fields,
        )  # fmt: skip
    post = Post.objects.create(
        org=org, place=place, scope=place.path, title=f"{place.name}{username}", role=role,
        sectors=org_fields.get("sectors", []), valid_from=DAY_ONE, **extra,
    )  # fmt: skip
    person = Person.objects.create(name=f"某{username}")
    Tenure.objects.create(person=person, post=post, starts=BEGUN)
    account = Account(username=username, person=person)
    account.set_unusable_password()
    account.save()
    return post


def build_world(at: datetime) -> World:
    """Places, bodies, posts and people. See the module's picture."""
    insert_places([NewPlace(code, name, DAY_ONE) for code, name in PLACES])
    places = {place.code: place for place in Place.objects.all()}
    head = {"role": Role.OFFICE, "kind": "headquarters", "desk": True}
    node = {"role": Role.NODE, "kind": "node", "desk": True}
    Sector.objects.create(code="construction", name="建筑施工", name_en="Construction")
    Sector.objects.create(code="transport", name="交通运输", name_en="Transport")
    boss = staff(places["99"], "governor", role=Role.COMMANDER, kind="headquarters")
    staff(places["99"], "head", leader=boss, order=3, **head)
    staff(places["99"], "auditor", role=Role.AUDITOR, kind="audit")
    staff(places["99"], "admin", role=Role.ADMIN, kind="it")
    staff(places["99"], "inspector", role=Role.INSPECTOR, kind="inspection")
    staff(places["99"], "builder", role=Role.DEPARTMENT, kind="department",
          sectors=["construction"])  # fmt: skip
    staff(places["99"], "airport", role=Role.UNIT, kind="central", attached=True)
    mayor = staff(places["9901"], "mayor", role=Role.COMMANDER, kind="headquarters")
    deputy = staff(places["9901"], "deputy", role=Role.DEPUTY, kind="headquarters", order=1,
                   leader=mayor, sectors=["transport"])  # fmt: skip
    staff(places["9901"], "city", leader=deputy, order=3, **head)
    staff(places["9901"], "clerk", role=Role.OFFICE, kind="headquarters", order=4)
    staff(places["9902"], "outsider", **head)
    staff(places["990101"], "county", **head)
    staff(places["990102"], "county2", **head)
    staff(places["990101001"], "township", **node)
    staff(places["990101002"], "township2", **node)
    staff(places["990101001001"], "community", **node)
    staff(places["990101"], "factory", role=Role.UNIT, kind="unit", sectors=["construction"])
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
