"""Isolation and care: proofs, rooms, one owner at each moment, and the end at the rule's hour."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from bihuan.core.clock import day_end
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.loops.models import Obligation
from bihuan.epidemic.models import Charge, Custody, Handover, Stay
from bihuan.epidemic.selectors import beds, capacity, care, flows
from bihuan.epidemic.services import charges, facilities, needs, stays, wards
from tests.epidemic.builders import add_health
from tests.epidemic.care import (
    DAY,
    HOUR,
    NINTH,
    add_care,
    case_of,
    charge_of,
    contact_of,
    facility,
    place,
    room,
)
from tests.factories import build_world


@pytest.fixture
def world(db):
    return add_care(add_health(build_world(NINTH)))


@pytest.fixture
def site(world):
    return facility(world, NINTH - DAY)


@pytest.fixture
def hospital(world):
    return facility(world, NINTH - DAY, name="hospital", kind="hospital")


def guest(world, site, *, at=NINTH, number=20, case=None, **given):
    """A contact of a case in a room of the site."""
    contact = contact_of(world, case or case_of(world, at, number=number + 100), at, number=number)
    row = charge_of(world, at, contact=contact, **given)
    place(world, row, room(world, site, f"R{number}", at=at), at)
    return row


def test_a_site_without_a_valid_fire_check_cannot_be_activated(world):
    site = facility(world, NINTH, active=False)
    step = {"facility_id": site.pk, "by": world.cdc}
    with pytest.raises(MoveBlocked, match=r"facility.proofs"):
        facilities.take_step(step="ready", at=NINTH, **step)
    for kind in ("fire", "building", "hygiene", "staff", "stock"):
        facilities.add_proof(facility_id=site.pk, kind=kind, day=NINTH.date(), reference="XF-1",
                             by=world.inn, at=NINTH)  # fmt: skip
    facilities.take_step(step="ready", at=NINTH + HOUR, **step)
    later = NINTH + 31 * DAY
    with pytest.raises(MoveBlocked, match=r"facility.proofs"):
        facilities.take_step(step="active", at=later, **step)
    (row,) = care.facility_rows(by=world.cdc, at=later, kind="site")
    assert "fire" in row.lacking
    assert row.ready == 0


def test_whoever_runs_a_site_neither_raises_it_nor_sees_another(world, site, hospital):
    with pytest.raises(NotAllowed):
        facilities.take_step(facility_id=site.pk, step="draining", by=world.inn, at=NINTH)
    assert [r.id for r in care.facility_rows(by=world.inn, at=NINTH)] == [site.pk]
    with pytest.raises(NotFound):
        care.fetch_facility(facility_id=hospital.pk, by=world.inn)
    assert care.facility_rows(by=world.cdc_hill, at=NINTH) == ()


def test_a_stay_has_a_written_basis_and_the_end_its_plan_computes(world, site):
    row = guest(world, site)
    stay = Stay.objects.get()
    assert stay.ends_at == day_end(date(2022, 7, 12))
    assert stay.basis.startswith("cn.covid19.control@9/plan/close")
    assert stay.notice_at == NINTH + HOUR / 2
    assert row.contact.release_at == day_end(date(2022, 7, 15))


def test_no_stay_begins_without_the_written_notice(world, site):
    contact = contact_of(world, case_of(world, NINTH), NINTH)
    row = charge_of(world, NINTH, contact=contact)
    bed = room(world, site, at=NINTH)
    made = charges.offer(charge_id=row.pk, by=world.cdc, at=NINTH,
                         target=charges.Target(site.pk, bed.pk))  # fmt: skip
    with pytest.raises(Invalid, match=r"stay.no_notice"):
        charges.take_over(handover_id=made.pk, notice_given=False, by=world.inn, at=NINTH + HOUR)
    assert not Stay.objects.exists()


def test_two_contacts_of_different_chains_are_not_offered_one_room(world, site):
    bed = room(world, site, "双", at=NINTH, beds=2)
    one, other = (
        charge_of(world, NINTH, contact=contact_of(world, case_of(world, NINTH, number=n), NINTH,
                                                   number=n + 30))
        for n in (1, 2)
    )  # fmt: skip
    place(world, one, bed, NINTH)
    with pytest.raises(MoveBlocked, match=r"room.other_chain"):
        place(world, other, bed, NINTH + HOUR)
    linked = case_of(world, NINTH, number=3, event=one.event)
    type(linked).objects.filter(pk=linked.pk).update(source=one.contact.case_id)
    third = charge_of(world, NINTH, contact=contact_of(world, linked, NINTH, number=33))
    assert third.chain == one.chain


def test_everybody_is_released_at_the_rules_hour_without_any_act(world, site):
    row = guest(world, site)
    end = Stay.objects.get().ends_at
    assert care.stay_of(row, end - HOUR) is not None
    assert care.stay_of(row, end) is None
    assert stays.release_due(at=end - HOUR) == 0
    assert stays.release_due(at=end + 5 * HOUR) == 1
    assert stays.release_due(at=end + 5 * HOUR) == 0
    assert Stay.objects.get().left_at == end
    assert care.holder_at(row, end).org_id == world.community.org_id
    last = row.contact.release_at
    assert stays.release_due(at=last + HOUR) == 1
    row.refresh_from_db()
    assert (row.outcome, row.closed_at) == ("released", last)
    assert care.holder_at(row, last) is None


def test_a_stay_gets_longer_only_by_a_later_exposure_with_reason_and_basis(world, site):
    case = case_of(world, NINTH)
    row = guest(world, site, case=case)
    ask = {"charge_id": row.pk, "reason": "同住者确诊", "basis": "九版附件", "by": world.cdc}
    with pytest.raises(MoveBlocked, match=r"stay.plan_ends"):
        stays.extend_stay(at=NINTH + DAY, **ask)
    contact_of(world, case, NINTH + 2 * DAY, number=20)
    with pytest.raises(Invalid, match=r"stay.no_reason"):
        stays.extend_stay(at=NINTH + 2 * DAY, **(ask | {"basis": " "}))
    made = stays.extend_stay(at=NINTH + 2 * DAY, **ask)
    assert made.after - made.before == 2 * DAY
    with pytest.raises(NotAllowed):
        stays.extend_stay(at=NINTH + 2 * DAY, **(ask | {"by": world.inn}))


def test_who_cannot_isolate_at_home_may_do_so_at_a_site_and_never_longer(world, site):
    case = case_of(world, NINTH, disease="unknown", findings=("fever",))
    ask = {"contact": contact_of(world, case, NINTH), "need": "isolation"}
    with pytest.raises(Invalid, match=r"charge.no_reason"):
        charge_of(world, NINTH, **ask)
    row = charge_of(world, NINTH, deviation="合租,无单间", **ask)
    place(world, row, room(world, site, at=NINTH), NINTH)
    stay = Stay.objects.get()
    assert stay.ends_at == row.contact.release_at
    assert "合租,无单间" in stay.basis


def test_a_shorter_edition_shortens_the_stay_itself(world, site):
    row = guest(world, site)
    type(row.contact).objects.filter(pk=row.contact_id).update(
        edition="cn.covid19.control@20", last_exposure=date(2022, 7, 5)
    )
    stays.release_due(at=NINTH + DAY)
    assert Stay.objects.get().ends_at == day_end(date(2022, 7, 10))


def test_at_any_minute_each_person_has_exactly_one_owner(world, site, hospital):
    row = guest(world, site)
    bed = room(world, hospital, "呼一", at=NINTH, kind="ordinary", beds=4, ward="呼吸科")
    place(world, row, bed, NINTH + DAY, taker="hospital")
    lines = care.ledger_of(row)
    assert [line.org_id for line in lines] == [
        world.cdc.org_id, world.inn.org_id, world.hospital.org_id,
    ]  # fmt: skip
    assert [line.starts_at for line in lines[1:]] == [line.ends_at for line in lines[:-1]]
    for minutes in range(0, 2 * 24 * 60, 97):
        assert care.holder_at(row, NINTH + timedelta(minutes=minutes)) is not None
    assert Stay.objects.filter(care.inside(NINTH + DAY + HOUR)).count() == 1


@pytest.mark.parametrize("broken", [
    {"ends_at": None, "prev": None},  # a second beginning
    {"ends_at": None, "prev": HOUR},  # a gap: nobody's line ended then
])  # fmt: skip
def test_the_database_itself_takes_no_gap_and_no_overlap(world, broken):
    row = charge_of(world, NINTH, case=case_of(world, NINTH))
    Custody.objects.filter(charge=row).update(ends_at=NINTH + 3 * HOUR)
    prev = NINTH + broken["prev"] if broken["prev"] else None
    with pytest.raises(IntegrityError), transaction.atomic():
        Custody.objects.create(
            charge=row, org_id=world.inn.org_id, starts_at=prev or NINTH + HOUR, given_by="a",
            taken_by="b", prev_ends_at=prev,
        )  # fmt: skip


def test_who_offers_goes_on_answering_until_somebody_signs(world, site):
    row = charge_of(world, NINTH, contact=contact_of(world, case_of(world, NINTH), NINTH))
    bed = room(world, site, at=NINTH)
    made = charges.offer(charge_id=row.pk, by=world.cdc, at=NINTH,
                         target=charges.Target(site.pk, bed.pk))  # fmt: skip
    with pytest.raises(NotFound):
        charges.take_over(handover_id=made.pk, notice_given=True, by=world.hospital,
                          at=NINTH + HOUR)  # fmt: skip
    (early,) = care.open_handovers(by=world.inn, at=NINTH + HOUR / 4)
    (late,) = care.open_handovers(by=world.cdc, at=NINTH + HOUR)
    assert (early[1], late[1]) == (False, True)
    with pytest.raises(Conflict, match=r"handover.open"):
        charges.offer(charge_id=row.pk, by=world.cdc, at=NINTH, target=charges.Target())
    charges.refuse_handover(handover_id=made.pk, reason="无空房", by=world.inn, at=NINTH + HOUR)
    assert care.holder_at(row, NINTH + HOUR).org_id == world.cdc.org_id
    assert Handover.objects.get().refusal == "无空房"


def test_a_pregnant_patient_is_offered_only_hospitals_with_obstetrics(world, hospital):
    row = charge_of(world, NINTH, flags=("pregnant",),
                    case=case_of(world, NINTH, findings=("pcr", "imaging", "spo2_93")))  # fmt: skip
    assert (row.need, row.severity) == ("bed", "severe")
    small = room(world, hospital, "呼一", at=NINTH, kind="ordinary", beds=9, ward="呼吸科")
    with pytest.raises(MoveBlocked, match=r"facility.department"):
        place(world, row, small, NINTH, taker="hospital")
    big = facility(world, NINTH - DAY, name="big_hospital", kind="hospital", by="cdc_city",
                   departments=("obstetrics",))  # fmt: skip
    bed = room(world, big, "产一", at=NINTH, kind="negative", beds=2, ward="产科", by="cdc_city")
    place(world, row, bed, NINTH, taker="big_hospital")
    assert care.stay_of(row, NINTH + HOUR).facility_id == big.pk


def test_a_doctor_may_decide_otherwise_and_the_reason_is_kept(world):
    case = case_of(world, NINTH, findings=("pcr", "fever_respiratory"))
    with pytest.raises(Invalid, match=r"charge.no_reason"):
        charge_of(world, NINTH, case=case, need="bed")
    row = charge_of(world, NINTH, case=case, need="bed", deviation="独居且行动不便")
    assert (row.advised, row.need, row.deviation) == ("isolation", "bed", "独居且行动不便")
    with pytest.raises(IntegrityError), transaction.atomic():
        Charge.objects.filter(pk=row.pk).update(deviation="")


def test_three_queues_have_denominators_and_the_severe_come_first(world, hospital):
    for number in (1, 2):
        charge_of(world, NINTH, case=case_of(world, NINTH, number=number,
                                             findings=("pcr", "imaging")))  # fmt: skip
    severe = charge_of(world, NINTH + HOUR, case=case_of(
        world, NINTH + HOUR, number=3, findings=("pcr", "imaging", "spo2_93")))  # fmt: skip
    bed = room(world, hospital, "呼一", at=NINTH, kind="ordinary", beds=4, ward="呼吸科")
    first = Charge.objects.order_by("pk")[0]
    place(world, first, bed, NINTH + HOUR, taker="hospital")
    _isolation, queue, _icu = flows.queues(by=world.mayor, at=NINTH + 5 * HOUR)
    assert (queue.should, queue.placed, len(queue.waiting), queue.severe) == (3, 1, 2, 1)
    assert queue.waiting[0].id == severe.pk
    assert queue.longest == 5 * HOUR
    (nothing, *_rest) = flows.queues(by=world.outsider, at=NINTH + 5 * HOUR)
    assert nothing.should == 0


def test_whom_nobody_took_into_care_yet_is_in_the_denominator(world):
    case = case_of(world, NINTH, findings=("pcr", "imaging"))
    contact_of(world, case, NINTH)
    isolation, bed, _icu = flows.queues(by=world.mayor, at=NINTH + HOUR)
    assert [(q.should, q.placed, q.unopened) for q in (isolation, bed)] == [(1, 0, 1), (1, 0, 1)]
    charge_of(world, NINTH, case=case)
    _isolation, bed, _icu = flows.queues(by=world.mayor, at=NINTH + HOUR)
    assert (bed.should, bed.unopened, len(bed.waiting)) == (1, 0, 1)


def test_a_falling_saturation_opens_the_way_to_a_bed(world, site):
    row = guest(world, site)
    for day, spo2 in enumerate((97, 94, 92)):
        vital = stays.observe(charge_id=row.pk, given=stays.Observed(spo2=spo2, rr=18),
                              by=world.inn, at=NINTH + HOUR + day * DAY)  # fmt: skip
    assert vital.alert
    row.refresh_from_db()
    assert (row.need, row.severity) == ("bed", "warning")
    guest(world, site, number=30)
    assert beds.conversion(site, NINTH + 3 * DAY) == (1, 2)
    _isolation, queue, _icu = flows.queues(by=world.cdc, at=NINTH + 3 * DAY)
    assert [w.id for w in queue.waiting] == [row.pk]
    stays.release_due(at=row.contact.release_at + DAY)
    row.refresh_from_db()
    assert (row.need, row.closed_at) == ("bed", None)


def test_a_case_at_a_site_leaves_when_two_clear_tests_a_day_apart_are_there(world, site):
    row = charge_of(world, NINTH, case=case_of(world, NINTH))
    place(world, row, room(world, site, at=NINTH), NINTH)
    assert Stay.objects.get().ends_at is None
    clear = stays.Observed(tested=True, ct=36.5)
    stays.observe(charge_id=row.pk, given=clear, by=world.inn, at=NINTH + DAY)
    stays.observe(charge_id=row.pk, given=clear, by=world.inn, at=NINTH + 2 * DAY)
    row.refresh_from_db()
    assert (row.outcome, row.closed_at) == ("released", NINTH + 2 * DAY)


def test_a_discharge_before_the_rule_needs_a_reason(world, hospital):
    row = charge_of(world, NINTH, case=case_of(world, NINTH, findings=("pcr", "imaging")))
    bed = room(world, hospital, "呼一", at=NINTH, kind="ordinary", beds=4, ward="呼吸科")
    place(world, row, bed, NINTH, taker="hospital")
    ask = {"charge_id": row.pk, "outcome": "cured", "by": world.hospital, "at": NINTH + DAY}
    with pytest.raises(MoveBlocked, match=r"charge.rule"):
        stays.discharge(reason="", **ask)
    stays.discharge(reason="转外省亲属照护,检测待补", **ask)
    told = flows.rates(by=world.cdc, at=NINTH + 2 * DAY)
    assert (told.needing, told.admitted, told.cured, told.in_care) == (1, 1, 1, 0)


def test_the_manager_of_a_site_decides_and_discharges_nobody(world, site):
    row = guest(world, site)
    ask = {"charge_id": row.pk, "by": world.inn, "at": NINTH + HOUR}
    with pytest.raises(NotAllowed):
        charges.decide_need(need="none", deviation="x", **ask)
    with pytest.raises(NotAllowed):
        stays.discharge(outcome="cured", reason="x", **ask)


def test_a_complaint_has_a_clock_and_its_words_stay_with_the_site(world, site):
    row = guest(world, site)
    at = NINTH + HOUR
    need = needs.file_need(charge=row, kind="medicine", text="胰岛素用完了", by=world.inn, at=at)
    loop = Obligation.objects.get(pk=need.obligation_id)
    assert loop.due_at == at + 2 * HOUR
    assert "胰岛素" not in loop.brief.title + loop.brief.text
    with pytest.raises(NotAllowed):
        needs.answer_need(need_id=need.pk, answer="好", by=world.county, at=at)
    needs.answer_need(need_id=need.pk, answer="已送药", by=world.inn, at=at + HOUR)
    loop.refresh_from_db()
    assert loop.closed_at == at + HOUR


def test_an_expert_call_unanswered_in_its_hour_goes_to_the_next_tier_and_both_stay(world):
    row = charge_of(world, NINTH, case=case_of(world, NINTH))
    first = needs.call_expert(charge_id=row.pk, by=world.cdc, at=NINTH)
    assert first.owner_post_id != world.cdc.post_id
    assert needs.pass_calls(at=NINTH + HOUR / 2) == 0
    assert needs.pass_calls(at=NINTH + HOUR) == 1
    calls = Obligation.objects.filter(origin=f"expert:{row.pk}").order_by("pk")
    assert [c.owner_post_id for c in calls] == [world.cdc2.post_id, world.cdc_city.post_id]
    assert [c.closed_at is None for c in calls] == [False, True]


def test_an_infection_in_a_ward_stops_admissions_until_the_desk_reviewed_it(world, hospital):
    ward = room(world, hospital, "呼一", at=NINTH, kind="ordinary", beds=40, ward="呼吸科")
    rows = [charge_of(world, NINTH, case=case_of(world, NINTH, number=n,
                                                 findings=("pcr", "imaging")))
            for n in (1, 2, 3)]  # fmt: skip
    for row in rows[:2]:
        place(world, row, ward, NINTH, taker="hospital")
    at = NINTH + HOUR
    file = wards.open_ward_file(facility_id=hospital.pk, ward="呼吸科", found="staff",
                                     by=world.hospital, at=at)  # fmt: skip
    assert file.patients == sorted(r.pk for r in rows[:2])
    assert file.listed_due_at == at + HOUR
    with pytest.raises(MoveBlocked, match=r"room.ward_closed"):
        place(world, rows[2], ward, at, taker="hospital")
    review = {"file_id": file.pk, "finding": "无续发", "at": at + HOUR}
    with pytest.raises(MoveBlocked, match=r"ward.not_listed"):
        wards.review_ward(by=world.cdc, **review)
    wards.list_exposed(file_id=file.pk, staff=("N01", "N02"), measures="单间、每日检测",
                            by=world.hospital, at=at + HOUR / 2)  # fmt: skip
    with pytest.raises(NotAllowed):
        wards.review_ward(by=world.hospital, **review)
    wards.review_ward(by=world.cdc, **review)
    place(world, rows[2], ward, at + 2 * HOUR, taker="hospital")


def test_a_full_hospital_is_told_to_convert_in_time(world, hospital):
    room(world, hospital, "呼一", at=NINTH, kind="ordinary", beds=3, ward="呼吸科")
    spare = room(world, hospital, "备一", at=NINTH, kind="ordinary", beds=30, convert_hours=48)
    bed = hospital.rooms.get(code="呼一")
    for n in (1, 2, 3):
        row = charge_of(world, NINTH, case=case_of(world, NINTH, number=n,
                                                   findings=("pcr", "imaging")))  # fmt: skip
        place(world, row, bed, NINTH, taker="hospital")
    (told,) = capacity.bed_forecasts(by=world.mayor, at=NINTH + HOUR)
    assert (told.facility.occupied, told.beds, told.convert) == (3, 6, True)
    facilities.convert_room(room_id=spare.pk, by=world.hospital, at=NINTH + 2 * HOUR)
    (told,) = capacity.bed_forecasts(by=world.mayor, at=NINTH + 2 * HOUR)
    assert (told.facility.beds, told.convert) == (33, False)


def test_demand_for_rooms_is_set_against_those_ready(world, site):
    room(world, site, "大", at=NINTH, beds=2)
    reserve = facility(world, NINTH, name="hospital", kind="site", active=False, hours=12)
    room(world, reserve, "备", at=NINTH, beds=50)
    case = case_of(world, NINTH)
    for n in range(6):
        charge_of(world, NINTH, contact=contact_of(world, case, NINTH, number=40 + n))
    plan = flows.supply_of_rooms(by=world.cdc, at=NINTH + HOUR)
    assert plan.demand == (9, 11, 13)  # six contacts and their case, two more a day
    assert (plan.ready, plan.short_on) == (2, 1)
    assert [(r.id, r.today) for r in plan.raised] == [(reserve.pk, True)]


@pytest.mark.parametrize("name", ["police", "factory", "inspector", "clinic", "auditor", "admin",
                                  "cdc_hill", "outsider", "hospital", "township2"])  # fmt: skip
def test_nobody_else_finds_whoever_is_in_care(world, site, name):
    row = guest(world, site)
    with pytest.raises(NotFound):
        care.fetch_charge(charge_id=row.pk, by=world.actor(name))
    assert care.open_handovers(by=world.actor(name), at=NINTH) == []
