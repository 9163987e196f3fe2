"""Isolation and care in the demonstration: a site, two hospitals, people on their way.

All of it is invented. Acts are those of the product's own services.
"""

from datetime import datetime, timedelta

from django.db import transaction

from bihuan.config.demo.epidemic import Staff
from bihuan.config.demo.houses import furnish_hospital, furnish_site
from bihuan.core.clock import local_date
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.selectors import actor_in_post
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.places.models import Place
from bihuan.epidemic.models import Case, Charge, Contact, Facility
from bihuan.epidemic.services import (
    charges,
    facilities,
    fever,
    institutions,
    needs,
    reserves,
    stays,
)
from bihuan.epidemic.services.rounds import owe_rounds

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PROOFS = {"fire": "消防检字", "building": "房屋鉴定", "hygiene": "院感核查", "staff": "培训记录",
          "stock": "物资清点"}  # fmt: skip
WARDS = (("呼一", "呼吸与危重症科", "negative", 6, 0), ("普一", "综合一病区", "ordinary", 30, 0),
         ("重一", "重症医学科", "icu", 6, 0), ("备一", "综合二病区", "ordinary", 40, 48),
         ("儿一", "儿科", "child", 12, 0), ("儿重", "儿科重症", "child_icu", 6, 0),
         ("老一", "老年医学科", "old", 20, 0), ("老重", "老年重症", "old_icu", 4, 0))  # fmt: skip


@transaction.atomic
def load_care(*, province: str, at: datetime) -> None:
    """One site and one hospital of the first county, the city's hospital, five people in care."""
    first = Place.objects.filter(code__startswith=province, level="county", valid_to=None)
    county = first.order_by("code")[0]
    assert county.parent is not None
    staff = Staff(at)
    site, hospital = (
        staff.carer(county, "隔离点", "site"),
        staff.carer(county, "人民医院", "hospital"),
    )
    upper = staff.carer(county.parent, "第一医院", "hospital")
    expert, chief = _expert(county, at), _expert(county.parent, at)
    begun = at - timedelta(days=2)
    inn = _open(expert, site, "site", f"{county.name}集中隔离点", begun)
    ward = _open(expert, hospital, "hospital", f"{county.name}人民医院", begun)
    big = _open(chief, upper, "hospital", f"{county.parent.name}第一医院", begun,
                departments=("obstetrics", "paediatrics", "dialysis"))  # fmt: skip
    for number in range(1, 13):
        facilities.add_room(facility_id=inn.pk, code=f"3{number:02d}", kind="single", beds=1,
                            by=expert, at=begun)  # fmt: skip
    for row, by in ((ward, expert), (big, chief)):
        for code, name, kind, beds, hours in WARDS:
            facilities.add_room(facility_id=row.pk, code=code, ward=name, kind=kind, beds=beds,
                                convert_hours=hours, by=by, at=begun)  # fmt: skip
    _reserve(expert, site, county, begun)
    _people(expert, site, hospital, inn, ward, big, at)
    _roll(expert, site, hospital, at)
    _fever(hospital, upper, at)
    _checks(expert, hospital, at)
    furnish_hospital(ward, runner=hospital, desk=expert, at=at)
    furnish_site(inn, runner=site, at=at)
    owe_rounds(at=at - HOUR)


def _fever(hospital: Actor, upper: Actor, at: datetime) -> None:
    """A visit handed on by signature, one that waits for it, one at the door."""
    rows = [fever.take_in(visit_no=f"F{number:04d}", age_band=band, by=hospital, at=at - hours * HOUR)
            for number, band, hours in ((211, "5-14", 8), (212, "65+", 3), (213, "15-44", 0.1))]  # fmt: skip
    for row, hours in ((rows[0], 7.9), (rows[1], 2.9)):
        moment = at - hours * HOUR
        fever.triage(
            visit_id=row.pk, level="fever_clinic", waits_at="隔离候诊 2", by=hospital, at=moment
        )
        fever.note_test(visit_id=row.pk, result="pending", by=hospital, at=moment)
        made = fever.offer_visit(visit_id=row.pk, to_org_id=upper.org_id, note="负压车,医护随车",
                                 by=hospital, at=moment + HOUR)  # fmt: skip
        if row is rows[0]:
            fever.sign_visit(handover_id=made.pk, by=upper, at=moment + 2 * HOUR)


def _checks(by: Actor, hospital: Actor, at: datetime) -> None:
    """A hospital that a mystery visit found without triage."""
    row = institutions.enter_institution(org_id=hospital.org_id, kind="hospital", risk="middle", by=by,
                                         at=at - 60 * DAY)  # fmt: skip
    for form, ago, triaged in (("unannounced", 40, None), ("mystery", 0, False)):
        given = institutions.NewCheck(form, local_date(at) - ago * DAY, triaged is None,
                                      triaged=triaged)  # fmt: skip
        institutions.note_check(institution_id=row.pk, given=given, by=by, at=at - ago * DAY)


def _roll(by: Actor, site: Actor, hospital: Actor, at: datetime) -> None:
    """Interviewers and site workers in reserve; the training of some has run out."""
    today = local_date(at)
    for skill, runner, need, core, n in (
        ("interviewer", hospital, 30, 12, 22), ("site_worker", site, 40, 16, 14),
    ):  # fmt: skip
        reserves.set_target(skill=skill, need=need, core=core, by=by, at=at - 2 * DAY,
                            scenario="单县 50 例、密接 600 人(演示)")  # fmt: skip
        for number in range(1, n + 1):
            given = reserves.NewReserve(
                runner.org_id, skill, f"{skill[0].upper()}{number:03d}",
                today - (400 if number % 8 == 0 else 30) * DAY, 20 * (number % 5 + 1),
            )  # fmt: skip
            reserves.enter_reserve(given=given, by=by, at=at - DAY)


def _expert(place: Place, at: datetime) -> Actor:
    posts = Post.objects.filter(place=place, role=Role.EPIDEMIOLOGY.value, valid_to=None)
    return actor_in_post(post_id=posts.order_by("pk")[0].pk, at=at)


def _open(
    by: Actor, runner: Actor, kind: str, name: str, at: datetime, departments: tuple[str, ...] = ()
) -> Facility:  # fmt: skip
    given = facilities.NewFacility(kind, name, runner.org_id, 24, departments)
    row = facilities.register_facility(given=given, by=by, at=at)
    for kind_of_proof, words in PROOFS.items():
        facilities.add_proof(facility_id=row.pk, kind=kind_of_proof, day=local_date(at), by=by,
                             reference=f"{words} {row.pk:03d}", at=at)  # fmt: skip
    for step in ("ready", "active"):
        facilities.take_step(facility_id=row.pk, step=step, by=by, at=at)
    return row


def _reserve(by: Actor, runner: Actor, county: Place, at: datetime) -> None:
    """A hotel in reserve, whose fire check is still missing."""
    given = facilities.NewFacility("site", f"{county.name}商务宾馆(储备)", runner.org_id, 24)
    row = facilities.register_facility(given=given, by=by, at=at)
    facilities.add_room(facility_id=row.pk, code="1-5层", kind="single", beds=60, by=by, at=at)


def _people(
    by: Actor, site: Actor, hospital: Actor, inn: Facility, ward: Facility, big: Facility,
    at: datetime,
) -> None:  # fmt: skip
    begun = at - timedelta(hours=10)
    one, other = Case.objects.order_by("pk")[:2]
    lodger, *_rest = Contact.objects.order_by("pk")
    first = _take(by, begun, charges.NewCharge(case_id=one.pk, flags=("old",)))
    _place(by, hospital, first, ward, "呼一", begun)
    for hours, spo2 in ((2, 96), (5, 94)):
        stays.observe(charge_id=first.pk, given=stays.Observed(spo2=spo2, rr=20, temp=37.8),
                      by=hospital, at=begun + hours * HOUR)  # fmt: skip
    guest = _take(by, begun, charges.NewCharge(
        contact_id=lodger.pk, need="isolation", deviation="合租,没有单间可以居家隔离",
        age_band="15-44", flags=("renal",)))  # fmt: skip
    _place(by, site, guest, inn, "301", begun)
    needs.file_need(charge=guest, kind="medicine", text="每周二、四、六透析,请安排接送", by=site,
                    at=at - HOUR)  # fmt: skip
    mother = _take(by, begun, charges.NewCharge(case_id=other.pk, flags=("pregnant",)))
    bed = big.rooms.get(code="呼一")
    charges.offer(charge_id=mother.pk, target=charges.Target(big.pk, bed.pk, "孕 36 周,负压车已派"),
                  by=by, at=at - HOUR / 3)  # fmt: skip


def _take(by: Actor, at: datetime, given: charges.NewCharge) -> Charge:
    return charges.open_charge(given=given, by=by, at=at)


def _place(by: Actor, taker: Actor, row: Charge, into: Facility, code: str, at: datetime) -> None:
    bed = into.rooms.get(code=code)
    made = charges.offer(charge_id=row.pk, target=charges.Target(into.pk, bed.pk), by=by, at=at)
    charges.take_over(handover_id=made.pk, notice_given=True, by=taker, at=at + HOUR / 2)
