"""The epidemic side of the demonstration: disease control, sentinels, a signal, an event, an order.

All of it is invented, the people too. Acts are those of the product's own services.
"""

from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from bihuan.config.demo import naming
from bihuan.config.demo.geography import BEGUN
from bihuan.config.demo.school import load_school
from bihuan.core.clock import day_start, local_date
from bihuan.core.orgs.models import Account, Org, OrgKind, Person, Post, Tenure
from bihuan.core.orgs.selectors import actor_in_post
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.places.models import Place
from bihuan.core.vault.types import Identity
from bihuan.epidemic.services.cases import open_event, report_case
from bihuan.epidemic.services.contacts import name_contact, place_contact
from bihuan.epidemic.services.orders import draft_order, sign_order
from bihuan.epidemic.services.screening import NewList, draw_list, fill_list, note_line
from bihuan.epidemic.types import Card, FoundIn, NewContact, OrderDraft
from bihuan.sensing.models import Report, Sentinel
from bihuan.sensing.services.sentinels import register_sentinel
from bihuan.sensing.services.signals import detect
from bihuan.sensing.types import NewSentinel

QUIET_DAYS = 35
SECTOR = "health"
SENTINELS = (
    ("fever_clinic", "{}卫生院发热门诊", ("fever", "ili", "rash")),
    ("pharmacy", "{}惠民药店", ("antipyretic",)),
    ("school", "{}中心小学", ("absence",)),
)
LEVELS = {"fever": 6, "ili": 9, "rash": 2, "antipyretic": 30, "absence": 7}
PEOPLE = ("林晓岚", "谭建平", "郑秋月", "何志远", "罗美华", "唐小虎")


@transaction.atomic
def load_epidemic(*, province: str, at: datetime) -> None:
    """Fill the first county: two posts of disease control, sentinels, five weeks, an outbreak."""
    first = Place.objects.filter(code__startswith=province, level="county", valid_to=None)
    county = first.order_by("code")[0]
    assert county.parent is not None
    expert = Staff(at).expert(county)
    Staff(at).expert(county.parent)
    Staff(at).expert(first.order_by("code")[1])
    below = Place.objects.filter(parent=county, valid_to=None)
    townships = list(below.order_by("code")[:4])
    Weeks(townships, expert, at).report()
    _outbreak(county, townships[0], expert, at)
    load_school(county=county, township=townships[1], expert=expert, at=at)


class Staff:
    """Invented people in posts of the health side, with accounts of the demonstration."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.secret = Account.objects.values_list("password", flat=True)[0]
        self.names = naming.person_names(Random("疾控"))  # noqa: S311  the same names each time

    def expert(self, place: Place) -> Actor:
        """The head of disease control of a place."""
        return self._post(place, f"{place.name}疾病预防控制中心", "流调值班长", Role.EPIDEMIOLOGY,
                          f"{place.code}-cdc")  # fmt: skip

    def clinic(self, place: Place, *, account: bool) -> Actor:
        """Who reports for the sentinels of a township."""
        name = f"{place.name}卫生院"
        login = f"{place.code}-clinic" if account else ""
        return self._post(place, name, "预检分诊负责人", Role.SENTINEL, login)

    def carer(self, place: Place, name: str, login: str) -> Actor:
        """Who runs an isolation site or a hospital."""
        return self._post(place, f"{place.name}{name}", "照护组长", Role.CARE,
                          f"{place.code}-{login}")  # fmt: skip

    def _post(self, place: Place, org_name: str, title: str, role: Role, login: str) -> Actor:
        kind = OrgKind.DEPARTMENT if role is Role.EPIDEMIOLOGY else OrgKind.UNIT
        org = Org.objects.create(kind=kind, name=org_name, place=place, scope=place.path,
                                 sectors=[SECTOR], valid_from=BEGUN)  # fmt: skip
        post = Post.objects.create(org=org, place=place, scope=place.path, title=title,
                                   role=role.value, sectors=[SECTOR], valid_from=BEGUN)  # fmt: skip
        name, pinyin = next(self.names)
        person = Person.objects.create(name=name, pinyin=pinyin)
        Tenure.objects.create(person=person, post=post, starts=self.at - timedelta(days=400))
        if login:
            Account.objects.create(username=login, person=person, password=self.secret)
        return actor_in_post(post_id=post.pk, at=self.at)


class Weeks:
    """Five quiet weeks of every sentinel; today one township's fever count is tripled."""

    def __init__(self, townships: list[Place], expert: Actor, at: datetime) -> None:
        self.townships, self.expert, self.at = townships, expert, at
        self.random = Random("周报")  # noqa: S311
        self.begun = at - timedelta(days=QUIET_DAYS)

    def report(self) -> None:
        """Register, report day by day, detect."""
        staff = Staff(self.at)
        for number, place in enumerate(self.townships):
            clinic = staff.clinic(place, account=number == 0)
            for kind, name, streams in SENTINELS:
                given = NewSentinel(name.format(place.short_name), kind, place.pk, clinic.org_id,
                                    streams, f"{place.name}辖区")  # fmt: skip
                row = register_sentinel(given=given, by=self.expert, at=self.begun)
                silent = 3 if (number, kind) == (1, "pharmacy") else 0
                self._history(row, tripled=number == 0 and kind == "fever_clinic", silent=silent)
        detect(at=self.at, scope=self.expert.scope)

    def _history(self, row: Sentinel, *, tripled: bool, silent: int) -> None:
        today = local_date(self.at)
        reports = []
        for back in range(QUIET_DAYS, -1 + silent, -1):
            day = today - timedelta(days=back)
            moment = min(day_start(day) + timedelta(hours=8), self.at)
            for stream in row.streams:
                usual = LEVELS[stream]
                n = max(0, round(self.random.gauss(usual, usual**0.5 / 2)))
                if back == 0 and tripled and stream == "fever":
                    n = 3 * usual + 4
                reports.append(Report(sentinel=row, stream=stream, day=day, n=n,
                                      reported_at=moment, reporter=row.name))  # fmt: skip
        Report.objects.bulk_create(reports)


def _outbreak(county: Place, township: Place, expert: Actor, at: datetime) -> None:
    """Two cases of an unknown disease, contacts at home, one building under an order."""
    home = Place.objects.filter(parent=township, valid_to=None).order_by("code")[0]
    begun = at - timedelta(hours=30)
    event = open_event(title=f"{township.name}不明原因发热聚集", disease_code="unknown",
                       place_id=county.pk, by=expert, at=begun)  # fmt: skip
    cases = []
    for number, name in enumerate(PEOPLE[:2]):
        found = begun + timedelta(hours=6 * number + 1)
        card = Card(
            event_id=event.pk, person=_person(name, number), place_id=home.pk, age_band="15-44",
            diagnosed_at=found - timedelta(minutes=50),
            findings=frozenset({"fever", "severe_respiratory"}), found_in=FoundIn.CLINIC,
            onset=local_date(found) - timedelta(days=3 - number),
        )  # fmt: skip
        cases.append(report_case(card=card, by=expert, at=found))
    for number, name in enumerate(PEOPLE[2:]):
        seen = begun + timedelta(hours=9)
        row = name_contact(
            given=NewContact(cases[number % 2].pk, _person(name, number + 2), home.pk, "cohabit",
                             local_date(begun) - timedelta(days=2), local_date(begun)),
            by=expert, at=seen,
        )  # fmt: skip
        if number < 2:
            place_contact(contact_id=row.pk, notice_given=True, by=expert,
                          at=seen + timedelta(hours=2))  # fmt: skip
    _order(event.pk, home, expert, at)
    _screening(home, expert, at)


def _screening(home: Place, expert: Actor, at: datetime) -> None:
    """Who shopped where the first case did: most were checked, some line waits at its community."""
    begun = at - timedelta(hours=20)
    given = NewList(
        "同时段到过农贸市场的人", "市场会员记录,第 1 批", local_date(begun), at + timedelta(hours=4)
    )
    row = draw_list(given=given, by=expert, at=begun)
    text = "\n".join(f"M{n:03},{home.code}" for n in range(1, 41))
    fill_list(screening_id=row.pk, text=text, keep=True, by=expert, at=begun)
    for number, line in enumerate(row.lines.order_by("pk")[:33]):
        state, reason = ("excused", "当天未到市场") if number % 11 == 0 else ("checked", "")
        note_line(line_id=line.pk, state=state, reason=reason, by=expert,
                  at=begun + timedelta(minutes=10 * number))  # fmt: skip


def _order(event_id: int, home: Place, expert: Actor, at: datetime) -> None:
    chief = Post.objects.filter(place=expert.place_id, role=Role.COMMANDER.value, valid_to=None)
    draft = OrderDraft(
        event_id=event_id, place_id=home.pk, level="affected", unit="household",
        area=f"{home.name} 2 栋 2 单元(6 户)", measures=("stay_in",), days=7,
        services=("food", "medicine", "urgent_care", "help_line"), help_line="0999-8412345",
        exceptions="急诊、透析、分娩、用药随时放行", reason="两例同单元,水平传播待排除",
        last_case=local_date(at) - timedelta(days=1), households=6, people=17,
    )  # fmt: skip
    row = draft_order(given=draft, by=expert, at=at - timedelta(hours=20))
    signer = actor_in_post(post_id=chief.order_by("order")[0].pk, at=at)
    sign_order(order_id=row.pk, by=signer, at=at - timedelta(hours=19))


def _person(name: str, number: int) -> Identity:
    """An invented person; the numbers are of no real form."""
    digit = number + 1
    return Identity(
        name=name, id_number=f"99999919{80 + digit}0101{digit * 1111:04d}",
        phone=f"199{digit * 11111111:08d}", address=f"2 栋 2 单元 {digit}01",
        born=f"19{80 + digit}-01-01",
    )  # fmt: skip
