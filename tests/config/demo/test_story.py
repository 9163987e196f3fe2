"""The story leaves something to see on every page, and breaks no rule of the product."""

from datetime import UTC, datetime

import pytest

from bihuan.command.models import Directive, Meeting
from bihuan.config import demo
from bihuan.core.audit.selectors import faults
from bihuan.core.evidence.models import Item
from bihuan.core.loops import invariants
from bihuan.core.loops.models import Obligation, Problem, ProblemTask, Responsibility
from bihuan.intake.models import Document
from bihuan.supervision.models import (
    Candidate,
    ChecklistStep,
    ExternalItem,
    FigureAsk,
    Plan,
    Result,
    Round,
    Visit,
)
from bihuan.supervision.types import Outcome
from tests.config.demo.conftest import Told

AT = datetime(2027, 1, 1, 15, 59, tzinfo=UTC)  # a minute before midnight, on a holiday
VISITORS = (
    "99-head",
    "99-health",
    "9901-head",
    "9901-emergency",
    "990101-head",
    "990101001-head",
    "990101001001-head",
)


@pytest.mark.django_db
def test_nine_days_of_work_stand_at_every_stage_and_give_every_visitor_something(
    settings, tmp_path
):
    settings.EVIDENCE_ROOT = tmp_path
    told = Told()
    demo.load(scale="tiny", province="", at=AT, progress=told)

    states = {
        flow: set(Obligation.objects.filter(flow=flow).values_list("state", flat=True))
        for flow in ("relay", "task", "problem")
    }
    assert states["relay"] >= {"acknowledged", "planned", "closed"}
    assert states["task"] >= {"issued", "acknowledged", "submitted", "returned", "closed"}
    assert states["problem"] >= {"found", "graded", "rectifying", "verified", "closed"}
    assert Obligation.objects.filter(closed_at=None, overdue_at__isnull=False).exists()
    assert Obligation.objects.filter(closed_at=None, due_at__gt=AT).exists()
    assert not Obligation.objects.filter(state_since__gt=AT).exists()
    assert Problem.objects.filter(grade="major").exclude(interim="").exists()
    assert Directive.objects.filter(sent_at=None).count() == 0
    assert Meeting.objects.count() > 1
    waiting = Document.objects.get(is_communique=True, directive=None)
    assert waiting.drafts.filter(actionable=True, status="proposed").count() >= 5
    assert waiting.drafts.exclude(due_at=None).exists()
    assert Responsibility.objects.filter(decided_at=None).exists()
    assert ProblemTask.objects.exists()
    assert Item.objects.filter(twin_of__isnull=False).exists()
    everywhere_something_to_see(AT)
    assert [result.name for result in invariants.run(at=AT) if result.broken] == []
    assert list(faults()) == []
    assert len(told.steps) == 3
    assert told.shares == sorted(told.shares)
    assert 0 <= told.shares[0] < 0.1
    assert 0.9 < told.shares[-1] < 1
    for username in VISITORS:
        owed = Obligation.objects.filter(
            owner_post__tenures__person__account__username=username, closed_at=None
        )
        assert owed.exists(), username


def everywhere_something_to_see(at):
    """Each page of supervision has a row in each state it can show."""
    first, second = Plan.objects.order_by("pk")
    assert 0 < first.filled < first.cells
    assert second.first == first
    assert second.filled > 0
    assert set(Result.objects.values_list("outcome", flat=True)) == set(Outcome.values)
    assert Visit.objects.filter(team__isnull=False, announced=False).exclude(ended_at=None).exists()
    assert Visit.objects.filter(pair__isnull=False, begun_at=None).exists()
    assert Visit.objects.exclude(comment="").exists()
    assert Round.objects.count() == 2
    answered = ExternalItem.objects.exclude(answered_at=None)
    assert {item.accepted_at is None for item in answered} == {True, False}
    assert ExternalItem.objects.filter(answered_at=None).exists()
    decisions = set(Candidate.objects.values_list("decision", flat=True))
    assert decisions >= {"", "added", "closed", "elsewhere"}
    assert FigureAsk.objects.filter(filled_at=None, due_at__lt=at).exists()
    assert FigureAsk.objects.filter(seconds__gt=30).exists()
    assert ChecklistStep.objects.filter(answer="exempt").exists()
    assert ChecklistStep.objects.filter(answer="").exists()
    assert Problem.objects.filter(figure_after__isnull=False).exists()
