"""The reserve against the planning scenario: who is called, who is not, and nothing cut by quiet."""

from datetime import timedelta

import pytest

from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.epidemic.models import Reserve
from bihuan.epidemic.selectors.reserves import rolls
from bihuan.epidemic.services.reserves import NewReserve, enter_reserve, mark_reserve, set_target
from tests.epidemic.care import add_care


@pytest.fixture
def ready(world, at):
    """Need 60, core 22, reserve 45 of which 6 were trained too long ago."""
    add_care(world)
    set_target(skill="interviewer", need=60, core=22, scenario="百例情景", by=world.cdc, at=at)
    today = local_date(at)
    for n in range(45):
        trained = today - timedelta(days=181 if n < 6 else 180)
        given = NewReserve(world.inn.org_id, "interviewer", f"A{n:02d}", trained, 100 - n)
        enter_reserve(given=given, by=world.cdc, at=at)
    return world


def interviewers(by, at):
    return next(r for r in rolls(by=by, at=at) if r.skill["key"] == "interviewer")


def test_the_call_up_lists_the_valid_by_time_and_names_those_whose_training_ran_out(ready, at):
    roll = interviewers(ready.cdc, at)
    assert len(roll.call_up) == 38
    times = [row.call_up_minutes for row, _until in roll.call_up]
    assert times == sorted(times)
    assert len(roll.spare) == 1
    assert {row.code for row, _until in roll.expired} == {f"A{n:02d}" for n in range(6)}
    assert roll.lacking == 0


def test_after_sixty_quiet_days_the_target_is_the_same(ready, at):
    later = at + timedelta(days=60)
    roll = interviewers(ready.cdc, later)
    assert (roll.target.need, roll.target.core) == (60, 22)
    assert roll.lacking == 38, "what lapsed is the training: it is retrained, the need stays"
    given = NewReserve(ready.inn.org_id, "interviewer", "A44", local_date(later), 56)
    enter_reserve(given=given, by=ready.cdc, at=later)
    assert interviewers(ready.cdc, later).lacking == 37
    assert Reserve.objects.filter(code="A44").count() == 1


def test_whoever_is_away_or_left_is_not_called(ready, at):
    first, second = (row for row, _until in interviewers(ready.cdc, at).call_up[:2])
    mark_reserve(reserve_id=first.pk, mark="away", by=ready.cdc, at=at)
    mark_reserve(reserve_id=second.pk, mark="left", by=ready.cdc, at=at)
    roll = interviewers(ready.cdc, at)
    assert (len(roll.call_up), len(roll.away), roll.members, roll.lacking) == (37, 1, 44, 1)
    with pytest.raises(Conflict, match=r"reserve\.left"):
        mark_reserve(reserve_id=second.pk, mark="here", by=ready.cdc, at=at)


def test_only_who_manages_enters_and_only_below_their_place(ready, at):
    today = local_date(at)
    given = NewReserve(ready.inn.org_id, "interviewer", "B01", today, 30)
    with pytest.raises(NotAllowed):
        enter_reserve(given=given, by=ready.mayor, at=at)
    with pytest.raises(Invalid, match=r"facility\.org"):
        enter_reserve(given=given, by=ready.cdc_hill, at=at)
    for wrong in ({"skill": "juggler"}, {"code": " "}, {"trained_on": today + timedelta(days=1)}):
        told = {"org_id": ready.inn.org_id, "skill": "nurse", "code": "B", "trained_on": today,
                "call_up_minutes": 5} | wrong  # fmt: skip
        with pytest.raises(Invalid):
            enter_reserve(given=NewReserve(**told), by=ready.cdc, at=at)
    with pytest.raises(NotFound):
        mark_reserve(reserve_id=Reserve.objects.first().pk, mark="left", by=ready.cdc_hill, at=at)
    assert interviewers(ready.cdc_hill, at).members == 0
    assert interviewers(ready.police, at).members == 0
