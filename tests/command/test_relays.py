"""A node answers a relay (M007): every demand, after its own meeting; study counts for nothing."""

import pytest

from bihuan.command import services
from bihuan.command.selectors.reach import measured, nodes
from bihuan.command.selectors.relays import answers
from bihuan.command.selectors.sight import ordered_demands
from bihuan.command.types import DirectiveInput
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services import act
from tests.command.builders import (
    HOUR,
    acknowledged,
    demand,
    directive,
    finish,
    local_task,
    meeting,
    relay_of,
)
from tests.conftest import NOON


@pytest.fixture
def fourteen(world):
    row = directive(world, *(demand(n) for n in range(1, 15)))
    relay = acknowledged(row, world)
    services.record_meeting(given=meeting(relay), by=world.city, at=NOON + HOUR)
    return relay, ordered_demands(row.pk)


def none_here(world, relay, wanted, reason="本市无此类场所"):
    return services.say_none_here(
        relay_id=relay.pk, demand_id=wanted.pk, reason=reason, by=world.city, at=NOON + HOUR
    )


def test_a_plan_that_maps_13_of_14_is_refused_naming_the_missing_one(world, fourteen):
    relay, demands = fourteen
    for wanted in demands[:7]:
        local_task(relay, wanted.pk, world)
    for wanted in demands[7:13]:
        none_here(world, relay, wanted)
    with pytest.raises(MoveBlocked) as refused:
        services.plan_relay(relay_id=relay.pk, by=world.city, at=NOON + HOUR)
    assert refused.value.code == "relay.unmapped"
    assert refused.value.facts["unmapped"] == ["14. 要求14"]
    local_task(relay, demands[13].pk, world)
    relay = services.plan_relay(relay_id=relay.pk, by=world.city, at=NOON + HOUR)
    assert relay.state == "planned"


def test_a_study_session_is_no_decision_and_no_completion(world):
    row = directive(world, demand(1))
    relay = acknowledged(row, world)
    services.record_meeting(given=meeting(relay, form="study"), by=world.city, at=NOON + HOUR)
    none_here(world, relay, ordered_demands(row.pk)[0])
    with pytest.raises(MoveBlocked) as refused:
        services.plan_relay(relay_id=relay.pk, by=world.city, at=NOON + HOUR)
    assert refused.value.code == "relay.no_decision"
    scope = measured(row, by=world.head)
    north = next(n for n in nodes(scope, parent_id=row.place_id, at=NOON) if n.relay_id)
    assert (north.name, north.studied, north.completion) == ("北原市", True, 0.0)


def test_none_here_needs_a_reason_and_is_signed(world, fourteen):
    relay, demands = fourteen
    with pytest.raises(Invalid) as refused:
        none_here(world, relay, demands[0], reason="  ")
    assert refused.value.code == "relay.no_reason"
    none_here(world, relay, demands[0])
    row = answers(relay_id=relay.pk, by=world.city, at=NOON + HOUR)[0]
    assert (row.outcome, row.signed_by) == ("none_here", world.city.name)


def test_a_task_replaces_none_here_and_not_the_other_way_round(world, fourteen):
    relay, demands = fourteen
    none_here(world, relay, demands[0])
    local_task(relay, demands[0].pk, world)
    with pytest.raises(Conflict) as refused:
        none_here(world, relay, demands[0])
    assert refused.value.code == "relay.has_tasks"
    row = answers(relay_id=relay.pk, by=world.city, at=NOON + HOUR)[0]
    assert (row.outcome, len(row.tasks)) == ("tasks", 1)


def test_only_the_node_that_owes_the_relay_answers_it(world, fourteen):
    relay, demands = fourteen
    with pytest.raises(MoveBlocked):
        services.say_none_here(relay_id=relay.pk, demand_id=demands[0].pk, reason="无",
                               by=world.head, at=NOON + HOUR)  # fmt: skip
    with pytest.raises(NotFound):
        services.say_none_here(relay_id=relay.pk, demand_id=demands[0].pk, reason="无",
                               by=world.outsider, at=NOON + HOUR)  # fmt: skip


def test_nothing_is_mapped_before_the_relay_was_acknowledged(world):
    row = directive(world)
    relay = relay_of(row, world)
    with pytest.raises(Conflict) as refused:
        local_task(relay, ordered_demands(row.pk)[0].pk, world)
    assert refused.value.code == "directive.relay_state"


def test_a_demand_sent_directly_needs_no_answer_of_those_between(world):
    row = directive(world, demand(1), demand(2, direct_level="township"))
    relay = acknowledged(row, world)
    services.record_meeting(given=meeting(relay, form="decision"), by=world.city, at=NOON + HOUR)
    none_here(world, relay, ordered_demands(row.pk)[0])
    relay = services.plan_relay(relay_id=relay.pk, by=world.city, at=NOON + HOUR)
    assert relay.state == "planned"


def test_handing_down_answers_demands_and_keeps_the_cascade(world):
    row = directive(world, demand(1))
    relay = acknowledged(row, world)
    upper = ordered_demands(row.pk)[0]
    down = services.issue_directive(
        given=DirectiveInput(
            title="市里部署", demands=(demand(1, upper_id=upper.brief_id),), relay_id=relay.pk,
            place_ids=(world.places["990101"].pk,), meeting=meeting(relay),
        ),
        by=world.city, at=NOON + HOUR,
    )  # fmt: skip
    child = relay_of(down, world, "county")
    assert (child.parent_id, child.origin) == (relay.pk, row.origin)
    services.plan_relay(relay_id=relay.pk, by=world.city, at=NOON + HOUR)
    with pytest.raises(MoveBlocked) as refused:
        act(obligation_id=relay.pk, move="prove", by=world.city, at=NOON + HOUR)
    assert refused.value.code == "loop.parts_open"


def test_a_relay_goes_all_the_way_to_closed(world):
    row = directive(world, demand(1))
    relay = acknowledged(row, world)
    task = local_task(relay, ordered_demands(row.pk)[0].pk, world)
    services.record_meeting(given=meeting(relay), by=world.city, at=NOON + HOUR)
    services.plan_relay(relay_id=relay.pk, by=world.city, at=NOON + HOUR)
    finish(task, world, owner="clerk", by="mayor", at=NOON + 2 * HOUR)
    act(obligation_id=relay.pk, move="prove", by=world.city, at=NOON + 2 * HOUR)
    act(obligation_id=relay.pk, move="accept", by=world.head, at=NOON + 3 * HOUR)
    assert not Obligation.objects.filter(origin=row.origin, closed_at=None).exists()


def test_reading_is_confirmed_once_a_person(world):
    row = directive(world)
    first = services.confirm_read(directive_id=row.pk, by=world.city, at=NOON)
    again = services.confirm_read(directive_id=row.pk, by=world.city, at=NOON + HOUR)
    assert (again.pk, again.read_at) == (first.pk, NOON)


def test_an_answered_relay_is_due_with_the_last_of_its_tasks(world):
    row = directive(world, demand(1), demand(2))
    relay = acknowledged(row, world)
    services.record_meeting(given=meeting(relay), by=world.city, at=NOON + HOUR)
    works = [local_task(relay, wanted.pk, world) for wanted in ordered_demands(row.pk)]
    answered_by = relay.due_at
    relay = services.plan_relay(relay_id=relay.pk, by=world.city, at=NOON + HOUR)
    last = max(work.due_at for work in works)
    assert (relay.due_at, relay.due_rule) == (max(last, answered_by), "parts")
