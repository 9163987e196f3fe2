"""Staff the demonstration: bodies, posts, invented holders and accounts for every place.

Everything is built in memory and written by COPY: a full province has some forty thousand posts.
"""

from datetime import datetime, timedelta
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import transaction

from bihuan.config.demo import naming, offices
from bihuan.config.demo.bulk import copy_in, ids
from bihuan.config.demo.geography import BEGUN
from bihuan.config.demo.signin import PASSWORD
from bihuan.core.audit.services import SYSTEM, record
from bihuan.core.orgs.models import (
    Account,
    DutyLine,
    Org,
    Person,
    Post,
    Sector,
    SectorOwner,
    Tenure,
)
from bihuan.core.places.models import Place
from bihuan.core.places.types import within

IN_POST = timedelta(days=500)  # holders took office so long ago
GOVERNED = ("province", "city", "county")


@transaction.atomic
def load_people(*, province: str, at: datetime) -> None:
    """Give every place of a province its bodies, posts, holders and accounts."""
    sectors = offices.SECTORS + offices.REGULATED
    Sector.objects.bulk_create(Sector(code=c, name=n, name_en=e) for c, n, e in sectors)
    places = Place.objects.filter(within("path", f"{province}."), valid_to=None, pseudo=False)
    staff = Staff(starts=at - IN_POST)
    for place in places.exclude(level="grid").order_by("path"):
        staff.fill(place)
    staff.write()
    record(
        action="people.load", subject=f"place:{province}", by=SYSTEM, at=at, scope=f"{province}.",
        facts={"orgs": len(staff.orgs), "posts": len(staff.posts), "people": len(staff.people)},
    )  # fmt: skip


class Staff:
    """All rows of all places, held until they are written together."""

    def __init__(self, *, starts: datetime) -> None:
        self.starts = starts
        self.names = naming.person_names(Random("人"))  # noqa: S311  the same people each time
        self.secret = make_password(PASSWORD)
        self.org_ids, self.post_ids, self.person_ids = ids(Org), ids(Post), ids(Person)
        self.orgs: list[Org] = []
        self.posts: list[Post] = []
        self.people: list[Person] = []
        self.tenures: list[Tenure] = []
        self.accounts: list[Account] = []
        self.owners: list[SectorOwner] = []
        self.duties: list[DutyLine] = []
        self.deputies: dict[int, Post] = {}  # place → who leads the places below

    def fill(self, place: Place) -> None:
        """Everything one place has."""
        titles: dict[str, Post] = {}
        holders: dict[str, Person] = {}
        departments: dict[str, Org] = {}
        for body in offices.bodies(place.level, place.name):
            org = self._org(place, body)
            if body.kind == "department":
                departments |= dict.fromkeys(body.sectors, org)
            for office in body.offices:
                post = self._post(place, org, office)
                post.leader = titles.get(office.leader) or self.deputies.get(place.parent_id or 0)
                titles[office.title] = post
                self._hold(place, post, office, holders)
        deputy = next((p for p in titles.values() if p.role == "deputy"), None)
        if deputy is not None:
            self.deputies[place.pk] = deputy
        if place.level in GOVERNED:
            self._share_out(place, departments)

    def _org(self, place: Place, body: offices.Body) -> Org:
        org = Org(
            id=next(self.org_ids), kind=body.kind, name=body.name.format(place.name),
            second_name=body.second_name.format(place.name), place=place, scope=place.path,
            sectors=list(body.sectors), attached=body.attached, valid_from=BEGUN,
        )  # fmt: skip
        self.orgs.append(org)
        return org

    def _post(self, place: Place, org: Org, office: offices.Office) -> Post:
        post = Post(
            id=next(self.post_ids), org=org, place=place, scope=place.path, title=office.title,
            role=office.role.value, order=office.order, sectors=list(office.sectors),
            desk=office.desk, valid_from=BEGUN,
        )  # fmt: skip
        self.posts.append(post)
        return post

    def _hold(
        self, place: Place, post: Post, office: offices.Office, holders: dict[str, Person]
    ) -> None:
        """Put an invented person into a post; one who holds another post here is the same."""
        person = holders.get(office.holder) if office.holder else None
        if person is None:
            name, pinyin = next(self.names)
            person = Person(id=next(self.person_ids), name=name, pinyin=pinyin)
            self.people.append(person)
            if office.holder:
                holders[office.holder] = person
            if office.account:
                self._account(f"{place.code}-{office.account}", person)
        self.tenures.append(Tenure(person=person, post=post, starts=self.starts))

    def _account(self, username: str, person: Person) -> None:
        self.accounts.append(Account(username=username, person=person, password=self.secret))

    def _share_out(self, place: Place, departments: dict[str, Org]) -> None:
        """Each sector has its department; shared functions have one that leads."""
        self.owners += [
            SectorOwner(sector_id=sector, place=place, org=org)
            for sector, org in departments.items()
        ]
        for function, lead, support in offices.FUNCTIONS:
            for sector in (lead, *support):
                part = DutyLine.Part.LEAD if sector == lead else DutyLine.Part.SUPPORT
                self.duties.append(
                    DutyLine(place=place, function=function, org=departments[sector], part=part)
                )

    def write(self) -> None:
        """COPY everything, in the order of the foreign keys."""
        copy_in(Org, self.orgs)
        copy_in(Post, self.posts)
        copy_in(Person, self.people)
        copy_in(Tenure, self.tenures)
        copy_in(Account, self.accounts)
        copy_in(SectorOwner, self.owners)
        copy_in(DutyLine, self.duties)
