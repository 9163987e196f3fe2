"""Inside a site: zones and rooms, who may work where, what happened and who closed it."""

from datetime import date, timedelta

import pytest

from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.loops.models import Obligation
from bihuan.epidemic.models import WorkerModule
from bihuan.epidemic.rules.workers import lacking_modules
from bihuan.epidemic.selectors import workers as rows
from bihuan.epidemic.selectors.care import facility_rows
from bihuan.epidemic.services import facilities, workers, zones
from tests.epidemic.builders import add_health
from tests.epidemic.care import DAY, HOUR, NINTH, add_care, facility, room
from tests.factories import build_world

DAY_ONE = date(2026, 5, 1)
ALL = ("basic", "protection", "infection", "emergency")


@pytest.fixture
def world(db):
    return add_care(add_health(build_world(NINTH)))


@pytest.fixture
def site(world):
    return facility(world, NINTH - DAY)


@pytest.fixture
def red(world, site):
    return zones.add_zone(
        facility_id=site.pk, kind="contaminated", name="三楼", by=world.inn, at=NINTH
    )


def enter(world, site, *codes, by="inn", **given):
    return workers.enter_workers(facility_id=site.pk, codes=codes, kind=given.pop("kind", "nurse"),
                                 by=world.actor(by), at=NINTH, **given)  # fmt: skip


def passed(world, site, *codes, modules=ALL, ago=0):
    for module in modules:
        workers.pass_module(facility_id=site.pk, codes=codes, module=module, by=world.inn, at=NINTH,
                            passed_on=local_date(NINTH) - ago * DAY)  # fmt: skip


def shift(world, site, zone, code="N1", *, starts=NINTH + HOUR, hours=8, by="inn"):
    given = workers.NewShift(code, zone.pk, starts, starts + hours * HOUR)
    return workers.plan_shift(facility_id=site.pk, given=given, by=world.actor(by), at=NINTH)


def test_a_module_counts_to_its_last_day():
    held = [("basic", DAY_ONE), ("protection", DAY_ONE - timedelta(days=1))]
    assert lacking_modules(("basic", "protection", "fire"), held, on=DAY_ONE) == (
        "protection", "fire",
    )  # fmt: skip
    again = [*held, ("protection", DAY_ONE)]
    assert lacking_modules(("basic", "protection"), again, on=DAY_ONE) == ()


def test_a_worker_with_an_expired_module_is_refused_for_the_red_zone(world, site, red):
    clean = zones.add_zone(facility_id=site.pk, kind="clean", name="一楼", by=world.inn, at=NINTH)
    enter(world, site, "N1", zone_id=red.pk)
    passed(world, site, "N1", modules=("basic", "infection", "emergency"))
    passed(world, site, "N1", modules=("protection",), ago=91)
    with pytest.raises(MoveBlocked) as refused:
        shift(world, site, red)
    assert (refused.value.code, refused.value.facts["modules"]) == ("shift.modules", ["protection"])
    shift(world, site, clean)
    with pytest.raises(Conflict, match=r"shift\.twice"):
        shift(world, site, clean, starts=NINTH + 8 * HOUR)
    passed(world, site, "N1", modules=("protection",), ago=90)
    shift(world, site, red, starts=NINTH + 9 * HOUR, hours=2)
    with pytest.raises(MoveBlocked):
        shift(world, site, red, starts=NINTH + 30 * HOUR)
    assert WorkerModule.objects.get(valid_until=local_date(NINTH)).edition.startswith("cn.facility")


def test_who_may_work_where_is_told_with_a_fixed_number_of_queries(
    world, site, red, django_assert_num_queries
):
    enter(world, site, "N1", "N2", "N3")
    passed(world, site, "N1", "N2")
    passed(world, site, "N3", modules=("basic",))
    workers.leave(facility_id=site.pk, codes=["N2"], by=world.inn, at=NINTH)
    with django_assert_num_queries(2):
        told = rows.worker_rows(site, NINTH)
    assert [(r.worker.code, r.zones) for r in told] == [
        ("N1", ("clean", "buffer", "contaminated")), ("N3", ("clean",)),
    ]  # fmt: skip
    assert rows.trained(told, site, NINTH) == [("clean", 2), ("buffer", 1), ("contaminated", 1)]
    later = NINTH + 91 * DAY
    assert rows.trained(rows.worker_rows(site, later), site, later)[2] == ("contaminated", 0)


def test_staff_numbers_and_never_names_and_only_of_ones_own_house(world, site, red):
    for code in ("王秀英", "13900001234"):
        with pytest.raises(Invalid, match=r"worker\.code"):
            enter(world, site, code)
    with pytest.raises(Invalid, match=r"worker\.unknown"):
        passed(world, site, "N9")
    for name in ("hospital", "cdc_hill", "police"):
        with pytest.raises(NotFound):
            enter(world, site, "N1", by=name)
    with pytest.raises(NotAllowed):
        enter(world, site, "N1", by="mayor")


def test_a_check_of_31_days_makes_a_site_not_ready(world, site):
    room(world, site, "301", at=NINTH, beds=9)
    last = NINTH - DAY + 30 * DAY
    ready = {at: facility_rows(by=world.cdc, at=at)[0].ready for at in (last, last + DAY)}
    assert ready == {last: 9, last + DAY: 0}
    for step in ("draining", "cleaned"):
        facilities.take_step(facility_id=site.pk, step=step, by=world.cdc, at=last)
    with pytest.raises(MoveBlocked, match=r"facility\.proofs"):
        facilities.take_step(facility_id=site.pk, step="ready", by=world.cdc, at=last + DAY)


def test_rooms_lie_in_zones_where_guests_may_live(world, site, red, django_assert_num_queries):
    clean = zones.add_zone(facility_id=site.pk, kind="clean", name="一楼", by=world.inn, at=NINTH)
    bed = room(world, site, "301", at=NINTH)
    given = {"facility_id": site.pk, "room_ids": [bed.pk], "by": world.inn, "at": NINTH}
    with pytest.raises(MoveBlocked, match=r"zone\.no_guests"):
        zones.assign_rooms(zone_id=clean.pk, **given)
    assert zones.assign_rooms(zone_id=red.pk, **given) == 1
    with pytest.raises(Conflict, match=r"zone\.twice"):
        zones.add_zone(facility_id=site.pk, kind="buffer", name="三楼", by=world.inn, at=NINTH)
    enter(world, site, "N1", zone_id=red.pk)
    passed(world, site, "N1")
    shift(world, site, red)
    with django_assert_num_queries(1):
        told = rows.zones_of(site, NINTH + 2 * HOUR)
    assert {(z.name, z.n_rooms, z.n_workers, z.n_now) for z in told} == {
        ("三楼", 1, 1, 1), ("一楼", 0, 0, 0),
    }  # fmt: skip


def test_an_incident_is_answered_by_its_clock_and_closed_by_somebody_else(world, site, red):
    given = zones.NewIncident("fire", "三楼配电箱冒烟", NINTH - HOUR, red.pk)
    row = zones.report_incident(facility_id=site.pk, given=given, by=world.inn, at=NINTH)
    loop = Obligation.objects.get(pk=row.loop_id)
    assert (loop.due_at, loop.owner_post_id) == (NINTH + HOUR, world.inn.post_id)
    assert "配电箱" not in loop.brief.text
    close = {"incident_id": row.pk, "finding": "已更换", "at": NINTH + HOUR}
    with pytest.raises(MoveBlocked, match=r"incident\.not_answered"):
        zones.close_incident(by=world.cdc, **close)
    answer = {"incident_id": row.pk, "answer": "已断电、疏散、报修", "at": NINTH + HOUR / 2}
    zones.answer_incident(by=world.cdc, **answer)
    with pytest.raises(NotAllowed, match=r"incident\.same_person"):
        zones.close_incident(by=world.cdc, **close)
    zones.answer_incident(by=world.inn, **answer)
    with pytest.raises(NotAllowed):
        zones.close_incident(by=world.inn, **close)
    zones.close_incident(by=world.cdc, **close)
    loop.refresh_from_db()
    assert loop.closed_at == NINTH + HOUR / 2
    with pytest.raises(NotFound):
        zones.answer_incident(by=world.inn, **answer)
    late = zones.NewIncident("dispute", "争执", NINTH + HOUR)
    with pytest.raises(Invalid, match=r"incident\.future"):
        zones.report_incident(facility_id=site.pk, given=late, by=world.inn, at=NINTH)
