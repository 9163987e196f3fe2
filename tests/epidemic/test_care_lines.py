"""Beds line by line: those kept for an age, their forecast, the partner, the reserve hospital."""

import pytest

from bihuan.core.errors import Invalid
from bihuan.epidemic.models import Stay
from bihuan.epidemic.selectors import beds, capacity, flows
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


@pytest.fixture
def world(db):
    return add_care(add_health(build_world(NINTH)))


@pytest.fixture
def hospital(world):
    return facility(world, NINTH - DAY, name="hospital", kind="hospital")


def sick(world, number, band="5-14", at=NINTH):
    findings = ("pcr", "imaging")
    case = case_of(world, at, number=number, age_band=band, findings=findings)
    return charge_of(world, at, case=case)


def test_five_of_six_paediatric_icu_beds_become_eight_and_the_partner_is_shown(world, hospital):
    line = room(world, hospital, "儿重", at=NINTH, kind="child_icu", beds=6, ward="儿科重症")
    big = facility(world, NINTH - DAY, name="big_hospital", kind="hospital", by="cdc_city")
    for number in range(5):
        place(world, sick(world, number), line, NINTH, taker="hospital")
    Stay.objects.filter(pk__in=Stay.objects.order_by("pk")[:2]).update(starts_at=NINTH - 5 * DAY)
    at = NINTH + HOUR
    (told,) = capacity.bed_lines(by=world.cdc, at=at)
    assert (told.kind, told.beds, told.occupied, told.forecast) == ("child_icu", 6, 5, 8)
    assert (told.short, told.partner) == (2, None)
    room(world, big, "儿重", at=NINTH, kind="child_icu", beds=10, by="cdc_city")
    room(world, big, "重", at=NINTH, kind="icu", beds=40, by="cdc_city")
    for reader in (world.cdc, world.hospital):
        (told,) = capacity.bed_lines(by=reader, at=at)
        assert told.partner is not None
        assert told.partner.id == big.pk


def test_beds_kept_for_children_are_offered_to_children_alone(world, hospital):
    room(world, hospital, "儿", at=NINTH, kind="child", beds=2)
    room(world, hospital, "儿重", at=NINTH, kind="child_icu", beds=2)
    room(world, hospital, "普", at=NINTH, kind="ordinary", beds=2)
    child, old = sick(world, 1), sick(world, 2, "65+")
    assert {b.room.code for b in beds.beds_for(child, NINTH)} == {"儿", "普"}
    assert {b.room.code for b in beds.beds_for(old, NINTH)} == {"普"}
    child.need = "icu"
    assert {b.room.code for b in beds.beds_for(child, NINTH)} == {"儿重"}
    with pytest.raises(Invalid, match=r"room.incomplete"):
        room(world, hospital, "某", at=NINTH, kind="cats", beds=2)


def test_the_need_of_each_age_is_counted_and_an_age_bed_of_icu_answers_it(world, hospital):
    line = room(world, hospital, "老重", at=NINTH, kind="old_icu", beds=2)
    rows = [sick(world, 1), sick(world, 2, "65+")]
    rows[1].need = rows[1].advised = "icu"
    rows[1].save()
    place(world, rows[1], line, NINTH, taker="hospital")
    ages = {a.band: (a.isolation, a.bed, a.icu) for a in
            capacity.demand_by_age(by=world.cdc, at=NINTH + HOUR)}  # fmt: skip
    assert ages == {"0-4": (0, 0, 0), "5-14": (0, 1, 0), "15-44": (0, 0, 0), "45-64": (0, 0, 0),
                    "65+": (0, 0, 1)}  # fmt: skip
    assert [q.placed for q in flows.queues(by=world.cdc, at=NINTH + HOUR)] == [0, 0, 1]


def test_a_reserve_hospital_is_raised_for_the_open_ones_of_the_place(world, hospital):
    line = room(world, hospital, "普", at=NINTH, kind="ordinary", beds=3)
    spare = facility(world, NINTH, name="inn", kind="hospital", active=False, hours=48)
    room(world, spare, "备", at=NINTH, beds=30, kind="ordinary")
    for number in range(2):
        place(world, sick(world, number), line, NINTH, taker="hospital")
    forecasts = capacity.bed_forecasts(by=world.mayor, at=NINTH + HOUR)
    told = capacity.load_of_hospitals(forecasts)
    assert (told.beds, told.occupied, told.forecast) == (3, 2, 4)
    assert [(r.id, r.rooms, r.today) for r in told.raised] == [(spare.pk, 30, True)]
