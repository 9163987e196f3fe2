"""A site, a county hospital and a city hospital of the small province, proven and open."""

from datetime import UTC, datetime, timedelta

from bihuan.core.clock import TZ, local_date
from bihuan.core.orgs.types import Role
from bihuan.core.vault.types import Identity
from bihuan.epidemic.services import charges, facilities
from bihuan.epidemic.services.cases import open_event, report_case
from bihuan.epidemic.services.contacts import name_contact
from bihuan.epidemic.types import Card, FoundIn, NewContact
from tests.factories import World, staff

NINTH = datetime(2022, 7, 5, 10, tzinfo=TZ).astimezone(UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PROOFS = ("fire", "building", "hygiene", "staff", "stock")


def add_care(world: World) -> World:
    """Whoever runs the inn, the county's and the city's hospital."""
    for code, name in (("990101", "inn"), ("990101", "hospital"), ("9901", "big_hospital")):
        staff(world.places[code], name, role=Role.CARE, kind=name)
    return world


def facility(world, at, *, name="inn", kind="site", active=True, by="cdc", **given):
    """A facility that was registered, proven and opened."""
    new = facilities.NewFacility(
        kind, name, world.actor(name).org_id, given.pop("hours", 24), given.pop("departments", ())
    )
    row = facilities.register_facility(given=new, by=world.actor(by), at=at)
    for proof in PROOFS if active else ():
        facilities.add_proof(facility_id=row.pk, kind=proof, day=local_date(at), by=world.actor(by),
                             reference=f"检查-{proof}", at=at)  # fmt: skip
    for step in ("ready", "active") if active else ():
        facilities.take_step(facility_id=row.pk, step=step, by=world.actor(by), at=at)
    return row


def room(world, row, code="101", *, at, kind="single", beds=1, by="cdc", **given):
    return facilities.add_room(facility_id=row.pk, code=code, kind=kind, beds=beds,
                               by=world.actor(by), at=at, **given)  # fmt: skip


def person(number: int) -> Identity:
    """Somebody whose telephone is far from every other's."""
    names = "赵钱孙周吴郑冯陈褚卫"
    return Identity(name=f"{names[number % 10]}{number:03d}号",
                    phone=f"1{number * 1234567891 % 10**10:010d}")  # fmt: skip


def case_of(world, at, *, number=1, disease="covid19", event=None, findings=("pcr",), **given):
    """A case reported by the clinic; without `event` a new one."""
    event = event or open_event(title="疫情", disease_code=disease, by=world.cdc, at=at,
                                place_id=world.places["990101"].pk)  # fmt: skip
    card = Card(
        event_id=event.pk, person=person(number), place_id=world.places["990101001001"].pk,
        age_band=given.pop("age_band", "15-44"), diagnosed_at=at - HOUR,
        findings=frozenset(findings), found_in=FoundIn.CLINIC, onset=local_date(at), **given,
    )  # fmt: skip
    return report_case(card=card, by=world.clinic, at=at)


def contact_of(world, case, at, *, number=20, last=None):
    day = last or local_date(at)
    given = NewContact(
        case.pk, person(number), world.places["990101001001"].pk, "cohabit", day, day
    )
    return name_contact(given=given, by=world.cdc, at=at)


def charge_of(world, at, *, case=None, contact=None, **given):
    new = charges.NewCharge(case_id=case.pk if case else None,
                            contact_id=contact.pk if contact else None, **given)  # fmt: skip
    return charges.open_charge(given=new, by=world.cdc, at=at)


def place(world, row, bed, at, *, taker="inn"):
    """Offer at once, sign half an hour later."""
    made = charges.offer(charge_id=row.pk, by=world.cdc, at=at,
                         target=charges.Target(bed.facility_id, bed.pk))  # fmt: skip
    return charges.take_over(handover_id=made.pk, notice_given=True, by=world.actor(taker),
                             at=at + HOUR / 2)  # fmt: skip
