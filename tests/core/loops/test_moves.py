"""Every move of a task: allowed, wrong state, missing duty, missing need, stale."""

from datetime import timedelta

import pytest

from bihuan.core.audit.models import Entry
from bihuan.core.errors import MoveBlocked, NoSuchMove, NotAllowed, NotFound, Stale
from bihuan.core.evidence.services import Made, add_statement
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.selectors import verdicts
from bihuan.core.loops.services import act, act_on_many, tick
from bihuan.core.loops.types import MoveInput
from tests.conftest import NOON
from tests.factories import World, build_world, task

HOUR = timedelta(hours=1)


@pytest.fixture
def world(db):
    return build_world(NOON)


def prove(world: World, row: Obligation, who: str, at=NOON + HOUR) -> Obligation:
    by = world.actor(who)
    add_statement(
        subject=row.subject,
        scope=row.scope,
        kind="reading",
        made=Made(at, quantity=12.0, measure="处"),
        by=by,
        at=at,
    )
    return act(obligation_id=row.pk, move="prove", by=by, at=at)


def test_a_task_is_acknowledged_proven_accepted_and_closed(world):
    row = task(world)
    act(obligation_id=row.pk, move="acknowledge", by=world.city, at=NOON + HOUR)
    prove(world, row, "city")
    row = act(obligation_id=row.pk, move="accept", by=world.head, at=NOON + 2 * HOUR)
    assert (row.state, row.closed_at, row.version) == ("closed", NOON + 2 * HOUR, 3)
    moves = (
        Entry.objects.filter(subject=row.subject).order_by("id").values_list("action", flat=True)
    )
    assert list(moves) == [
        "task.issue",
        "task.acknowledge",
        "evidence.add",
        "task.prove",
        "task.accept",
    ]


def test_nothing_is_proven_without_evidence(world):
    row = task(world)
    with pytest.raises(MoveBlocked) as refused:
        act(obligation_id=row.pk, move="prove", by=world.city, at=NOON + HOUR)
    assert refused.value.code == "loop.no_evidence"


def test_whoever_submitted_may_not_accept(world):
    row = prove(world, task(world, owner="clerk", by="city"), "city")
    with pytest.raises(MoveBlocked) as refused:
        act(obligation_id=row.pk, move="accept", by=world.city, at=NOON + HOUR)
    assert refused.value.code == "loop.same_person"
    act(obligation_id=row.pk, move="accept", by=world.clerk, at=NOON + HOUR)


def test_only_the_issuer_accepts(world):
    row = prove(world, task(world, owner="county", by="city"), "county")
    with pytest.raises(NotFound):
        act(obligation_id=row.pk, move="accept", by=world.outsider, at=NOON + HOUR)
    with pytest.raises(MoveBlocked) as refused:
        act(obligation_id=row.pk, move="accept", by=world.county, at=NOON + HOUR)
    assert refused.value.code == "loop.not_issuer"


def test_a_post_without_the_duty_learns_nothing_else(world):
    row = task(world, owner="factory", by="county")
    with pytest.raises(NotAllowed):
        act(obligation_id=row.pk, move="extend", by=world.factory, at=NOON + HOUR)


def test_a_move_from_the_wrong_state_does_not_exist(world):
    row = task(world)
    with pytest.raises(NoSuchMove):
        act(obligation_id=row.pk, move="accept", by=world.head, at=NOON + HOUR)


def test_a_stale_move_changes_nothing(world):
    row = task(world)
    act(obligation_id=row.pk, move="acknowledge", by=world.city, at=NOON, version=0)
    with pytest.raises(Stale):
        act(
            obligation_id=row.pk,
            move="ask_withdraw",
            by=world.city,
            at=NOON,
            version=0,
            given=MoveInput(note="重复"),
        )


def test_a_return_needs_a_reason_and_counts(world):
    row = prove(world, task(world), "city")
    with pytest.raises(MoveBlocked):
        act(obligation_id=row.pk, move="return", by=world.head, at=NOON + HOUR)
    row = act(
        obligation_id=row.pk,
        move="return",
        by=world.head,
        at=NOON + HOUR,
        given=MoveInput(note="缺照片"),
    )
    assert (row.state, row.returns) == ("returned", 1)


def test_a_withdrawal_takes_two_persons(world):
    row = task(world)
    given = MoveInput(note="与另一任务重复")
    act(obligation_id=row.pk, move="ask_withdraw", by=world.head, at=NOON, given=given)
    with pytest.raises(MoveBlocked) as refused:
        act(obligation_id=row.pk, move="confirm_withdraw", by=world.head, at=NOON)
    assert refused.value.code == "loop.same_person"
    row = act(obligation_id=row.pk, move="confirm_withdraw", by=world.governor, at=NOON + HOUR)
    assert row.state == "withdrawn"


def test_a_pause_ends_by_itself_and_gives_back_the_time_that_was_left(world):
    row = task(world, due=NOON + 10 * HOUR)
    given = MoveInput(note="台风停航", until=NOON + 24 * HOUR)
    act(obligation_id=row.pk, move="pause", by=world.head, at=NOON + HOUR, given=given)
    assert tick(at=NOON + 12 * HOUR).marked == 0
    assert tick(at=NOON + 24 * HOUR).resumed == 1
    row.refresh_from_db()
    assert (row.state, row.due_at) == ("acknowledged", NOON + 33 * HOUR)


def test_overdue_work_is_marked_once_and_climbs_the_portfolio_chain(world):
    row = task(world, due=NOON + HOUR, sector="transport")
    assert tick(at=NOON + HOUR).marked == 1
    assert tick(at=NOON + HOUR).marked == 0
    row.refresh_from_db()
    assert row.level == 1
    told = lambda who: world.actor(who).post_id  # noqa: E731
    from bihuan.core.loops.models import Notice

    climbed = Notice.objects.filter(kind="escalated").values_list("post_id", flat=True)
    assert list(climbed) == [told("deputy")]
    tick(at=NOON + 25 * HOUR)
    assert list(climbed.order_by("pk")) == [told("deputy"), told("mayor")]


def test_an_acknowledgement_is_taken_back_in_time_by_whoever_gave_it_alone(world):
    row = task(world)
    ask = {"obligation_ids": [row.pk], "move": "unacknowledge"}
    act(obligation_id=row.pk, move="acknowledge", by=world.city, at=NOON)
    row.refresh_from_db()
    offered = {found.move for found in verdicts(row, by=world.city, at=NOON)}
    assert "unacknowledge" not in offered, "offered after the act alone"
    for by, at in ((world.city, NOON + timedelta(minutes=11)), (world.clerk, NOON)):
        assert act_on_many(by=by, at=at, **ask).refused == ((row.pk, "undo.too_late"),)
    with pytest.raises(MoveBlocked):
        act(obligation_id=row.pk, move="unacknowledge", by=world.city, at=NOON)
    assert act_on_many(by=world.city, at=NOON + timedelta(minutes=9), **ask).done == (row.pk,)
    row.refresh_from_db()
    assert row.state == "issued"
