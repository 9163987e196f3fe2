"""严、快、紧、实、细: computed from clock, proofs and checklist."""

import pytest

from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.loops.models import Notice
from bihuan.core.loops.services import act
from bihuan.supervision.models import ChecklistStep
from bihuan.supervision.selectors.quality import checklist, quality_of
from bihuan.supervision.services.quality import (
    NewStep,
    answer_step,
    approve_exception,
    set_checklist,
)
from tests.conftest import NOON
from tests.factories import task
from tests.supervision.conftest import HOUR, deliver, prove

STEPS = ("查门", "查窗", "查灯", "查电")


@pytest.fixture
def row(world):
    found = task(world, owner="county", by="city", due=NOON + 10 * HOUR)
    steps = [NewStep(text) for text in STEPS]
    set_checklist(task_id=found.pk, steps=steps, by=world.city, at=NOON)
    return found


def answered(world, row, count, answer="met"):
    steps = ChecklistStep.objects.filter(task=row).order_by("position")[:count]
    for step in steps:
        answer_step(step_id=step.pk, answer=answer, by=world.county, at=NOON + HOUR, reason="无电")


def test_a_task_done_in_time_with_three_unanswered_steps_is_fast_not_fine_and_comes_back(
    world, row
):
    answered(world, row, 1)
    prove(world, row, "county")
    row.refresh_from_db()
    grade = quality_of(row, at=NOON + HOUR)
    assert (grade.fast, grade.fine, grade.unanswered) == ("pass", "fail", STEPS[1:])
    deliver()
    row.refresh_from_db()
    assert (row.state, row.returns) == ("returned", 1)
    notice = Notice.objects.get(kind="task.unfinished")
    assert (notice.post_id, notice.facts["steps"]) == (world.county.post_id, list(STEPS[1:]))
    deliver()
    row.refresh_from_db()
    assert row.returns == 1


def test_a_task_with_every_step_answered_stays_submitted_and_can_be_accepted(world, row):
    answered(world, row, 4)
    prove(world, row, "county")
    deliver()
    act(obligation_id=row.pk, move="accept", by=world.city, at=NOON + 2 * HOUR)
    row.refresh_from_db()
    marks = dict(quality_of(row, at=NOON + 2 * HOUR).marks)
    assert (row.state, marks) == ("closed", {
        "strict": "pass", "fast": "pass", "tight": "none", "solid": "pass", "fine": "pass",
    })  # fmt: skip
    with pytest.raises(Conflict):
        answered(world, row, 1)


def test_an_exception_is_strict_only_once_whoever_demanded_it_agrees(world, row):
    answered(world, row, 4, answer="exempt")
    assert quality_of(row, at=NOON + HOUR).strict == "fail"
    with pytest.raises(NotAllowed):
        approve_exception(step_id=ChecklistStep.objects.first().pk, by=world.county, at=NOON)
    for step in ChecklistStep.objects.filter(task=row):
        approve_exception(step_id=step.pk, by=world.city, at=NOON + HOUR)
    assert quality_of(row, at=NOON + HOUR).strict == "pass"
    with pytest.raises(Conflict):
        approve_exception(step_id=ChecklistStep.objects.first().pk, by=world.city, at=NOON)


def test_steps_are_set_by_the_demanding_and_answered_by_the_owing_side(world, row):
    step = ChecklistStep.objects.first()
    with pytest.raises(NotAllowed):
        set_checklist(task_id=row.pk, steps=[NewStep("再查")], by=world.county, at=NOON)
    with pytest.raises(NotAllowed):
        answer_step(step_id=step.pk, answer="met", by=world.city, at=NOON)
    with pytest.raises(NotFound):
        answer_step(step_id=step.pk, answer="met", by=world.outsider, at=NOON)
    for changes, code in (
        ({"answer": "so"}, "checklist.answer"), ({"answer": "not_met"}, "checklist.no_reason"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            answer_step(step_id=step.pk, by=world.county, at=NOON, **changes)
        assert refused.value.code == code
    with pytest.raises(Invalid):
        set_checklist(task_id=row.pk, steps=[NewStep(" ")], by=world.city, at=NOON)
    page = checklist(task_id=row.pk, by=world.county, at=NOON)
    assert (page.answers, page.approves, len(page.steps)) == (True, False, 4)
