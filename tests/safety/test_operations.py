"""A dangerous operation without a signed plan is stopped; a dormitory is looked at once for both."""

from datetime import timedelta

import pytest

from bihuan.core.audit.services import SYSTEM
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.loops.models import Domain
from bihuan.core.orgs.types import Role
from bihuan.safety.models import Checklist
from bihuan.safety.rules.operations import stage
from bihuan.safety.selectors.dormitories import dormitories
from bihuan.safety.selectors.operations import operation_row, operations
from bihuan.safety.services.checklists import load_checklists
from bihuan.safety.services.inspections import answer_item, begin_inspection, end_inspection
from bihuan.safety.services.operations import (
    NewOperation,
    begin_operation,
    end_operation,
    note_operation,
    sign_plan,
    stop_operation,
    write_plan,
)
from bihuan.safety.services.orders import lift_order
from tests.conftest import NOON
from tests.factories import staff
from tests.safety.conftest import establish, of_factory

DAY = timedelta(days=1)


def site(world, **changes):
    fields = {"phase": "主体", "dormitory": True}
    return of_factory(world, name="安置房工地", kind="construction_site", fields=fields, **changes)


def crane(world, place, by="factory", plan="塔吊安装方案 2026-03", **changes):
    given = NewOperation("crane", "二号塔吊安装", local_date(NOON) + DAY, plan, **changes)
    return note_operation(establishment_id=place.pk, given=given, by=world.actor(by), at=NOON)


def act(world, row, deed, by, at=NOON):
    return deed(operation_id=row.pk, by=world.actor(by), at=at)


def test_where_an_operation_stands_is_one_word():
    said = {"begun": False, "ended": False, "stopped": False, "lacking": ()}
    assert stage(**said) == "ready"
    assert stage(**said | {"lacking": ("unit",)}) == "unsigned"
    assert stage(**said | {"begun": True, "stopped": True}) == "stopped"
    assert stage(**said | {"begun": True, "ended": True}) == "ended"


def test_a_crane_erection_without_a_signed_plan_does_not_begin(world):
    row = crane(world, site(world))
    with pytest.raises(MoveBlocked, match=r"operation\.unsigned") as refused:
        act(world, row, begin_operation, "factory")
    assert refused.value.facts["parties"] == ["unit", "department"]
    act(world, row, sign_plan, "factory")
    with pytest.raises(MoveBlocked, match=r"operation\.unsigned"):
        act(world, row, begin_operation, "factory")
    act(world, row, sign_plan, "builder")
    assert act(world, row, begin_operation, "factory").begun_at == NOON
    with pytest.raises(Conflict, match=r"operation\.begun"):
        act(world, row, begin_operation, "factory")
    assert act(world, row, end_operation, "factory").ended_at == NOON
    with pytest.raises(Conflict, match=r"operation\.ended"):
        act(world, row, begin_operation, "factory")


def test_a_crane_erection_found_under_way_without_a_signed_plan_is_stopped_at_once(world):
    place = site(world)
    row = crane(world, place, by="builder", plan="", under_way=True)
    order = row.order
    assert order.lifted_at is None
    assert order.checklist[0]["step"] == "专项施工方案已签字"
    found = operations(by=world.factory, at=NOON)[0]
    assert (found.stage, found.lacking) == ("stopped", ("unit", "department"))
    with pytest.raises(MoveBlocked, match=r"operation\.stopped"):
        act(world, row, begin_operation, "factory")
    with pytest.raises(MoveBlocked, match=r"operation\.stopped"):
        act(world, row, stop_operation, "builder")
    with pytest.raises(MoveBlocked, match=r"stop_order\.steps_open"):
        lift_order(order_id=order.pk, by=world.builder, at=NOON)


def test_another_plan_takes_the_signatures_back(world):
    row = crane(world, site(world), plan="")
    with pytest.raises(Invalid, match=r"operation\.no_plan"):
        act(world, row, sign_plan, "factory")
    write_plan(operation_id=row.pk, plan="方案一", by=world.factory, at=NOON)
    act(world, row, sign_plan, "factory")
    act(world, row, sign_plan, "builder")
    assert operation_row(row, at=NOON).stage == "ready"
    with pytest.raises(Conflict, match=r"operation\.signed"):
        act(world, row, stop_operation, "builder")
    write_plan(operation_id=row.pk, plan="方案二", by=world.factory, at=NOON)
    row.refresh_from_db()
    assert operation_row(row, at=NOON).lacking == ("unit", "department")


def test_nobody_signs_twice_and_strangers_see_nothing(world):
    row = crane(world, site(world))
    act(world, row, sign_plan, "factory")
    for who in ("factory", "county"):  # the county signs as the department's side, once
        if who == "county":
            act(world, row, sign_plan, who)
        with pytest.raises(Conflict, match=r"operation\.party_signed"):
            act(world, row, sign_plan, who)
    with pytest.raises(NotFound):
        act(world, row, sign_plan, "outsider")
    with pytest.raises(Conflict, match=r"operation\.not_begun"):
        act(world, row, end_operation, "factory")
    with pytest.raises(Invalid, match=r"operation\.kind"):
        note_operation(establishment_id=row.establishment_id, by=world.factory, at=NOON,
                       given=NewOperation("moon", "x", local_date(NOON)))  # fmt: skip
    with pytest.raises(NotAllowed):
        crane(world, row.establishment, by="factory", under_way=True)


def test_operations_cost_two_queries_whatever_their_number(world, django_assert_num_queries):
    place = site(world)
    for _number in range(3):
        crane(world, place)
    by = world.builder
    with django_assert_num_queries(2):
        assert len(operations(by=by, at=NOON)) == 3


def look(world, place, by="county", gaps=()):
    checklist = Checklist.objects.get(code="dormitory")
    row = begin_inspection(establishment_id=place.pk, checklist_id=checklist.pk,
                           by=world.actor(by), at=NOON)  # fmt: skip
    hazards = [
        answer_item(inspection_id=row.pk, item=line["code"], by=world.actor(by), at=NOON,
                    answer="gap" if line["code"] in gaps else "fine")
        for line in checklist.items
    ]  # fmt: skip
    end_inspection(inspection_id=row.pk, by=world.actor(by), at=NOON)
    return [one for one in hazards if one is not None]


def test_the_dormitory_check_is_done_once_and_counts_in_both_domains(
    world, django_assert_num_queries
):
    load_checklists(by=SYSTEM, at=NOON)
    staff(world.places["990101"], "cdc", role=Role.EPIDEMIOLOGY, kind="department")
    place = site(world)
    establish(world, name="无宿舍工地", kind="construction_site", fields={"phase": "主体"})
    before = dormitories(by=world.county, at=NOON)
    assert (len(before.rows), before.checked) == (1, 0)
    fire, both, health = look(world, place, gaps=("2", "4", "7"))
    for who in ("county", "cdc", "factory"):
        by = world.actor(who)
        with django_assert_num_queries(2):
            found = dormitories(by=by, at=NOON)
        assert found.checked == 1, who
        (one,) = found.rows
        assert (one.safety.asked, one.safety.gaps) == (5, 2)
        assert (one.epidemic.asked, one.epidemic.gaps) == (5, 2)
    assert fire.brief.domains == [Domain.SAFETY]
    assert both.brief.domains == health.brief.domains == [Domain.SAFETY, Domain.VENUES]
    assert not dormitories(by=world.outsider, at=NOON).rows
    later = dormitories(by=world.county, at=NOON + 31 * DAY)
    assert later.rows[0].overdue
