"""A task for several organisations: one leads, the others support (M019)."""

import pytest
from django.db import IntegrityError, transaction

from bihuan.core.errors import Invalid, MoveBlocked, NotAllowed
from bihuan.core.evidence.services import Made, add_statement
from bihuan.core.loops.models import JointPart, Obligation
from bihuan.core.loops.selectors import loop_detail
from bihuan.core.loops.services import act, issue_joint
from bihuan.core.loops.types import Share
from tests.conftest import NOON
from tests.factories import brief, build_world


@pytest.fixture
def world(db):
    return build_world(NOON)


def joint(world, *shares, by="head"):
    demand = brief(world.places[{"head": "99", "city": "9901"}[by]], NOON)
    wanted = [Share(world.actor(name).post_id, part) for name, part in shares]
    return issue_joint(brief=demand, shares=wanted, by=world.actor(by), at=NOON)


def prove(world, row, owner):
    by = world.actor(owner)
    add_statement(subject=row.subject, scope=row.scope, kind="statement",
                  made=Made(NOON, text="已完成"), by=by, at=NOON)  # fmt: skip
    return act(obligation_id=row.pk, move="prove", by=by, at=NOON)


@pytest.mark.parametrize(
    ("shares", "code"),
    [
        ([("builder", "support"), ("airport", "support")], "joint.no_lead"),
        ([("builder", "lead"), ("airport", "lead")], "joint.two_leads"),
        ([("builder", "lead"), ("builder", "support")], "joint.twice"),
    ],
)
def test_a_joint_task_with_no_or_two_leads_is_refused(world, shares, code):
    with pytest.raises(Invalid) as refused:
        joint(world, *shares)
    assert refused.value.code == code
    assert not Obligation.objects.exists()


def test_a_joint_task_is_done_only_when_every_part_of_it_is(world):
    lead = joint(world, ("builder", "lead"), ("airport", "support"), ("city", "support"),
                 ("county", "support"))  # fmt: skip
    owners = {"airport": None, "city": None, "county": None}
    for name in owners:
        owners[name] = Obligation.objects.get(owner_post=world.actor(name).post_id)
    for name, part in owners.items():
        with pytest.raises(MoveBlocked) as blocked:
            prove(world, lead, "builder")
        assert blocked.value.code == "loop.parts_open"
        prove(world, part, name)
        act(obligation_id=part.pk, move="accept", by=world.head, at=NOON)
    assert prove(world, lead, "builder").state == "submitted"
    assert act(obligation_id=lead.pk, move="accept", by=world.head, at=NOON).state == "closed"


def test_every_party_sees_the_others_and_who_has_not_answered(world):
    lead = joint(world, ("builder", "lead"), ("airport", "support"), ("city", "support"))
    part = Obligation.objects.get(owner_post=world.actor("city").post_id)
    act(obligation_id=part.pk, move="acknowledge", by=world.city, at=NOON)
    for reader, shown in (("builder", lead.pk), ("city", part.pk)):
        found = loop_detail(obligation_id=shown, by=world.actor(reader), at=NOON).joint
        assert [row.part for row in found] == ["lead", "support", "support"]
        assert {row.org for row in found if not row.answered} == {
            "云岭省department", "云岭省central",
        }  # fmt: skip
        assert [row.task_id for row in found if row.mine] == [shown]


def test_a_task_that_nobody_supports_is_a_task_like_any_other(world):
    row = joint(world, ("builder", "lead"))
    assert not JointPart.objects.exists()
    assert loop_detail(obligation_id=row.pk, by=world.builder, at=NOON).joint == ()


def test_no_city_draws_a_central_unit_into_its_joint_task(world):
    with pytest.raises(NotAllowed):
        joint(world, ("city", "lead"), ("airport", "support"), by="city")
    assert not Obligation.objects.exists()


def test_the_database_itself_knows_one_lead_alone(world):
    lead = joint(world, ("builder", "lead"), ("city", "support"))
    part = Obligation.objects.get(owner_post=world.actor("city").post_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        JointPart.objects.filter(task=part).update(part="lead")
    assert JointPart.objects.filter(lead=lead, part="lead").count() == 1
