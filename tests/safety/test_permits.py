"""Restart and change of use: checks of both domains, training, one approval, a visit after."""

from datetime import timedelta

import pytest

from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.safety.selectors.hazards import score
from bihuan.safety.services.hazards import Grading, NewHazard, grade_hazard, report_hazard
from bihuan.safety.services.permits import answer_check, ask_permit, grant_permit, tell_trained
from bihuan.safety.services.tips import tell_near_miss
from tests.conftest import NOON
from tests.safety.conftest import establish, of_factory

DAY = timedelta(days=1)


def asked(world, place, kind="restart", workers=40, who="factory"):
    return ask_permit(establishment_id=place.pk, kind=kind, purpose="二号线复工",
                      new_workers=workers, by=world.actor(who), at=NOON)  # fmt: skip


def all_fine(world, permit):
    for line in permit.checks:
        answer_check(permit_id=permit.pk, key=line["key"], fine=True, by=world.county, at=NOON)


def test_a_plant_with_40_untrained_workers_is_held_and_visited_after_the_permit(world):
    permit = asked(world, of_factory(world))
    assert {line["domain"] for line in permit.checks} == {"safety", "epidemic"}
    all_fine(world, permit)
    ask = {"permit_id": permit.pk, "at": NOON + DAY}
    with pytest.raises(MoveBlocked, match=r"permit\.untrained"):
        grant_permit(by=world.county, **ask)
    tell_trained(trained=40, by=world.factory, **ask)
    granted = grant_permit(by=world.county, **ask)
    assert granted.visit.due_at == NOON + 8 * DAY
    with pytest.raises(Conflict):
        grant_permit(by=world.county, **ask)


def test_a_gym_that_becomes_a_ward_opens_five_checks_before_it_is_used(world):
    permit = asked(world, of_factory(world), kind="convert", workers=0)
    assert [line["key"].partition(".")[2] for line in permit.checks] == [
        "fire", "power", "structure", "oxygen", "evacuation",
    ]  # fmt: skip
    with pytest.raises(MoveBlocked, match=r"permit\.checks_open"):
        grant_permit(permit_id=permit.pk, by=world.county, at=NOON)
    all_fine(world, permit)
    assert grant_permit(permit_id=permit.pk, by=world.county, at=NOON).granted_at == NOON


def test_nobody_checks_or_grants_their_own(world):
    place = of_factory(world)
    permit = asked(world, place, who="county")
    ask = {"permit_id": permit.pk, "at": NOON}
    with pytest.raises(NotAllowed):
        answer_check(key="restart.posts", fine=True, by=world.factory, **ask)
    with pytest.raises(Conflict, match=r"loop\.same_person"):
        grant_permit(by=world.county, **ask)
    with pytest.raises(NotFound):
        grant_permit(by=world.outsider, **ask)
    with pytest.raises(Invalid):
        answer_check(key="moon", fine=True, by=world.city, **ask)
    with pytest.raises(Invalid):
        tell_trained(trained=41, by=world.factory, **ask)
    with pytest.raises(Conflict, match=r"permit\.exists"):
        asked(world, place)
    with pytest.raises(Invalid):
        asked(world, place, kind="party")


def test_the_score_rises_with_reports_and_falls_with_what_others_find(world):
    place = of_factory(world)

    def now():
        return score(establishment_id=place.pk, at=NOON, scope=place.scope).value

    start = now()
    tell_near_miss(establishment_id=place.pk, text="吊钩脱落未伤人", happened_at=NOON - DAY,
                   by=world.factory, at=NOON)  # fmt: skip
    report_hazard(establishment_id=place.pk, given=NewHazard("a"), by=world.factory, at=NOON)
    better = now()
    report_hazard(establishment_id=place.pk, given=NewHazard("b"), by=world.county, at=NOON)
    assert start < better
    assert now() == better - 3


def test_where_people_sleep_a_major_grading_names_who_helps_them_move(world):
    place = establish(world, kind="three_in_one", name="老街 12 号")
    row = report_hazard(
        establishment_id=place.pk, given=NewHazard("合用"), by=world.county, at=NOON
    )
    given = {
        "criterion": "fire.sleeping",
        "interim": "停止住人",
        "interim_post_id": row.owner_post_id,
    }
    with pytest.raises(Invalid, match=r"hazard\.rehousing"):
        grade_hazard(hazard_id=row.pk, given=Grading(**given), by=world.county, at=NOON)
    grade_hazard(hazard_id=row.pk, given=Grading(**given, rehousing="镇民政办 王主任"),
                 by=world.county, at=NOON)  # fmt: skip
    row.hazard.refresh_from_db()
    assert row.hazard.rehousing == "镇民政办 王主任"
