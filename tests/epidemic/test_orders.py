"""Control orders: the smallest area, a second person, an end that comes by itself, appeals."""

from datetime import timedelta

import pytest

from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.epidemic.models import ControlOrder
from bihuan.epidemic.selectors.orders import (
    appeal_by_code,
    graded_on,
    order_row,
    order_rows,
    public_orders,
)
from bihuan.epidemic.services.orders import (
    answer_appeal,
    appeal,
    draft_order,
    lift_order,
    sign_order,
)
from tests.epidemic.conftest import draft


@pytest.fixture
def order(world, event, at):
    row = draft_order(given=draft(world, event, at), by=world.cdc, at=at)
    return sign_order(order_id=row.pk, by=world.mayor, at=at)


def test_an_order_lapses_at_its_end_without_any_act(order, world):
    (seen,) = public_orders(at=order.ends_at - timedelta(seconds=1))
    assert seen.person_days == 120 * 7
    assert public_orders(at=order.ends_at) == ()
    assert order_row(order, order.ends_at).state == "lapsed"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"services": ("food",)}, "order.services"),
        ({"days": 0}, "order.days"), ({"days": 30}, "order.days"),
        ({"help_line": ""}, "order.incomplete"), ({"exceptions": " "}, "order.incomplete"),
        ({"reason": ""}, "order.incomplete"), ({"measures": ("weld_the_door",)}, "order.measures"),
        ({"measures": ()}, "order.measures"), ({"level": "purple"}, "order.level"),
        ({"unit": "city"}, "order.unit"), ({"larger_reason": ""}, "order.larger"),
    ],
)  # fmt: skip
def test_an_order_that_is_not_whole_is_not_written(world, event, at, change, code):
    with pytest.raises(Invalid, match=code):
        draft_order(given=draft(world, event, at, **change), by=world.cdc, at=at)
    assert not ControlOrder.objects.exists()


def test_whoever_drafted_does_not_sign_and_a_larger_area_goes_one_level_higher(world, event, at):
    row = draft_order(given=draft(world, event, at), by=world.cdc, at=at)
    with pytest.raises(NotAllowed):
        sign_order(order_id=row.pk, by=world.cdc, at=at)
    with pytest.raises(MoveBlocked, match=r"order.higher"):
        sign_order(order_id=row.pk, by=replaced(world, at), at=at)
    assert sign_order(order_id=row.pk, by=world.mayor, at=at).signed_at == at
    with pytest.raises(Conflict, match=r"order.signed"):
        sign_order(order_id=row.pk, by=world.deputy, at=at)


def replaced(world, at):
    """A principal of the county."""
    from bihuan.core.orgs.types import Role
    from tests.factories import staff

    staff(world.places["990101"], "magistrate", role=Role.COMMANDER, kind="headquarters")
    return world.actor("magistrate")


def test_the_smallest_area_is_signed_by_the_county(world, event, at):
    small = draft(world, event, at, unit="household", larger_reason="", area="3 栋 201 室")
    row = draft_order(given=small, by=world.cdc, at=at)
    assert sign_order(order_id=row.pk, by=replaced(world, at), at=at).signed_at == at


def test_an_act_is_judged_by_the_list_of_its_own_day(order, world, at):
    today = local_date(at)
    assert graded_on(world.county.scope, today) == ()
    assert len(graded_on(world.county.scope, today + timedelta(days=1))) == 1
    lift_order(order_id=order.pk, by=world.mayor, at=at + timedelta(days=2))
    assert len(graded_on(world.county.scope, today + timedelta(days=1))) == 1
    assert graded_on(world.county.scope, today + timedelta(days=3)) == ()


def test_an_appeal_has_a_day_and_is_answered_by_somebody_not_involved(order, world, at):
    asked = appeal(order_id=order.pk, text="母亲需每周透析", at=at)
    assert asked.due_at == at + timedelta(hours=24)
    told = {"appeal_id": asked.pk, "granted": True, "answer": "准予专车接送", "at": at}
    with pytest.raises(Conflict, match=r"appeal.involved"):
        answer_appeal(**told, by=world.mayor)
    answer_appeal(**told, by=world.city)
    assert appeal_by_code(asked.code.lower()).granted
    with pytest.raises(Conflict, match=r"appeal.answered"):
        answer_appeal(**told, by=world.deputy)


def test_nobody_appeals_what_is_not_in_force(order, at):
    with pytest.raises(NotFound):
        appeal(order_id=order.pk, text="已经结束", at=order.ends_at)


@pytest.mark.parametrize("name", ["police", "factory", "cdc_hill", "outsider"])
def test_drafts_are_not_for_enforcement_units_or_neighbours(world, event, at, name):
    draft_order(given=draft(world, event, at), by=world.cdc, at=at)
    assert order_rows(by=world.actor(name), at=at) == ()


def test_an_order_longer_than_the_zone_rule_is_blocked_at_signing(world, event, at):
    row = draft_order(given=draft(world, event, at, days=14), by=world.cdc, at=at)
    ControlOrder.objects.filter(pk=row.pk).update(ends_at=row.ends_at + timedelta(days=3))
    with pytest.raises(MoveBlocked, match=r"order.blocked"):
        sign_order(order_id=row.pk, by=world.mayor, at=at)
