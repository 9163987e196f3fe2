"""Dispatch and the counters: whole or not at all, once, conserved at every level."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from bihuan.core.audit.models import Entry
from bihuan.core.errors import Invalid, NotAllowed
from bihuan.core.evidence.services import Made, add_statement
from bihuan.core.loops import counts, invariants, selectors
from bihuan.core.loops.counters import Tally
from bihuan.core.loops.models import Notice, Obligation
from bihuan.core.loops.services import act, dispatch, fold_tally, tick
from bihuan.core.loops.services.dispatch import Target
from bihuan.core.loops.services.opening import Deadline
from tests.conftest import NOON
from tests.factories import brief, build_world, task

DAY = timedelta(days=1)


@pytest.fixture
def world(db):
    return build_world(NOON)


def send(world, *, by="head", level="city", count=2, **changes):
    demands = [
        (brief(world.places["99"], NOON, title=f"要求{n}"), Deadline(NOON + DAY))
        for n in range(count)
    ]
    wanted = {"target": Target(level), "by": world.actor(by), "at": NOON, "origin": "directive:1"}
    return demands, dispatch(demands=demands, **(wanted | changes))


def test_every_desk_of_the_level_owes_every_demand(world):
    _, sent = send(world)
    assert (sent.rows, sent.posts) == (4, 2)
    owed = Obligation.objects.filter(origin="directive:1").values_list("place__name", flat=True)
    assert sorted(owed) == ["北原市", "北原市", "南渡市", "南渡市"]
    assert Notice.objects.filter(kind="task.issued").count() == 2


def test_a_second_dispatch_of_the_same_demands_adds_nothing(world):
    demands, _ = send(world)
    again = dispatch(
        demands=demands,
        target=Target("city"),
        by=world.head,
        at=NOON + DAY / 2,
        origin="directive:1",
    )
    assert again.rows == 0
    assert Obligation.objects.count() == 4


def test_a_demand_for_two_levels_in_one_moment_tells_each_desk_once(world):
    demands, _ = send(world)
    for level in ("county", "township"):
        dispatch(demands=demands, target=Target(level), by=world.head, at=NOON,
                 origin="directive:1")  # fmt: skip
    told = Notice.objects.filter(kind="task.issued").values_list("post_id", flat=True)
    assert len(told) == len(set(told)) == Obligation.objects.count() / 2


def test_a_node_sends_only_below_itself(world):
    _, sent = send(world, by="city", level="county")
    assert sent.posts == 2  # both counties of north, none of south


def test_the_audit_entry_proves_every_row_of_the_batch(world):
    _, sent = send(world)
    entry = Entry.objects.get(action="task.dispatch")
    assert entry.facts["rows"] == 4
    assert entry.facts["digest"] == sent.digest


def test_nobody_to_receive_is_an_error(world):
    with pytest.raises(Invalid) as refused:
        send(world, level="grid")
    assert refused.value.code == "dispatch.nobody"


def test_a_post_without_the_duty_sends_nothing(world):
    with pytest.raises(NotAllowed):
        send(world, by="auditor")


def test_a_task_without_criterion_is_not_sent(world):
    plain = brief(world.places["99"], NOON, criterion="")
    with pytest.raises(Invalid) as refused:
        dispatch(
            demands=[(plain, Deadline(NOON + DAY))],
            target=Target("city"),
            by=world.head,
            at=NOON,
            origin="directive:1",
        )
    assert refused.value.code == "task.no_criterion"
    assert Obligation.objects.count() == 0


def test_the_counters_follow_every_move_at_every_level(world):
    send(world)
    row = Obligation.objects.get(brief__title="要求0", place__name="北原市")
    add_statement(
        subject=row.subject,
        scope=row.scope,
        kind="statement",
        made=Made(NOON, text="完成"),
        by=world.city,
        at=NOON,
    )
    act(obligation_id=row.pk, move="prove", by=world.city, at=NOON)
    act(obligation_id=row.pk, move="accept", by=world.head, at=NOON)
    north, south = counts.roll_up(place_id=world.places["99"].pk)
    assert (north.open, north.closed, south.open) == (1, 1, 2)  # before any folding
    fold_tally()
    assert counts.roll_up(place_id=world.places["99"].pk) == (north, south)
    assert counts.totals(path="99.") == {"open": 3, "closed": 1}


def test_overdue_and_late_are_counted_apart(world):
    send(world)
    tick(at=NOON + DAY)
    assert counts.totals(path="99.") == {"overdue": 4}
    row = Obligation.objects.filter(place__name="南渡市").first()
    add_statement(
        subject=row.subject,
        scope=row.scope,
        kind="statement",
        made=Made(NOON, text="完成"),
        by=world.outsider,
        at=NOON + DAY,
    )
    act(obligation_id=row.pk, move="prove", by=world.outsider, at=NOON + 2 * DAY)
    act(obligation_id=row.pk, move="accept", by=world.head, at=NOON + 2 * DAY)
    assert counts.totals(path="99.") == {"overdue": 3, "late": 1}


def test_the_nightly_check_finds_a_counter_that_was_touched(world):
    send(world)
    assert all(r.broken == 0 for r in invariants.run(at=NOON))
    Tally.objects.filter(path="99.01.").update(n=99)
    broken = {r.name: r.broken for r in invariants.run(at=NOON) if r.broken}
    assert broken == {"conservation": 1}


def test_the_nightly_check_notices_that_the_clocks_stand_still(world):
    task(world, due=NOON + DAY)
    later = NOON + DAY + timedelta(hours=2)
    assert {r.name for r in invariants.run(at=later) if r.broken} == {"overdue_is_marked"}
    tick(at=later)
    assert not any(r.broken for r in invariants.run(at=later))


def test_an_obligation_is_never_deleted(world):
    send(world)
    with (
        pytest.raises(DatabaseError, match="never deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM loops_obligation")


def test_lists_go_on_by_key_and_cost_one_query(world, django_assert_num_queries):
    send(world, count=7)
    head, seen, after = world.head, [], ""
    for _ in range(4):
        with django_assert_num_queries(1):
            page = selectors.loops(
                by=head, at=NOON, wanted=selectors.Filter(stage="open"), after=after, size=4
            )
        seen += [row.id for row in page.rows]
        after = page.after
    assert after == ""
    assert sorted(seen) == sorted(Obligation.objects.values_list("pk", flat=True))
