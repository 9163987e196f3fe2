"""A special inspection of civil aviation: six units through the province node, results by airport."""

from datetime import UTC, date, datetime

import pytest

from bihuan.core.audit.services import SYSTEM
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.models import Org
from bihuan.safety.models import Checklist, Establishment
from bihuan.safety.rules.specials import UnitResult, grouped
from bihuan.safety.selectors.inspections import campaign_figures
from bihuan.safety.selectors.specials import nameable, special
from bihuan.safety.services.checklists import load_checklists
from bihuan.safety.services.inspections import answer_item, begin_inspection, end_inspection
from bihuan.safety.services.specials import NewSpecial, open_special
from tests.conftest import NOON
from tests.factories import staff
from tests.safety.conftest import establish

OPENED = datetime(2026, 3, 29, 1, tzinfo=UTC)
UNITS = (("北原机场", "机场集团"), ("北原机场", "云岭航空"), ("北原机场", "空管站"),
         ("南渡机场", "机场集团"), ("南渡机场", "云岭航空"), ("南渡机场", "通航公司"))  # fmt: skip


@pytest.fixture
def units(world):
    load_checklists(by=SYSTEM, at=NOON)
    org = Org.objects.get(kind="central")
    return [
        establish(world, name=f"{airport}{operator}", kind="aviation_unit", by="head", code="99",
                  unit_id=org.pk, fields={"airport": airport, "operator": operator})
        for airport, operator in UNITS
    ]  # fmt: skip


def opened(world, units, by="head", **changes):
    given = {"title": "民航领域安全大检查", "starts": date(2026, 3, 29), "ends": date(2026, 4, 30),
             "establishment_ids": tuple(one.pk for one in units)} | changes  # fmt: skip
    return open_special(given=NewSpecial(**given), by=world.actor(by), at=OPENED)


def look(world, place, campaign=None, by="airport", gaps=()):
    checklist = Checklist.objects.get(code="aviation")
    ask = {"by": world.actor(by), "at": OPENED}
    row = begin_inspection(establishment_id=place.pk, checklist_id=checklist.pk,
                           campaign_id=campaign and campaign.pk, **ask)  # fmt: skip
    for line in checklist.items:
        answer = "gap" if line["code"] in gaps else "fine"
        answer_item(inspection_id=row.pk, item=line["code"], answer=answer, **ask)
    end_inspection(inspection_id=row.pk, **ask)


def test_groups_add_up_and_the_one_with_most_open_comes_first():
    one, two = UnitResult("a", True, 2, 1), UnitResult("b", False, 0, 0)
    first, second = grouped([("南", two), ("北", one), ("北", two)])
    assert (first.name, first.units, first.done, first.found, first.open) == ("北", 2, 1, 2, 1)
    assert second.name == "南"


def test_six_units_get_their_tasks_through_the_province_node_and_3_findings_are_open(
    world, units, django_assert_num_queries
):
    row = opened(world, units)
    tasks = Obligation.objects.filter(origin=f"campaign:{row.pk}", parent__isnull=False)
    assert tasks.count() == 6
    assert {one.parent.owner_post_id for one in tasks} == {world.head.post_id}
    assert {one.owner_post_id for one in tasks} == {world.airport.post_id}
    for number, place in enumerate(units):
        look(world, place, gaps={0: ("1",), 3: ("1", "2")}.get(number, ()))
    figures = campaign_figures(row, by=world.head, at=OPENED)
    assert (figures.ungraded, row.total) == (3, 6)
    with django_assert_num_queries(2):
        found = special(row, at=OPENED)
    assert (found.done, len(found.units)) == (6, 6)
    assert len(found.open) == 3
    assert all(one.obligation.due_at > OPENED for one in found.open)
    (by_airport, airports), (_by, operators) = found.groups
    assert by_airport["title"] == "机场"
    assert [(one.name, one.done, one.open) for one in airports] == [
        ("南渡机场", 3, 2), ("北原机场", 3, 1),
    ]  # fmt: skip
    assert (operators[0].name, operators[0].units, operators[0].open) == ("机场集团", 2, 3)
    assert {one.unit.task.state for one in special(row, at=OPENED).units} == {"submitted"}


def test_a_look_of_the_authority_is_a_result_too_and_leaves_the_proving_to_the_unit(world, units):
    row = opened(world, units[:1])
    look(world, units[0], row, by="head")
    (one,) = special(row, at=OPENED).units
    assert one.result.done
    assert one.unit.task.state == "issued"


def test_no_city_orders_a_national_unit_and_wrong_units_are_refused(world, units):
    assert [one.pk for one in nameable(by=world.head)] == [one.pk for one in units]
    assert not nameable(by=world.city)
    with pytest.raises(NotFound):
        opened(world, units, by="city")
    staff(world.places["99"], "metro", role="unit", kind="unit")
    own = establish(world, name="市属公司", kind="workshop", by="head", code="99")
    with pytest.raises(Invalid, match=r"special\.sectors"):
        opened(world, [*units, own])
    Establishment.objects.filter(pk=own.pk).update(sector="aviation")
    with pytest.raises(NotAllowed, match=r"unit\.attached"):
        opened(world, [*units, own])
    with pytest.raises(Invalid, match=r"special\.units"):
        opened(world, [])
    with pytest.raises(Invalid, match=r"campaign\.period"):
        opened(world, units, ends=date(2026, 3, 1))
    with pytest.raises(NotAllowed):
        opened(world, units, by="township")


def test_a_place_that_is_not_named_is_no_part_of_it(world, units):
    row = opened(world, units[:5])
    with pytest.raises(Conflict, match=r"inspection\.campaign"):
        look(world, units[5], row, by="head")
