"""Key places of the invented province with their four parties, and the units that run them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle, groupby, islice
from random import Random

from django.db import transaction

from bihuan.config.demo import naming
from bihuan.config.demo.bulk import copy_in, ids
from bihuan.config.demo.geography import BEGUN
from bihuan.core.orgs.models import (
    Account,
    Org,
    OrgKind,
    Party,
    Person,
    Post,
    SectorOwner,
    Slot,
    Tenure,
    Venue,
)
from bihuan.core.orgs.types import Role
from bihuan.core.places.models import Place
from bihuan.core.places.types import within

UNITS = (
    ("工业企业", "industry", "{}精密机械厂", "安全负责人"),
    ("医疗机构", "health", "{}第一人民医院", "感染管理科科长"),
    ("学校", "education", "{}实验学校", "校长"),
    ("客运场站", "transport", "{}客运中心站", "站长"),
)
"""The units of each county: kind, sector, name, the post that answers."""

MARKET = ("农贸市场", "market", "{}农贸市场")
CUSTOMER_DUTY = "进入场所配合登记,发现隐患向管理人员或 12345 热线反映"
SIGNED = 0.72  # share of the slots that have been signed


@transaction.atomic
def load_sites(*, province: str, at: datetime) -> None:
    """Give each county its units and each township its market, four parties to every one."""
    Register(province=province, at=at).fill()


class Register:
    """The rows of all key places, written together."""

    def __init__(self, *, province: str, at: datetime) -> None:
        self.at = at
        self.random = Random("场所")  # noqa: S311  the same each time
        self.names = naming.person_names(self.random)
        inside = within("scope", f"{province}.")
        self.desks = {post.place_id: post for post in Post.objects.filter(inside, desk=True)}
        owners = SectorOwner.objects.filter(within("place__path", f"{province}."))
        self.departments = {(row.place_id, row.sector_id): row.org_id for row in owners}
        self.townships = Place.objects.filter(
            within("path", f"{province}."), level="township", valid_to=None
        ).order_by("path")
        self.orgs: list[Org] = []
        self.posts: list[Post] = []
        self.people: list[Person] = []
        self.tenures: list[Tenure] = []
        self.accounts: list[Account] = []
        self.venues: list[Venue] = []
        self.slots: list[Slot] = []

    def fill(self) -> None:
        """Build and write everything."""
        secret = Account.objects.values_list("password", flat=True)[0]  # all have the same
        numbers = (ids(Org), ids(Post), ids(Person))
        venue_ids = ids(Venue)
        for _county, group in groupby(self.townships, key=lambda place: place.parent_id):
            townships = list(group)
            for unit, place in zip(UNITS, islice(cycle(townships), len(UNITS)), strict=True):
                self._unit(place, unit, numbers, secret)
                self._venue(next(venue_ids), place, unit[:3], self.orgs[-1])
            for place in townships:
                self._venue(next(venue_ids), place, MARKET, None)
        for model, rows in (
            (Org, self.orgs), (Post, self.posts), (Person, self.people), (Tenure, self.tenures),
            (Account, self.accounts), (Venue, self.venues), (Slot, self.slots),
        ):  # fmt: skip
            copy_in(model, rows)

    def _unit(
        self,
        place: Place,
        unit: tuple[str, str, str, str],
        numbers: tuple[Iterator[int], Iterator[int], Iterator[int]],
        secret: str,
    ) -> None:
        """The unit itself with one post, a holder, and an account where it is the first here."""
        kind, sector, name, title = unit
        org = Org(
            id=next(numbers[0]), kind=OrgKind.UNIT, name=name.format(place.short_name),
            place=place, scope=place.path, sectors=[sector], valid_from=BEGUN,
        )  # fmt: skip
        post = Post(
            id=next(numbers[1]), org=org, place=place, scope=place.path, title=title,
            role=Role.UNIT.value, leader=self.desks[place.pk], valid_from=BEGUN,
        )  # fmt: skip
        holder, pinyin = next(self.names)
        person = Person(id=next(numbers[2]), name=holder, pinyin=pinyin)
        self.orgs.append(org)
        self.posts.append(post)
        self.people.append(person)
        self.tenures.append(Tenure(person=person, post=post, starts=self.at - timedelta(days=500)))
        if kind == UNITS[0][0]:
            username = f"{place.code}-unit"
            self.accounts.append(Account(username=username, person=person, password=secret))

    def _venue(
        self, number: int, place: Place, kind: tuple[str, str, str], unit: Org | None
    ) -> None:
        what, sector, name = kind
        assert place.parent_id is not None
        assert place.lon is not None
        assert place.lat is not None
        self.venues.append(Venue(
            id=number, name=name.format(place.short_name), kind=what, sector_id=sector,
            place=place, scope=place.path, unit=unit, covered=unit is not None,
            lon=round(place.lon + self.random.uniform(-0.01, 0.01), 4),
            lat=round(place.lat + self.random.uniform(-0.01, 0.01), 4),
        ))  # fmt: skip
        subject = f"venue:{number}"
        department = self.departments[place.parent_id, sector]
        parties = [
            Slot(party=Party.TERRITORY, post=self.desks[place.pk]),
            Slot(party=Party.DEPARTMENT, org_id=department),
            Slot(party=Party.PERSON, text=CUSTOMER_DUTY),
        ]
        if unit is not None:
            parties.append(Slot(party=Party.UNIT, org=unit))
        for slot in parties:
            slot.subject, slot.scope = subject, place.path
            if self.random.random() < SIGNED:
                slot.signed_at = self.at - timedelta(hours=self.random.randrange(24, 2_000))
                slot.signed_by = "系统导入"
        self.slots += parties
