"""What an outside register has and the list has not is a candidate until a person decides."""

from datetime import timedelta

import pytest

from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.orgs.models import Venue
from bihuan.supervision.models import Candidate
from bihuan.supervision.selectors.registers import register, registers
from bihuan.supervision.services.registers import (
    compare_register,
    decide_candidate,
    preview_register,
)
from bihuan.supervision.services.uploads import stage
from tests.conftest import NOON
from tests.supervision.conftest import venues


def staged(world, names, who="city", **given):
    text = "名称,地址\n" + "".join(f"{name},某路\n" for name in names)
    given = {"kind": "restaurant", "source": "licence", "as_of": "2026-03-10"} | given
    return stage(kind="register", file_name="r.csv", data=text.encode(), given=given,
                 by=world.actor(who), at=NOON).pk  # fmt: skip


def compared(world, names, **given):
    pk = staged(world, names, **given)
    return compare_register(upload_id=pk, by=world.city, at=NOON)[0]


def test_of_812_licences_15_are_candidates_and_coverage_is_computed_on_808(world):
    venues(world, 797)
    licences = [f"店{n:04d}" for n in range(797)] + [f"新店{n}" for n in range(15)]
    found = compared(world, licences)
    row, candidates = register(register_id=found.pk, by=world.city, at=NOON)
    assert (row.rows, row.candidates, row.undecided, row.clear) == (812, 15, 15, False)
    for candidate in candidates[:11]:
        decide_candidate(candidate_id=candidate.pk, decision="added", reason="", by=world.city,
                         at=NOON)  # fmt: skip
    for candidate in candidates[11:]:
        decide_candidate(candidate_id=candidate.pk, decision="closed", reason="已停业",
                         by=world.city, at=NOON)  # fmt: skip
    row, _ = register(register_id=found.pk, by=world.city, at=NOON)
    assert (row.added, row.undecided, row.supervised, row.clear) == (11, 0, 808, True)


def test_no_blind_spot_is_not_said_of_an_old_register(world):
    venues(world, 1)
    compared(world, ["店0000"])
    fresh, old = (registers(by=world.city, at=NOON + timedelta(days=d))[0] for d in (30, 31))
    assert (fresh.clear, old.clear) == (True, False)


def test_names_are_compared_generously_and_twins_merged(world):
    venues(world, 1)
    pk = staged(world, ["店 ０000", "新店", "新 店", " "])
    report = preview_register(upload_id=pk, by=world.city, at=NOON)
    assert (report.added, report.unchanged) == (1, 1)
    assert [(c.row, c.mended) for c in report.corrections] == [(4, "新店")]
    assert [(r.row, r.code) for r in report.refusals] == [(5, "register.no_name")]
    assert Candidate.objects.count() == 0


def test_a_candidate_is_decided_once_with_a_reason(world):
    compared(world, ["新店"])
    ask = {"candidate_id": Candidate.objects.get().pk, "by": world.city, "at": NOON}
    for decision, code in (("maybe", "candidate.decision"), ("closed", "candidate.no_reason")):
        with pytest.raises(Invalid) as refused:
            decide_candidate(**ask, decision=decision, reason="")
        assert refused.value.code == code
    decide_candidate(**ask, decision="elsewhere", reason="属南渡市")
    with pytest.raises(Conflict):
        decide_candidate(**ask, decision="added", reason="")
    assert Venue.objects.count() == 0


def test_registers_are_of_the_area_and_of_planners(world):
    found = compared(world, ["新店"])
    candidate = Candidate.objects.get()
    with pytest.raises(NotFound):
        register(register_id=found.pk, by=world.outsider, at=NOON)
    with pytest.raises(NotFound):
        decide_candidate(candidate_id=candidate.pk, decision="added", reason="",
                         by=world.outsider, at=NOON)  # fmt: skip
    pk = staged(world, ["新店"], who="factory")
    with pytest.raises(NotAllowed):
        compare_register(upload_id=pk, by=world.factory, at=NOON)
    with pytest.raises(Invalid):
        compared(world, ["另一店"], source="rumour")
