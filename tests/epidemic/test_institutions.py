"""The rolling plan of checks of medical institutions (M085)."""

from datetime import date, timedelta

import pytest

from bihuan.core.clock import day_start, local_date
from bihuan.core.errors import Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.loops import invariants
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services import act
from bihuan.core.loops.types import MoveInput
from bihuan.epidemic.rules.checks import Limits, Past, next_check
from bihuan.epidemic.selectors.institutions import (
    check_plan,
    check_task,
    fetch_institution,
    missed_checks,
)
from bihuan.epidemic.services.institutions import (
    NewCheck,
    enter_institution,
    note_check,
    owe_checks,
)
from tests.epidemic.care import DAY, add_care

FIRST = date(2026, 1, 1)
LIMITS = Limits(days=30, trouble_days=14, mystery_days=180, unannounced_share=0.5)


def days(past, *, trouble=False):
    told = next_check(past, since=FIRST, trouble=trouble, limits=LIMITS)
    return (told.due - (past[0].day if past else FIRST)).days, told.form


def test_the_interval_is_that_of_the_risk_and_shorter_where_there_is_trouble():
    fine, bad = Past(FIRST, "announced", passed=True), Past(FIRST, "announced", passed=False)
    assert days([]) == (30, "unannounced")
    assert days([fine]) == (30, "unannounced")
    assert days([bad])[0] == 14
    assert days([fine], trouble=True)[0] == 14


def test_enough_checks_come_unannounced_and_a_mystery_visit_in_its_time():
    hidden, told = (Past(FIRST, form, passed=True) for form in ("unannounced", "announced"))
    assert days([hidden])[1] == "announced"
    assert days([told, hidden])[1] == "unannounced", "half is not more than half"
    assert days([Past(FIRST + timedelta(days=150), "unannounced", passed=True)])[1] == "mystery"


@pytest.fixture
def clinic(world, at):
    add_care(world)
    return enter_institution(org_id=world.clinic.org_id, kind="clinic", risk="middle", by=world.cdc,
                             at=at - 40 * DAY)  # fmt: skip


def test_a_mystery_visit_without_triage_opens_a_problem_with_three_gates(world, clinic, at):
    given = NewCheck("mystery", local_date(at), passed=True, triaged=False)
    made = note_check(institution_id=clinic.pk, given=given, by=world.cdc, at=at)
    assert not made.passed
    loop = Obligation.objects.get(pk=made.problem_id)
    assert (loop.flow, loop.state, loop.owner_post_id) == ("problem", "registered",
                                                           world.clinic.post_id)  # fmt: skip
    assert loop.issuer_post_id == world.county.post_id, "the desk of the place judges"
    assert loop.problem.answered_for_at is None
    (link,) = loop.problem.tasks.all()
    assert (link.task.owner_post_id, link.task.issuer_post_id) == (
        world.clinic.post_id, world.county.post_id,
    )  # fmt: skip
    assert link.task.due_at == at + 7 * DAY
    assert invariants.waiting(at=at) == []
    assert loop.problem.found_out_at is None


def test_every_institution_is_due_within_its_interval_and_the_overdue_come_first(world, clinic, at):
    later = enter_institution(org_id=world.actor("hospital").org_id, kind="hospital", risk="high",
                              by=world.cdc, at=at)  # fmt: skip
    told = check_plan(by=world.county, at=at)
    assert [(r.institution.pk, r.overdue) for r in told.rows] == [
        (clinic.pk, True),
        (later.pk, False),
    ]
    given = NewCheck("unannounced", local_date(at), passed=True)
    note_check(institution_id=clinic.pk, given=given, by=world.cdc, at=at)
    told = check_plan(by=world.county, at=at)
    assert (told.within, told.hidden_share) == (2, 1.0)


@pytest.mark.parametrize("given", [
    NewCheck("mystery", FIRST, passed=True), NewCheck("announced", FIRST, passed=True, triaged=True),
    NewCheck("secret", FIRST, passed=True), NewCheck("announced", date(2099, 1, 1), passed=True),
])  # fmt: skip
def test_a_check_that_makes_no_sense_is_refused(world, clinic, at, given):
    with pytest.raises(Invalid):
        note_check(institution_id=clinic.pk, given=given, by=world.cdc, at=at)


def test_a_failure_says_what_it_found_and_the_institution_reads_no_plan(world, clinic, at):
    given = NewCheck("announced", local_date(at), passed=False)
    with pytest.raises(Invalid, match=r"check\.findings"):
        note_check(institution_id=clinic.pk, given=given, by=world.cdc, at=at)
    with pytest.raises(NotAllowed):
        note_check(institution_id=clinic.pk, given=given, by=world.clinic, at=at)
    for name in ("clinic", "cdc_hill", "police"):
        with pytest.raises(NotFound):
            fetch_institution(institution_id=clinic.pk, by=world.actor(name))


def test_a_missed_check_is_a_task_of_disease_control_that_the_check_alone_ends(
    world, clinic, at, django_assert_num_queries
):
    (row,) = check_plan(by=world.cdc, at=at).rows
    late = day_start(row.next.due) + 2 * DAY
    assert owe_checks(at=day_start(row.next.due)) == 0, "its day is not over"
    with django_assert_num_queries(4):  # the first chunk, and that there is no second
        assert len(list(missed_checks(late))) == 1
    assert (owe_checks(at=late), owe_checks(at=late + DAY)) == (1, 0)
    loop = check_task(clinic)
    assert (loop.owner_post.role, loop.owner_post.scope) == ("epidemiology", world.cdc.scope)
    assert (loop.issuer_post_id, loop.due_at) == (world.county.post_id, late + 7 * DAY)
    owner = next(
        who for who in (world.cdc, world.actor("cdc2")) if who.post_id == loop.owner_post_id
    )
    with pytest.raises(MoveBlocked, match=r"check\.not_made"):
        act(obligation_id=loop.pk, move="answer", by=owner, at=late, given=MoveInput(note="下周"))
    given = NewCheck("unannounced", local_date(late), passed=True)
    note_check(institution_id=clinic.pk, given=given, by=world.cdc, at=late + DAY)
    assert check_task(clinic) is None
    assert owe_checks(at=late + 2 * DAY) == 0
