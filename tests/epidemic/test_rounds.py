"""Infection control of a hospital: rounds, tests of the staff, the file of a ward, the clean days."""

from datetime import date, timedelta

import pytest

from bihuan.core.clock import local_date
from bihuan.core.errors import Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.loops import invariants
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services import act
from bihuan.core.loops.types import MoveInput
from bihuan.epidemic.models import RoundItem, WardFile
from bihuan.epidemic.rules.rounds import infection_record, round_due, still_owed
from bihuan.epidemic.rules.workers import is_code
from bihuan.epidemic.selectors import rounds as rows
from bihuan.epidemic.services import rounds, wards
from bihuan.epidemic.services.illness import fell_ill
from bihuan.epidemic.types import Illness
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

FIRST = date(2026, 5, 1)


@pytest.fixture
def world(db):
    return add_care(add_health(build_world(NINTH)))


@pytest.fixture
def hospital(world):
    row = facility(world, NINTH - 3 * DAY, name="hospital", kind="hospital")
    room(world, row, "呼一", at=NINTH, kind="negative", beds=40, ward="呼吸科")
    return row


def answers(hospital, checklist="ward_daily", **failed):
    keys = [row["key"] for row in rows.items_of(checklist, hospital.scope, NINTH)]
    return {key: (key not in failed, failed.get(key, "")) for key in keys}


def walk(world, hospital, *, at=NINTH, by="hospital", ward="呼吸科", **failed):
    given = rounds.NewRound("ward_daily", ward, answers(hospital, **failed))
    return rounds.note_round(facility_id=hospital.pk, given=given, by=world.actor(by), at=at)


def group(world, hospital, people=23, kind="isolation", at=NINTH):
    return rounds.set_staff_group(facility_id=hospital.pk, ward="呼吸科", group=kind, people=people,
                                  by=world.hospital, at=at)  # fmt: skip


def noted(world, row, n, *, positive=0, at=NINTH):
    return rounds.note_tests(group_id=row.pk, day=local_date(at), tested=n, positive=positive,
                             by=world.hospital, at=at)  # fmt: skip


def test_a_checklist_is_due_an_interval_after_the_last_round():
    assert round_due(None, since=FIRST, days=7) == date(2026, 5, 8)
    assert round_due(date(2026, 5, 20), since=FIRST, days=1) == date(2026, 5, 21)


def test_tests_of_the_last_days_count_and_the_rest_is_owed():
    made = [(FIRST, 10), (FIRST + timedelta(days=1), 5)]
    assert still_owed(20, made, days=2, on=FIRST + timedelta(days=1)) == (15, 5)
    assert still_owed(20, made, days=1, on=FIRST + timedelta(days=1)) == (5, 15)
    assert still_owed(4, made, days=2, on=FIRST + timedelta(days=1)) == (4, 0)
    assert still_owed(20, made, days=2, on=FIRST + timedelta(days=9)) == (0, 20)


def test_a_house_without_infections_has_no_days_since_the_last():
    assert infection_record([], on=FIRST) == rows.Record(None, 0)
    told = infection_record([date(2025, 12, 31), FIRST], on=FIRST + timedelta(days=9))
    assert (told.days, told.this_year) == (9, 1)


@pytest.mark.parametrize(
    "said", ["王秀英", "13900001234", "110101197001011224", "", "N 1", "x" * 21]
)
def test_what_names_somebody_is_no_staff_number(said):
    assert not is_code(said)
    assert is_code("N-0012")


def test_an_item_that_failed_opens_one_problem_with_its_task(world, hospital):
    made = walk(world, hospital, w_flow_staff="缓冲区有人逆行")
    item = RoundItem.objects.get(round=made, passed=False)
    loop = Obligation.objects.get(pk=item.problem_id)
    assert (loop.flow, loop.state) == ("problem", "registered")
    assert loop.owner_post_id == world.hospital.post_id
    assert loop.issuer_post_id == world.county.post_id
    task = loop.problem.tasks.get().task
    assert (task.owner_post_id, task.due_at) == (world.hospital.post_id, NINTH + 2 * DAY)
    assert "逆行" in task.brief.title
    assert invariants.waiting(at=NINTH) == []
    again = walk(world, hospital, at=NINTH + DAY, w_flow_staff="仍有人逆行")
    assert RoundItem.objects.get(round=again, passed=False).problem_id == loop.pk
    assert Obligation.objects.filter(flow="problem").count() == 1
    (fault,) = rows.open_faults(hospital)
    assert (fault.note, fault.number) == ("仍有人逆行", loop.number)


def test_every_ward_has_its_due_dates_and_the_overdue_come_first(
    world, hospital, django_assert_num_queries
):
    room(world, hospital, "普一", at=NINTH, kind="ordinary", beds=9, ward="普通科")
    walk(world, hospital)
    with django_assert_num_queries(2):
        told = rows.due_rounds(hospital, NINTH)
    assert [(r.checklist["key"], r.ward, r.overdue) for r in told] == [
        ("ward_daily", "普通科", True), ("ward_daily", "呼吸科", False),
        ("hospital_weekly", "", False),
    ]  # fmt: skip


def test_a_round_that_is_not_whole_or_of_another_house_is_refused(world, hospital):
    whole = answers(hospital)
    part = dict(list(whole.items())[1:])
    for given, code in (
        (rounds.NewRound("ward_daily", "呼吸科", part), "round.incomplete"),
        (rounds.NewRound("ward_daily", "", whole), "round.unknown"),
        (rounds.NewRound("site_daily", "", answers(hospital, "site_daily")), "round.unknown"),
        (rounds.NewRound("ward_daily", "呼吸科", answers(hospital, w_ppe=" ")), "round.note"),
    ):
        with pytest.raises(Invalid) as refused:
            rounds.note_round(facility_id=hospital.pk, given=given, by=world.hospital, at=NINTH)
        assert refused.value.code == code
    with pytest.raises(NotAllowed):
        walk(world, hospital, by="mayor")
    for name in ("inn", "cdc_hill", "police"):
        with pytest.raises(NotFound):
            walk(world, hospital, by=name)


def test_tested_and_owed_are_counted_by_ward_and_day(world, hospital, django_assert_num_queries):
    daily, other = group(world, hospital), group(world, hospital, 10, "clinical")
    noted(world, other, 6, at=NINTH - DAY)
    noted(world, daily, 20)
    noted(world, daily, 21)
    noted(world, other, 3)
    with django_assert_num_queries(2):
        told = rows.staff_schedule(hospital, NINTH)
    assert {(r.group, r.tested, r.owed, r.today) for r in told} == {
        ("isolation", 21, 2, 21), ("clinical", 9, 1, 3),
    }  # fmt: skip
    for n, positive, code in ((24, 0, "tests.counts"), (1, 2, "tests.counts")):
        with pytest.raises(Invalid, match=code):
            noted(world, daily, n, positive=positive)
    with pytest.raises(NotFound):
        rounds.note_tests(
            group_id=daily.pk, day=FIRST, tested=1, positive=0, by=world.inn, at=NINTH
        )


def test_one_nurse_positive_opens_the_file_lists_23_and_31_within_the_hour_and_blocks_the_ward(
    world, hospital
):
    bed = hospital.rooms.get(code="呼一")
    inside = charge_of(world, NINTH, case=case_of(world, NINTH, findings=("pcr", "imaging")))
    late = charge_of(
        world, NINTH, case=case_of(world, NINTH, number=2, findings=("pcr", "imaging"))
    )
    place(world, inside, bed, NINTH, taker="hospital")
    at = NINTH + 2 * HOUR
    assert rows.record_of(hospital, at).days is None
    file = noted(world, group(world, hospital), 23, positive=1, at=at)
    assert (file.ward, file.found, file.patients) == ("呼吸科", "staff", [inside.pk])
    loop = Obligation.objects.get(origin=f"ward:{file.pk}")
    assert (loop.due_at, loop.owner_post_id) == (at + HOUR, world.hospital.post_id)
    assert noted(world, hospital.staff_groups.get(), 23, positive=1, at=at) is None
    with pytest.raises(MoveBlocked, match=r"room\.ward_closed"):
        place(world, late, bed, at, taker="hospital")
    exposed = {"staff": [f"N{n:02}" for n in range(23)], "inpatients": [f"Z{n:02}" for n in range(30)],
               "file_id": file.pk, "by": world.hospital, "at": at + HOUR / 2}  # fmt: skip
    with pytest.raises(Invalid, match=r"worker\.code"):
        wards.list_exposed(measures="单间", **exposed | {"staff": ["王秀英"]})
    file = wards.list_exposed(measures="病区封闭、单间、每日检测", **exposed)
    assert (len(file.staff), file.exposed_patients) == (23, 31)
    loop.refresh_from_db()
    assert loop.closed_at == at + HOUR / 2 < loop.due_at
    wards.review_ward(file_id=file.pk, finding="无续发", by=world.cdc, at=at + 5 * DAY)
    place(world, late, bed, at + 5 * DAY, taker="hospital")
    told = rows.record_of(hospital, at + 9 * DAY)
    assert (told.days, told.this_year) == (9, 1)


def test_a_patient_who_falls_ill_in_a_ward_opens_its_file(world, hospital):
    contact = contact_of(world, case_of(world, NINTH), NINTH)
    row = charge_of(world, NINTH, contact=contact, need="bed", deviation="透析")
    place(world, row, hospital.rooms.get(code="呼一"), NINTH, taker="hospital")
    ill = Illness(findings=frozenset({"pcr"}), age_band="15-44", onset=local_date(NINTH))
    fell_ill(contact_id=contact.pk, given=ill, by=world.cdc, at=NINTH + DAY)
    file = WardFile.objects.get()
    assert (file.ward, file.found, file.patients) == ("呼吸科", "patient", [row.pk])


def test_a_list_that_was_missed_is_a_task_until_every_ward_was_gone_through(
    world, hospital, django_assert_num_queries
):
    room(world, hospital, "普一", at=NINTH, kind="ordinary", beds=9, ward="普通科")
    facility(world, NINTH - 3 * DAY, active=False)
    with django_assert_num_queries(3):
        missed = rows.missed_rounds(NINTH)
    assert [(key, len(wards)) for _house, key, wards in missed] == [("ward_daily", 2)]
    assert (rounds.owe_rounds(at=NINTH), rounds.owe_rounds(at=NINTH + HOUR)) == (1, 0)
    loop = rows.round_tasks(hospital)["ward_daily"]
    assert (loop.owner_post_id, loop.issuer_post_id, loop.due_at) == (
        world.hospital.post_id, world.county.post_id, NINTH + DAY,
    )  # fmt: skip
    with pytest.raises(MoveBlocked, match=r"round\.not_made"):
        act(obligation_id=loop.pk, move="answer", by=world.hospital, at=NINTH + HOUR,
            given=MoveInput(note="明天补"))  # fmt: skip
    walk(world, hospital, at=NINTH + HOUR)
    loop.refresh_from_db()
    assert loop.closed_at is None, "one ward of two"
    walk(world, hospital, at=NINTH + 2 * HOUR, ward="普通科")
    loop.refresh_from_db()
    assert (loop.closed_at, loop.submitted_by_id) == (NINTH + 2 * HOUR, world.hospital.person_id)
    assert rounds.owe_rounds(at=NINTH + 3 * HOUR) == 0
    assert rounds.owe_rounds(at=NINTH + 2 * DAY) == 1, "missed anew"
    assert invariants.waiting(at=NINTH + 2 * DAY) == []
