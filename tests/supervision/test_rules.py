"""Coverage, quality and names, without a database."""

from datetime import timedelta

import pytest

from bihuan.supervision.rules.coverage import Missed
from bihuan.supervision.rules.names import key_of, shortfall
from bihuan.supervision.rules.quality import Proof, StepFact, Work, quality
from bihuan.supervision.types import Coverage
from tests.conftest import NOON

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("filled", "percent", "full", "band"),
    [(11_990, 99.9, False, "most"), (11_999, 99.9, False, "most"), (12_000, 100.0, True, "full"),
     (0, 0.0, False, "none"), (4_800, 40.0, False, "half"), (1, 0.0, False, "none")],
)  # fmt: skip
def test_full_coverage_is_said_of_every_cell_only(filled, percent, full, band):
    coverage = Coverage(filled, 12_000)
    assert (coverage.percent, coverage.full, coverage.band) == (percent, full, band)


def test_a_plan_without_cells_has_no_coverage():
    assert (Coverage(0, 0).percent, Coverage(0, 0).full) == (None, False)


def test_the_missed_rate_is_of_the_gaps_that_were_there():
    assert Missed("一组", 50, 0, 9).percent == 100.0
    assert Missed("二组", 50, 27, 9).percent == 25.0
    assert Missed("三组", 50, 0, 0).percent is None


def work(**changes):
    given = {
        "assigned_at": NOON, "due_at": NOON + 24 * HOUR, "reached_at": NOON + 20 * HOUR,
        "steps": (StepFact("查门", "met"),),
        "proofs": (Proof(NOON + HOUR, "photo", twin=False),),
    }  # fmt: skip
    return Work(**(given | changes))


def test_a_task_done_well_passes_every_part_that_was_demanded():
    marks = dict(quality(work()).marks)
    assert marks == {
        "strict": "pass", "fast": "pass", "tight": "none", "solid": "pass", "fine": "pass",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("part", "changes"),
    [
        ("strict", {"steps": (StepFact("查门", "not_met"),)}),
        ("strict", {"steps": (StepFact("查门", "exempt"),)}),
        ("fast", {"reached_at": NOON + 25 * HOUR}),
        ("tight", {"steps": (StepFact("巡查", "met", every_hours=4),)}),
        ("solid", {"proofs": (Proof(NOON, "statement", twin=False),)}),
        ("solid", {"proofs": (Proof(NOON, "photo", twin=True),)}),
        ("fine", {"steps": (StepFact("查门", "met"), StepFact("查窗", ""))}),
    ],
)
def test_each_part_fails_for_its_own_reason(part, changes):
    assert dict(quality(work(**changes)).marks)[part] == "fail"


def test_an_approved_exception_is_still_strict():
    steps = (StepFact("查门", "exempt", approved=True),)
    assert quality(work(steps=steps)).strict == "pass"


def test_continuity_is_kept_by_proofs_that_are_never_too_far_apart():
    proofs = [Proof(NOON + hour * HOUR, "photo", twin=False) for hour in range(0, 21, 4)]
    steps = (StepFact("巡查", "met", every_hours=4),)
    assert quality(work(steps=steps, proofs=proofs)).tight == "pass"


def test_names_are_compared_without_width_case_spaces_and_marks():
    assert key_of("Ａ 店(一)") == key_of("a店（一）")
    assert key_of("甲店") != key_of("乙店")


def test_a_delay_of_nine_hours_against_two_falls_short_by_three_and_a_half_targets():
    assert shortfall(now=9, target=2) == 3.5
    assert shortfall(now=3, target=0) == 3
