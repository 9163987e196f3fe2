"""Checklists are versions, a gap is a hazard on the spot, campaigns count what they saw."""

from datetime import date, timedelta

import pytest

from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.safety.models import Hazard, Inspection
from bihuan.safety.selectors.inspections import (
    checklists,
    fetch_inspection,
    self_inspection,
)
from bihuan.safety.services.checklists import NewChecklist, plain_items, write_checklist
from bihuan.safety.services.hazards import NewHazard, report_hazard
from bihuan.safety.services.inspections import (
    NewCampaign,
    answer_item,
    begin_inspection,
    end_inspection,
    open_campaign,
)
from tests.conftest import NOON
from tests.safety.conftest import of_factory

DAY = timedelta(days=1)
ITEMS = tuple((f"第{n}项", f"类型{n}") for n in range(1, 7))


def listed(world, items=ITEMS, title="工贸通用检查表"):
    given = NewChecklist("trade", title, "industry_trade", plain_items(items))
    return write_checklist(given=given, by=world.county, at=NOON)


def begun(world, place, checklist, who="county", at=NOON, **changes):
    return begin_inspection(establishment_id=place.pk, checklist_id=checklist.pk,
                            by=world.actor(who), at=at, **changes)  # fmt: skip


def answered(world, row, answers, who="county", at=NOON):
    for number, answer in enumerate(answers, start=1):
        answer_item(inspection_id=row.pk, item=str(number), answer=answer, by=world.actor(who),
                    at=at)  # fmt: skip


def test_a_checklist_is_written_anew_and_what_was_inspected_by_the_old_stays(world):
    place, old = of_factory(world), listed(world)
    row = begun(world, place, old)
    new = listed(world, items=(("只有一项", ""),))
    assert (old.version, new.version, [c.pk for c in checklists()]) == (1, 2, [new.pk])
    assert len(Inspection.objects.get(pk=row.pk).checklist.items) == 6
    with pytest.raises(Conflict):
        begun(world, place, old)
    with pytest.raises(Invalid):
        listed(world, items=())


def test_an_inspection_ends_when_every_item_is_answered_and_a_gap_is_a_hazard(world):
    place = of_factory(world)
    row = begun(world, place, listed(world))
    answered(world, row, ["fine"] * 4 + ["gap"])
    with pytest.raises(MoveBlocked) as refused:
        end_inspection(inspection_id=row.pk, by=world.county, at=NOON)
    assert refused.value.facts["items"] == ["第6项"]
    answer_item(inspection_id=row.pk, item="6", answer="absent", by=world.county, at=NOON)
    with pytest.raises(Conflict):
        answer_item(inspection_id=row.pk, item="5", answer="fine", by=world.county, at=NOON)
    with pytest.raises(Invalid):
        answer_item(inspection_id=row.pk, item="9", answer="fine", by=world.county, at=NOON)
    done = end_inspection(inspection_id=row.pk, by=world.county, at=NOON)
    assert (done.found, Hazard.objects.get().establishment_id) == (1, place.pk)
    with pytest.raises(Conflict):
        end_inspection(inspection_id=row.pk, by=world.county, at=NOON)


def test_of_6_hazards_the_self_inspection_listed_1_so_the_interval_is_shorter(world):
    place, checklist = of_factory(world), listed(world)
    assert self_inspection(place, at=NOON) is None
    given = NewHazard("自查发现", "", "类型1")
    report_hazard(establishment_id=place.pk, given=given, by=world.factory, at=NOON - 3 * DAY)
    row = begun(world, place, checklist)
    answered(world, row, ["gap"] * 6)
    end_inspection(inspection_id=row.pk, by=world.county, at=NOON)
    found = self_inspection(place, at=NOON)
    assert (found.known, found.found, found.due_at) == (1, 6, NOON + 30 * DAY)


def test_a_place_that_found_all_itself_keeps_the_long_interval(world):
    place, checklist = of_factory(world), listed(world, items=(("一项", "类型1"),))
    own = begun(world, place, checklist, "factory", at=NOON - DAY)
    answered(world, own, ["gap"], "factory", at=NOON - DAY)
    assert own.by_itself
    row = begun(world, place, checklist)
    answered(world, row, ["gap"])
    end_inspection(inspection_id=row.pk, by=world.county, at=NOON)
    found = self_inspection(place, at=NOON)
    assert (found.known, found.found, found.due_at) == (1, 1, NOON + 90 * DAY)


def test_nobody_answers_in_anothers_inspection_and_strangers_see_none(world):
    row = begun(world, of_factory(world), listed(world))
    with pytest.raises(NotAllowed):
        answered(world, row, ["fine"], "factory")
    for who in ("county2", "outsider", "auditor"):
        with pytest.raises(NotFound):
            fetch_inspection(inspection_id=row.pk, by=world.actor(who))


def campaign(world, days=30):
    given = NewCampaign("大排查大整治", ("industry_trade",), date(2026, 3, 10),
                        date(2026, 3, 10) + timedelta(days=days))  # fmt: skip
    return open_campaign(given=given, by=world.county, at=NOON)


def test_a_campaign_needs_places_and_a_period(world):
    with pytest.raises(Invalid):
        campaign(world)
    of_factory(world)
    with pytest.raises(Invalid):
        campaign(world, days=-1)
