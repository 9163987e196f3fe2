"""Issuing a directive: who owes what, what is refused, and that repeating changes nothing."""

from datetime import timedelta

import pytest

from bihuan.command import services
from bihuan.command.models import Directive
from bihuan.command.selectors.demands import demand_rows
from bihuan.command.types import DirectiveInput
from bihuan.core.audit.models import Entry
from bihuan.core.errors import Invalid, NotAllowed
from bihuan.core.loops.models import Notice, Obligation
from bihuan.core.orgs.models import Post
from tests.command.builders import HOUR, demand, directive, relay_of
from tests.conftest import NOON


def test_each_chosen_child_node_gets_one_relay_due_in_24_hours(world):
    row = directive(world, *(demand(n) for n in range(14)), to=("9901", "9902"))
    relays = Obligation.objects.filter(brief=row.brief)
    assert [relay.owner_post_id for relay in relays.order_by("scope")] == [
        world.city.post_id, world.outsider.post_id,
    ]  # fmt: skip
    assert {(r.flow, r.state, r.due_at - r.opened_at, r.origin) for r in relays} == {
        ("relay", "issued", timedelta(hours=24), f"directive:{row.pk}"),
    }  # fmt: skip
    assert Entry.objects.filter(action="directive.issue", subject=row.subject).count() == 1


def test_sending_again_opens_nothing_twice(world):
    row = directive(world, demand(1, owner_post_id=world.builder.post_id),
                    demand(2, direct_level="township"))  # fmt: skip
    Directive.objects.filter(pk=row.pk).update(sent_at=None)  # as if the worker had died
    before = Obligation.objects.count()
    services.send_directive(directive_id=row.pk, by=world.head, at=NOON + HOUR)
    assert Obligation.objects.count() == before


def test_a_demand_with_an_owner_is_a_task_beside_the_relay(world):
    row = directive(world, demand(1, owner_post_id=world.builder.post_id))
    task = Obligation.objects.get(flow="task")
    assert (task.owner_post_id, task.origin) == (world.builder.post_id, row.origin)


def test_an_urgent_demand_reaches_a_level_in_one_hop_and_those_between_see_it_at_once(world):
    row = directive(world, demand(1, direct_level="township"), to=())
    tasks = Obligation.objects.filter(origin=row.origin)
    assert {task.place.code for task in tasks} == {"990101001", "990101002"}
    assert {task.flow for task in tasks} == {"task"}
    copies = Notice.objects.filter(kind="relay.copy")
    told = Post.objects.filter(pk__in=copies.values("post")).values_list("place__code", flat=True)
    assert sorted(told) == ["9901", "990101", "990102", "9902"]
    assert {copy.at for copy in copies} == {task.opened_at for task in tasks}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": " "}, "directive.no_title"),
        ({"demands": ()}, "directive.no_demand"),
        ({"place_ids": ()}, "directive.nobody"),
        ({"demands": (demand(1, direct_level="province"),)}, "demand.not_direct_level"),
        ({"demands": (demand(1, direct_level="city", criterion=""),)}, "demand.no_criterion"),
        ({"demands": (demand(1, due_at=NOON - HOUR),)}, "task.due_past"),
        ({"demands": (demand(1, upper_id=1),)}, "demand.upper_foreign"),
    ],
)
def test_what_is_not_ready_is_refused_and_nothing_is_written(world, changes, code):
    good = {"title": "部署", "demands": (demand(1),), "place_ids": (world.places["9901"].pk,)}
    with pytest.raises(Invalid) as refused:
        services.issue_directive(
            given=DirectiveInput(**good | changes), by=world.head, at=NOON
        )  # fmt: skip
    assert refused.value.code == code
    assert not Directive.objects.exists()
    services.issue_directive(given=DirectiveInput(**good), by=world.head, at=NOON)


def test_only_own_child_nodes_may_be_chosen(world):
    with pytest.raises(Invalid) as refused:
        directive(world, to=("990101",))
    assert refused.value.code == "directive.not_child"


def test_an_owner_outside_the_place_is_refused(world):
    with pytest.raises(Invalid) as refused:
        directive(world, demand(1, owner_post_id=world.outsider.post_id), by="city",
                  to=("990101",))  # fmt: skip
    assert refused.value.code == "demand.owner_outside"


def test_a_post_without_the_duty_may_not_issue(world):
    with pytest.raises(NotAllowed):
        directive(world, by="inspector")


def test_the_preview_counts_what_the_issue_then_opens(world):
    given = DirectiveInput(
        title="部署",
        demands=(demand(1, owner_post_id=world.builder.post_id), demand(2, direct_level="county")),
        place_ids=(world.places["9901"].pk, world.places["9902"].pk),
    )
    shown = services.preview(given=given, by=world.head)
    assert (shown.relays, shown.own_tasks, shown.direct_tasks) == (2, 1, 2)
    services.issue_directive(given=given, by=world.head, at=NOON)
    assert Obligation.objects.count() == shown.total


def test_the_number_is_kind_year_and_serial(world):
    row = directive(world)
    assert row.number == f"ZL-2026-{row.pk:06d}"
    assert relay_of(row, world).number.startswith("CD-2026-")


def test_a_demand_with_several_parties_makes_the_lead_and_its_supporters(world):
    head, lead = world.head, world.builder
    supports = (world.airport.post_id, world.city.post_id)
    row = directive(world, demand(owner_post_id=lead.post_id, support_post_ids=supports))
    task = Obligation.objects.get(flow="task", owner_post=lead.post_id)
    parts = Obligation.objects.filter(parent=task)
    assert {part.owner_post_id for part in parts} == set(supports)
    assert {part.brief.upper_id for part in parts} == {task.brief_id}
    assert {part.origin for part in parts} == {row.origin}
    shown = demand_rows(directive_id=row.pk, path=head.scope, at=NOON)[0]
    assert (shown.owner, len(shown.supports), shown.progress.tasks) == (lead.post_title, 2, 3)


def test_supporters_without_a_lead_are_refused_before_anything_is_written(world):
    with pytest.raises(Invalid) as refused:
        directive(world, demand(support_post_ids=(world.city.post_id,)))
    assert refused.value.code == "joint.no_lead"
    assert not Directive.objects.exists()
