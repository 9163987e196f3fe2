"""Oxygen, staff, devices and medicines of hospitals against the beds they will have in use."""

import pytest

from bihuan.core.errors import Invalid, NotAllowed, NotFound
from bihuan.epidemic.models import Stay
from bihuan.epidemic.rules.support import Ratio, judge
from bihuan.epidemic.selectors import capacity
from bihuan.epidemic.selectors.support import supports
from bihuan.epidemic.services.support import Counted, count_holding
from tests.epidemic.builders import add_health
from tests.epidemic.care import (
    DAY,
    HOUR,
    NINTH,
    add_care,
    case_of,
    charge_of,
    facility,
    place,
    room,
)
from tests.factories import build_world

OXYGEN = Ratio(per_bed=14.4, per_icu=43.2, stock=True, whole=False)
NURSES = Ratio(per_bed=0.4, per_icu=3, stock=False, whole=True)


@pytest.mark.parametrize(("beds", "icu", "need"), [(0, 0, 0), (1, 0, 1), (10, 2, 10), (11, 2, 11)])
def test_people_and_devices_come_whole(beds, icu, need):
    assert NURSES.need(beds=beds, icu=icu) == need


def test_what_lacks_is_the_need_beyond_what_is_held():
    told = judge(NURSES, held=8, per_day=None, beds=10, icu=2, days=7)
    assert (told.need, told.short, told.days) == (10, 2, None)
    assert judge(NURSES, held=99, per_day=None, beds=10, icu=2, days=7).short == 0


def test_a_stock_lasts_by_the_larger_of_use_and_need():
    told = judge(OXYGEN, held=1440, per_day=None, beds=10, icu=0, days=7)
    assert (told.need, told.days, told.short) == (144, 10, 0)
    told = judge(OXYGEN, held=1440, per_day=288, beds=10, icu=0, days=7)
    assert (told.days, told.short) == (5, 576)
    assert judge(OXYGEN, held=0, per_day=None, beds=0, icu=0, days=7).days is None


@pytest.fixture
def world(db):
    return add_care(add_health(build_world(NINTH)))


@pytest.fixture
def hospital(world):
    row = facility(world, NINTH - DAY, name="hospital", kind="hospital")
    room(world, row, "普", at=NINTH, kind="ordinary", beds=40, ward="普")
    room(world, row, "重", at=NINTH, kind="icu", beds=6, ward="重")
    return row


def count(world, row, resource, quantity, *, by="hospital", at=NINTH, **given):
    return count_holding(facility_id=row.pk, given=Counted(resource, quantity, **given),
                         by=world.actor(by), at=at)  # fmt: skip


def test_the_need_follows_the_forecast_of_occupied_beds_and_shortages_are_told(
    world, hospital, django_assert_num_queries
):
    for number in range(3):
        case = case_of(world, NINTH, number=number, findings=("pcr", "imaging"))
        row = charge_of(world, NINTH, case=case)
        place(world, row, hospital.rooms.get(code="普"), NINTH, taker="hospital")
    Stay.objects.filter(pk=Stay.objects.earliest("pk").pk).update(starts_at=NINTH - 9 * DAY)
    count(world, hospital, "nurse", 4)
    count(world, hospital, "nurse", 1, at=NINTH + HOUR)
    count(world, hospital, "oxygen_flow", 12.5, note="制氧机 2 台")
    count(world, hospital, "oxygen_stock", 500, per_day=100)
    at = NINTH + 2 * HOUR
    lines = capacity.bed_lines(by=world.cdc, at=at)
    with django_assert_num_queries(1):
        (told,) = supports(lines, at)
    assert (told.beds, told.icu, told.days) == (5, 0, 3)  # three now, two came within three days
    rows = {row.resource["key"]: row for row in told.rows}
    nurse = rows["nurse"].verdict
    assert (nurse.need, nurse.short) == (2, 1)
    assert rows["oxygen_flow"].verdict.short == 0
    stock = rows["oxygen_stock"].verdict
    assert (stock.days, stock.short) == (5, 200)
    assert rows["ventilator"].holding is None
    assert [row.resource["key"] for row in told.shortages] == ["oxygen_stock", "nurse"]
    assert told.uncounted == len(told.rows) - 3


def test_what_is_for_children_is_measured_by_the_beds_kept_for_them(world, hospital):
    room(world, hospital, "儿", at=NINTH, kind="child_icu", beds=6, ward="儿")
    for code, number, age in (("普", 1, "15-44"), ("儿", 2, "5-14")):
        case = case_of(world, NINTH, number=number, findings=("pcr", "imaging"), age_band=age)
        row = charge_of(world, NINTH, case=case)
        place(world, row, hospital.rooms.get(code=code), NINTH, taker="hospital")
    count(world, hospital, "child_nurse", 2)
    count(world, hospital, "nurse", 9)
    (told,) = supports(capacity.bed_lines(by=world.cdc, at=NINTH + HOUR), NINTH + HOUR)
    rows = {one.resource["key"]: one for one in told.rows}
    nurse = rows["child_nurse"]
    assert (nurse.beds, nurse.icu, nurse.verdict.need, nurse.verdict.short) == (0, 2, 6, 4)
    assert (rows["nurse"].beds, rows["nurse"].icu) == (told.beds, told.icu) == (2, 2)
    assert "old_carer" not in rows, "no beds are kept for the old here"


def test_a_hospital_is_the_sum_of_its_lines(world, hospital):
    for number in range(2):
        case = case_of(world, NINTH, number=number, findings=("pcr", "imaging"))
        place(world, charge_of(world, NINTH, case=case), hospital.rooms.get(code="普"), NINTH,
              taker="hospital")  # fmt: skip
    at = NINTH + HOUR
    (told,) = capacity.bed_forecasts(by=world.cdc, at=at)
    assert told.beds == sum(line.forecast for line in capacity.bed_lines(by=world.cdc, at=at)) == 4


def test_only_the_hospital_and_the_desk_count_and_only_what_the_pack_knows(world, hospital):
    with pytest.raises(Invalid, match=r"holding\.incomplete"):
        count(world, hospital, "gold", 1)
    with pytest.raises(Invalid, match=r"holding\.incomplete"):
        count(world, hospital, "nurse", -1)
    with pytest.raises(NotAllowed):
        count(world, hospital, "nurse", 1, by="mayor")
    with pytest.raises(NotFound):
        count(world, hospital, "nurse", 1, by="big_hospital")
    inn = facility(world, NINTH - DAY)
    with pytest.raises(Invalid, match=r"holding\.hospital"):
        count(world, inn, "nurse", 1, by="inn")
