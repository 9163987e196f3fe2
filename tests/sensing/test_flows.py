"""People flows: forecasts by gate and day, shortages five days ahead, returns asked to be spread."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.types import Role
from bihuan.sensing.models import Expected
from bihuan.sensing.rules.flows import GateDay, read_flow_lines
from bihuan.sensing.selectors.flows import asks_of, outlook, spread_of
from bihuan.sensing.services.flows import (
    DayCapacity,
    NewGate,
    ask_to_spread,
    fill_forecast,
    register_gate,
    set_gate_day,
)
from tests.factories import staff

AT = datetime(2022, 2, 10, 1, 0, tzinfo=UTC)
TODAY = date(2022, 2, 10)
PEAK = date(2022, 2, 15)
TEXT = """卡口\t日期\t人数\t来源\t单位
北站\t2022-02-15\t180,000
北站\t2022-02-15\t45000\t学校\t北原大学
北站\t2022-02-15\t30000\t企业\t东岸工业园
北站\t2022-02-14\t100000
"""


@pytest.fixture
def station(world):
    staff(world.places["9901"], "school", role=Role.DEPARTMENT, kind="edu", sectors=["education"])
    given = NewGate("北站", "rail", world.places["9901"].pk, 120_000, 150_000)
    return register_gate(given=given, by=world.city, at=AT)


def fill(world, text=TEXT, who="city", at=AT, keep=True):
    return fill_forecast(text=text, keep=keep, by=world.actor(who), at=at)


def test_180_000_on_one_day_against_120_000_are_shown_five_days_ahead_with_the_option_to_spread(
    station, world, django_assert_num_queries
):
    assert fill(world).added == 4
    city = world.city
    with django_assert_num_queries(3):
        seen = outlook(by=city, at=AT)
    (one,) = seen.shortages
    assert (one.gate, one.day.day, one.day.short, one.ahead, one.early) == (
        station, PEAK, 60_000, 5, True)  # fmt: skip
    assert one.day.untested == 30_000
    assert seen.rooms == 180
    assert [day.told for day in seen.gates[0].days[3:6]] == [False, True, True], (
        "unknown, not nobody"
    )
    found = spread_of(seen, by=city, at=AT)
    assert found.remainder == {}
    assert max(found.after.values()) == 120_000
    assert sum(found.after.values()) == 280_000
    task = ask_to_spread(gate_id=station.pk, day=PEAK, side="school", by=city, at=AT)
    assert task.owner_post.title == "北原市school"
    assert "超出 60000 人" in task.brief.text
    assert "45000" in task.brief.text
    assert "02-16 经北站" in task.brief.text
    assert asks_of(row=seen.gates[0], by=city, at=AT) == (task,)
    assert asks_of(row=seen.gates[0], by=world.county, at=AT) == ()
    with pytest.raises(Conflict):
        ask_to_spread(gate_id=station.pk, day=PEAK, side="school", by=city, at=AT)
    by_desk = ask_to_spread(gate_id=station.pk, day=PEAK, side="enterprise", by=city, at=AT)
    assert by_desk.owner_post.desk, "no department of industry here: the desk has it"


def test_plans_are_parts_of_the_total_and_the_total_where_they_are_larger():
    part = GateDay(PEAK, 100, 30, 20, 80, None)
    assert (part.expected, part.planned, part.short, part.untested) == (100, 50, 20, 0)
    assert GateDay(PEAK, 40, 30, 20, 80, None).expected == 50
    assert GateDay(PEAK, None, 30, 20, 80, 10, test_share=0.5).untested == 15


def test_the_same_text_again_writes_nothing_and_another_number_is_a_correction(station, world):
    later = AT + timedelta(hours=1)
    assert fill(world, keep=False).added == 4
    assert Expected.objects.count() == 0
    fill(world)
    again = fill(world, at=later)
    assert (again.added, again.changed, again.same) == (0, 0, 4)
    mended = fill(world, TEXT.replace("180,000", "150000"), at=later)
    assert (mended.added, mended.changed, mended.same) == (0, 1, 3)
    assert outlook(by=world.city, at=later).shortages[0].day.short == 30_000
    assert outlook(by=world.city, at=AT).shortages[0].day.short == 60_000, "as it was known then"
    (school, park) = outlook(by=world.city, at=later).plans
    assert (school.group, school.total, park.group) == ("北原大学", 45_000, "东岸工业园")


def test_rows_that_cannot_be_taken_are_named_and_the_others_are_taken(station, world):
    text = "\n".join((
        "北站\uff0c2022-02-12\uff0c1000", "", "南站,2022-02-12,5", "北站,2022-02-30,5",
        "北站,2022-02-01,5", "北站,2022-02-13,很多", "北站,2022-02-13,1.5", "北站,2022-02-13,7,船票",
        "北站,2022-02-13,7,学校", "北站,2022-02-13,7,,某校", "北站,2022-02-12,9",
        "北站,2022-02-13,7,学校,13800001234", ",2022-02-13,7",
    ))  # fmt: skip
    told = fill(world, text)
    assert told.added == 1
    assert [(one.row, one.code.partition(".")[2]) for one in told.faults] == [
        (3, "row_gate"), (4, "date"), (5, "row_day"), (6, "figure"), (7, "row_people"),
        (8, "row_source"), (9, "row_group"), (10, "row_group"), (11, "row_twice"),
        (12, "row_identifies"), (13, "row_gate"),
    ]  # fmt: skip
    assert not any("138" in one.said for one in told.faults)


def test_headings_may_stand_in_any_order_and_in_english():
    lines, faults = read_flow_lines("people,gate,date\n5,X,2022-02-12", TODAY)
    assert faults == ()
    assert (lines[0].gate, lines[0].n, lines[0].source) == ("X", 5, "total")


def test_a_day_may_be_given_another_capacity_with_its_reason(station, world):
    fill(world)
    more = DayCapacity(PEAK, 200_000, None, "加开八个通道")
    set_gate_day(gate_id=station.pk, given=more, by=world.city, at=AT)
    assert outlook(by=world.city, at=AT).shortages == ()
    with pytest.raises(Invalid):
        ask_to_spread(gate_id=station.pk, day=PEAK, side="school", by=world.city, at=AT)
    for wrong in (DayCapacity(TODAY - timedelta(days=1), 1, None, "x"),
                  DayCapacity(PEAK, 1, None, " ")):  # fmt: skip
        with pytest.raises(Invalid):
            set_gate_day(gate_id=station.pk, given=wrong, by=world.city, at=AT)


def test_a_county_adds_its_schools_to_the_citys_station_and_no_total(station, world):
    told = fill(world, TEXT, who="county")
    assert (told.added, [one.code for one in told.faults]) == (2, ["flow.row_above"] * 2)
    with pytest.raises(NotAllowed):
        set_gate_day(gate_id=station.pk, given=DayCapacity(PEAK, 1, 1, "x"), by=world.county, at=AT)
    with pytest.raises(NotFound):
        set_gate_day(
            gate_id=station.pk, given=DayCapacity(PEAK, 1, 1, "x"), by=world.outsider, at=AT
        )
    assert outlook(by=world.factory, at=AT).gates == ()
    with pytest.raises(NotAllowed):
        fill(world, who="factory")
    with pytest.raises(NotAllowed):
        ask_to_spread(gate_id=station.pk, day=PEAK, side="school", by=world.county, at=AT)


def test_nothing_is_asked_without_a_shortage_a_plan_or_a_side(station, world):
    fill(world, "北站,2022-02-15,180000")
    for side, day in (("school", PEAK), ("school", TODAY), ("moon", PEAK)):
        with pytest.raises(Invalid):
            ask_to_spread(gate_id=station.pk, day=day, side=side, by=world.city, at=AT)
    assert not Obligation.objects.filter(origin__startswith="flow:").exists()


def test_a_gate_is_registered_once_with_a_name_in_ones_own_place(station, world):
    here, there = world.places["9901"].pk, world.places["9902"].pk
    with pytest.raises(Conflict):
        register_gate(given=NewGate("北站", "rail", here, 1), by=world.city, at=AT)
    for wrong in (NewGate(" ", "rail", here, 1), NewGate("X", "moon", here, 1),
                  NewGate("X", "rail", there, 1)):  # fmt: skip
        with pytest.raises(Invalid):
            register_gate(given=wrong, by=world.city, at=AT)
    with pytest.raises(NotAllowed):
        register_gate(given=NewGate("X", "rail", here, 1), by=world.deputy, at=AT)
