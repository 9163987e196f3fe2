"""Reading cascades: sight, depth and breadth, missing nodes, repeats, ledgers, query counts."""

import pytest

from bihuan.command import services
from bihuan.command.selectors.demands import citing, demand_rows, ledger
from bihuan.command.selectors.directives import directive_list, meeting_list
from bihuan.command.selectors.reach import level_reach, measured, missing, nodes
from bihuan.command.selectors.sight import fetch_directive, ordered_demands
from bihuan.command.types import DirectiveInput
from bihuan.core.errors import NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.selectors import why
from bihuan.core.loops.services import act
from bihuan.core.orgs.models import Org
from bihuan.core.places.models import Place
from tests.command.builders import (
    HOUR,
    acknowledged,
    demand,
    directive,
    finish,
    local_task,
    meeting,
)
from tests.conftest import NOON


@pytest.fixture
def cascade(world):
    """Province → north and south; north hands down to harbour, harbour to its townships."""
    row = directive(world, demand(1), to=("9901", "9902"))
    uppers = row
    for who, below in (("city", ("990101",)), ("county", ("990101001", "990101002"))):
        relay = acknowledged(uppers, world, who)
        upper = ordered_demands(uppers.pk)[0]
        uppers = services.issue_directive(
            given=DirectiveInput(
                title=f"{who}部署", demands=(demand(1, upper_id=upper.brief_id),),
                relay_id=relay.pk, place_ids=tuple(world.places[c].pk for c in below),
                meeting=meeting(relay),
            ),
            by=world.actor(who), at=NOON + HOUR,
        )  # fmt: skip
        services.plan_relay(relay_id=relay.pk, by=world.actor(who), at=NOON + HOUR)
    return row, uppers


def test_depth_and_breadth_name_the_missing_places(world, cascade):
    row, _ = cascade
    scope = measured(row, by=world.head)
    found = {r.level: (r.places, r.reached, r.acknowledged, r.planned) for r in level_reach(scope)}
    assert found == {"city": (2, 2, 1, 1), "county": (3, 1, 1, 1), "township": (2, 2, 0, 0)}
    assert [m.name for m in missing(scope, level="county", step="reached")] == ["丘山县", "林口县"]
    assert [m.name for m in missing(scope, level="city", step="planned")] == ["南渡市"]


def test_a_place_that_owes_a_task_alone_has_nothing_to_hand_down(world):
    row = directive(world, demand(1, direct_level="township"), to=("9901",))
    scope = measured(row, by=world.head)
    assert [m.name for m in missing(scope, level="township", step="planned")][:1] == ["码头镇"]
    mine = Obligation.objects.get(flow="task", owner_post=world.actor("township").post_id)
    act(obligation_id=mine.pk, move="acknowledge", by=world.actor("township"), at=NOON)
    assert "码头镇" not in [m.name for m in missing(scope, level="township", step="planned")]


def test_one_demand_is_measured_alone(world, cascade):
    row, _ = cascade
    other = directive(world, demand(9), to=("9902",))
    wanted = ordered_demands(row.pk)[0]
    scope = measured(row, by=world.head, demand=wanted)
    assert [(r.level, r.reached) for r in level_reach(scope)] == [
        ("city", 2), ("county", 1), ("township", 2),
    ]  # fmt: skip
    alone = measured(other, by=world.head, demand=ordered_demands(other.pk)[0])
    assert [(r.level, r.reached) for r in level_reach(alone)] == [("city", 1)]


def test_the_tree_shows_a_subtree_in_three_queries(world, cascade, django_assert_num_queries):
    row, _ = cascade
    scope = measured(row, by=world.head)
    with django_assert_num_queries(3):
        rows = nodes(scope, parent_id=row.place_id, at=NOON + HOUR)
    assert [(n.name, n.state, n.reached_below) for n in rows] == [
        ("北原市", "planned", 3), ("南渡市", "issued", 0),
    ]  # fmt: skip


def test_a_lower_node_looks_over_its_own_part_alone(world, cascade):
    row, _ = cascade
    scope = measured(row, by=world.city)
    assert [(r.level, r.places) for r in level_reach(scope)][:2] == [("city", 1), ("county", 2)]
    with pytest.raises(NotFound):
        nodes(scope, parent_id=Place.objects.get(code="99").pk, at=NOON)


def test_a_directive_is_seen_by_issuer_and_receivers_and_nobody_else(world, cascade):
    row, lowest = cascade
    for who in ("head", "governor", "city", "mayor", "county", "township", "outsider"):
        assert fetch_directive(directive_id=row.pk, by=world.actor(who)) == row
    for who in ("outsider", "county2", "auditor", "admin", "builder", "factory"):
        with pytest.raises(NotFound):
            fetch_directive(directive_id=lowest.pk, by=world.actor(who))
    assert fetch_directive(directive_id=lowest.pk, by=world.township2) == lowest


def test_the_list_counts_what_the_post_sees(world, cascade, django_assert_num_queries):
    head = world.head
    with django_assert_num_queries(4):
        rows, more = directive_list(by=head, at=NOON + HOUR)
    assert (len(rows), more) == (3, "")
    top = rows[-1]
    assert (top.nodes, top.answered, top.stage) == (2, 1, "open")
    received, _ = directive_list(by=world.city, at=NOON, side="received")
    assert [r.mine_relay_id is not None for r in received] == [True]
    page, more = directive_list(by=world.head, at=NOON, size=2)
    rest, _ = directive_list(by=world.head, at=NOON, size=2, after=more)
    assert len(page + rest) == 3


def test_why_leads_from_the_township_to_the_province(world, cascade):
    _, lowest = cascade
    lines = why(brief_id=ordered_demands(lowest.pk)[0].brief_id)
    assert [line.place for line in lines] == ["港城县", "北原市", "云岭省"]
    assert lines[-1].local


def test_a_new_edition_lists_every_plan_that_cites_the_old_one(world):
    old = "联防联控机制〔2022〕71号"
    row = directive(world, demand(1, basis=old), demand(2))
    relay = acknowledged(row, world)
    local_task(relay, ordered_demands(row.pk)[0].pk, world, title="市里的方案", basis=old)
    seen = [(c.place, c.title) for c in citing(basis="〔2022〕71号", by=world.head)]
    assert seen == [("云岭省", "要求1"), ("北原市", "市里的方案")]
    assert [c.place for c in citing(basis=old, by=world.city)] == ["北原市"]
    assert citing(basis=old, by=world.outsider) == citing(basis=" ", by=world.head) == []


def test_progress_counts_work_however_deep(world):
    row = directive(world, demand(1))
    relay = acknowledged(row, world)
    wanted = ordered_demands(row.pk)[0]
    task = local_task(relay, wanted.pk, world)
    local_task(relay, wanted.pk, world, owner="deputy")
    finish(task, world, owner="clerk", by="mayor", at=NOON + 2 * HOUR)
    done = demand_rows(directive_id=row.pk, path=row.scope, at=NOON + 2 * HOUR)[0].progress
    assert (done.tasks, done.closed, done.share) == (2, 1, 0.5)


def test_a_repeated_demand_shows_the_state_of_the_first_issue(world):
    first = ordered_demands(directive(world, demand(1)).pk)[0]
    again = directive(world, demand(2, repeats_id=first.brief_id), at=NOON + 2 * HOUR)
    row = demand_rows(directive_id=again.pk, path=again.scope, at=NOON + 3 * HOUR)[0]
    assert (row.repeats.title, row.repeats.unfinished) == ("要求1", True)


def test_a_joint_session_keeps_one_ledger_a_body_and_one_attendance_list(world):
    place = world.places["99"]
    office = Org.objects.get(place=place, kind="headquarters")
    committee = Org.objects.create(
        kind="safety_committee", name="省安委会", place=place, scope=place.path,
        valid_from=office.valid_from,
    )  # fmt: skip
    epidemic = [demand(n, domain="testing") for n in range(1, 5)]
    safety = [demand(n, domain="work-safety") for n in range(5, 8)]
    directive(
        world, *epidemic, *safety,
        meeting=meeting(body_ids=(office.pk, committee.pk), chair="王某", attendees=("甲", "乙"),
                        attendees_complete=False),
    )  # fmt: skip
    rows, _ = meeting_list(by=world.head)
    assert [(r.attendees, r.attendees_complete, len(r.bodies)) for r in rows] == [(2, False, 2)]
    books = {b: ledger(body_id=b.pk, by=world.head, at=NOON) for b in (office, committee)}
    assert [d.title for d in reversed(books[office])] == ["要求1", "要求2", "要求3", "要求4"]
    assert [d.body_number for d in reversed(books[committee])] == ["1", "2", "3"]
