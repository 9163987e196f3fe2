"""Problems: the three gates, the interim measure, external findings, the right to reply."""

from datetime import timedelta

import pytest

from bihuan.core.errors import Conflict, MoveBlocked, NotFound
from bihuan.core.evidence.services import Made, add_statement
from bihuan.core.loops import invariants
from bihuan.core.loops.models import Problem
from bihuan.core.loops.services import (
    act,
    decide_responsibility,
    describe_problem,
    open_problem,
    propose_responsibility,
    reply_responsibility,
    serve_problem,
)
from bihuan.core.loops.services.opening import Origin
from bihuan.core.loops.services.problems import Description
from bihuan.core.loops.types import MoveInput
from tests.conftest import NOON
from tests.factories import brief, build_world, task

HOUR = timedelta(hours=1)


@pytest.fixture
def world(db):
    return build_world(NOON)


def found(world, *, grade="general", origin=Origin(), until="rectifying"):  # noqa: B008
    """A problem of the county, found by the city, brought up to a state."""
    city, county = world.city, world.county
    row = open_problem(
        brief=brief(world.places["990101"], NOON, title="灭火器过期"),
        owner_post_id=county.post_id,
        by=city,
        at=NOON,
        origin=origin,
    )
    interim = {"interim": "先撤离人员", "interim_post_id": county.post_id}
    given = MoveInput(grade=grade, **(interim if grade == "major" else {}))
    steps = (
        ("register", city, MoveInput()),
        ("grade", city, given),
        ("assign", city, MoveInput()),
        ("begin", county, MoveInput()),
    )
    for name, by, said in steps:
        row = act(obligation_id=row.pk, move=name, by=by, at=NOON + HOUR, given=said)
        if row.state == until:
            break
    return row


def rectify(world, row):
    add_statement(
        subject=row.subject,
        scope=row.scope,
        kind="statement",
        made=Made(NOON + HOUR, text="已更换"),
        by=world.county,
        at=NOON + HOUR,
    )
    act(obligation_id=row.pk, move="prove", by=world.county, at=NOON + 2 * HOUR)
    return act(obligation_id=row.pk, move="verify", by=world.city, at=NOON + 3 * HOUR)


def answer(world, row):
    entry = propose_responsibility(
        obligation_id=row.pk,
        party="unit",
        post_id=world.county.post_id,
        duty="定期检查",
        by=world.city,
        at=NOON + 3 * HOUR,
    )
    reply_responsibility(
        responsibility_id=entry.pk, reply="属实", by=world.county, at=NOON + 3 * HOUR
    )
    return decide_responsibility(
        responsibility_id=entry.pk,
        met=False,
        consequence="提醒谈话",
        by=world.city,
        at=NOON + 4 * HOUR,
    )


KNOWN = Description(cause="无人管理", extent="一处", similar="已排查同类 64 处")


def test_a_problem_closes_only_through_all_three_gates(world):
    row = rectify(world, found(world))
    with pytest.raises(MoveBlocked) as refused:
        act(obligation_id=row.pk, move="close", by=world.city, at=NOON + 4 * HOUR)
    assert refused.value.facts["missing"] == ["gate.not_found_out", "gate.not_answered_for"]
    describe_problem(obligation_id=row.pk, given=KNOWN, by=world.county, at=NOON + 4 * HOUR)
    with pytest.raises(MoveBlocked) as refused:
        act(obligation_id=row.pk, move="close", by=world.city, at=NOON + 4 * HOUR)
    assert refused.value.facts["missing"] == ["gate.not_answered_for"]
    answer(world, row)
    row = act(obligation_id=row.pk, move="close", by=world.city, at=NOON + 5 * HOUR)
    assert row.state == "closed"
    assert all(r.broken == 0 for r in invariants.run(at=NOON + 5 * HOUR))


def test_a_major_problem_has_an_interim_measure_from_grading_on(world):
    row = found(world, until="registered")
    with pytest.raises(MoveBlocked) as refused:
        act(
            obligation_id=row.pk,
            move="grade",
            by=world.city,
            at=NOON + HOUR,
            given=MoveInput(grade="major"),
        )
    assert refused.value.code == "problem.no_interim"
    row = found(world, grade="major")
    assert Problem.objects.get(pk=row.pk).interim == "先撤离人员"


def test_a_major_problem_is_verified_by_another_unit(world):
    row = found(world, grade="major")
    add_statement(
        subject=row.subject,
        scope=row.scope,
        kind="statement",
        made=Made(NOON + HOUR, text="已更换"),
        by=world.county,
        at=NOON + HOUR,
    )
    act(obligation_id=row.pk, move="prove", by=world.county, at=NOON + 2 * HOUR)
    with pytest.raises(MoveBlocked) as refused:
        act(obligation_id=row.pk, move="verify", by=world.county, at=NOON + 3 * HOUR)
    assert "loop.same_unit" in refused.value.facts["missing"]


def test_an_external_finding_closes_only_with_its_issuers_acceptance(world):
    row = rectify(world, found(world, origin=Origin("external", "督查组", external=True)))
    describe_problem(obligation_id=row.pk, given=KNOWN, by=world.county, at=NOON + 4 * HOUR)
    answer(world, row)
    with pytest.raises(MoveBlocked) as refused:
        act(obligation_id=row.pk, move="close", by=world.city, at=NOON + 5 * HOUR)
    assert refused.value.code == "problem.external"
    row = act(
        obligation_id=row.pk,
        move="close",
        by=world.city,
        at=NOON + 5 * HOUR,
        given=MoveInput(note="督查组复函〔2026〕3号", external_accepted=True),
    )
    assert row.state == "closed"


def test_nobody_is_held_responsible_before_a_reply_or_the_end_of_its_time(world):
    row = found(world)
    entry = propose_responsibility(
        obligation_id=row.pk,
        party="unit",
        post_id=world.county.post_id,
        duty="定期检查",
        by=world.city,
        at=NOON,
    )
    decide = {"responsibility_id": entry.pk, "met": False, "consequence": "提醒", "by": world.city}
    with pytest.raises(Conflict) as refused:
        decide_responsibility(**decide, at=NOON + HOUR)
    assert refused.value.code == "responsibility.awaits_reply"
    decide_responsibility(**decide, at=NOON + timedelta(days=3))


def test_only_the_post_concerned_may_reply(world):
    row = found(world)
    entry = propose_responsibility(
        obligation_id=row.pk,
        party="unit",
        post_id=world.county.post_id,
        duty="定期检查",
        by=world.city,
        at=NOON,
    )
    with pytest.raises(NotFound):
        reply_responsibility(responsibility_id=entry.pk, reply="x", by=world.city, at=NOON)


def test_an_open_task_keeps_the_second_gate_shut(world):
    row = found(world)
    work = task(world, owner="county", by="city", title="更换灭火器")
    serve_problem(problem_id=row.pk, task_id=work.pk, by=world.city, at=NOON + HOUR)
    row = rectify(world, row)
    with pytest.raises(MoveBlocked) as refused:
        act(obligation_id=row.pk, move="close", by=world.city, at=NOON + 4 * HOUR)
    assert "gate.not_rectified" in refused.value.facts["missing"]


def test_a_failed_recheck_reopens_the_same_record(world):
    row = rectify(world, found(world))
    describe_problem(obligation_id=row.pk, given=KNOWN, by=world.county, at=NOON + 4 * HOUR)
    answer(world, row)
    closed = act(obligation_id=row.pk, move="close", by=world.city, at=NOON + 5 * HOUR)
    again = act(
        obligation_id=row.pk,
        move="reopen",
        by=world.city,
        at=NOON + 30 * HOUR,
        given=MoveInput(note="复查又过期"),
    )
    assert (again.pk, again.state, again.closed_at) == (closed.pk, "rectifying", None)


def test_a_problem_inside_its_time_waits_for_a_task_and_is_no_fault_until_then(world):
    row = found(world)
    soon = invariants.waiting(at=NOON + HOUR)
    assert [(one.number, one.due_by) for one in soon] == [(row.number, NOON + 24 * HOUR)]

    def broken(at):
        return next(r.broken for r in invariants.run(at=at) if r.name == "problem_has_task")

    assert broken(NOON + HOUR) == 0
    assert (broken(NOON + 25 * HOUR), invariants.waiting(at=NOON + 25 * HOUR)) == (1, [])
