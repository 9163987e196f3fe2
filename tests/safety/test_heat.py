"""Forecasts of heat come in as a table or over the API; by evening the results are told."""

from datetime import timedelta

import pytest

from bihuan.core.audit.services import SYSTEM
from bihuan.core.clock import local_date
from bihuan.core.errors import Invalid, NotAllowed, NotFound
from bihuan.core.evidence.models import Item
from bihuan.safety.models import Assignment, Checklist, Forecast, InspectionPlan
from bihuan.safety.rules.heat import Result, plausible
from bihuan.safety.selectors.heat import heat_day
from bihuan.safety.services.checklists import load_checklists
from bihuan.safety.services.heat import forecast_heat, take_forecasts, tell_results
from bihuan.safety.services.inspections import answer_item, begin_inspection, end_inspection
from tests.conftest import NOON
from tests.safety.conftest import establish

TODAY = local_date(NOON)
DAY = timedelta(days=1)
HEAD = ["地方", "日期", "最高气温"]


@pytest.fixture
def sites(world):
    load_checklists(by=SYSTEM, at=NOON)
    codes = ("990101001", "990101001", "990101002")
    return [
        establish(world, name=f"工地 {number}", kind="construction_site", code=code,
                  fields={"phase": "主体"})
        for number, code in enumerate(codes)
    ]  # fmt: skip


def look(world, place, answer="fine", by="township"):
    checklist = Checklist.objects.get(code="heat")
    ask = {"by": world.actor(by), "at": NOON}
    row = begin_inspection(establishment_id=place.pk, checklist_id=checklist.pk, **ask)
    for line in checklist.items:
        answer_item(inspection_id=row.pk, item=line["code"], answer=answer, **ask)
    end_inspection(inspection_id=row.pk, **ask)


def test_what_is_left_and_what_is_fine_follow_from_three_figures():
    assert (Result(9, 6, 2).left, Result(9, 6, 2).fine) == (3, 4)
    assert plausible(41.5)
    assert not plausible(98.6)


def test_a_table_of_forecasts_starts_the_checks_where_the_limit_is_reached_and_once(world, sites):
    rows = [
        HEAD, ["港城县", TODAY.isoformat(), "38"], ["990102", TODAY.isoformat(), "39"],
        ["港城县", f"{TODAY + DAY}", "36.5"], ["码头镇", TODAY.isoformat(), "40"],
        ["月亮镇", TODAY.isoformat(), "40"], ["港城县", f"{TODAY - DAY}", "38"],
        ["沙丘镇", TODAY.isoformat(), "98"], ["沙丘镇", "明天", "38"], ["港城县", f"{TODAY}", "37"],
    ]  # fmt: skip
    ask = {"rows": rows, "by": world.city, "at": NOON}
    seen = take_forecasts(keep=False, **ask)
    assert (seen.added, Forecast.objects.count()) == (4, 0)
    assert [(one.row, one.code) for one in seen.refusals] == [
        (6, "heat.place"), (7, "heat.past"), (8, "heat.celsius"), (9, "table.date"),
        (10, "heat.twice"),
    ]  # fmt: skip
    take_forecasts(keep=True, **ask)
    plan = InspectionPlan.objects.get()  # hill county has no sites, the town lies in the county
    assert plan.forecast.place.code == "990101"
    assert Assignment.objects.filter(plan=plan).count() == len(sites)
    again = take_forecasts(keep=True, **ask)
    assert again.idle
    rows[1][2] = "39.5"
    changed = take_forecasts(keep=True, **ask)
    assert (changed.changed, InspectionPlan.objects.count()) == (1, 1)
    with pytest.raises(Invalid, match=r"table\.headings"):
        take_forecasts(rows=[["地方"], ["港城县"]], keep=True, by=world.city, at=NOON)
    with pytest.raises(NotAllowed):
        take_forecasts(rows=rows, keep=True, by=world.township, at=NOON)


def test_by_evening_the_page_says_how_many_were_owed_checked_failed_and_not_reached(
    world, sites, django_assert_num_queries
):
    row = forecast_heat(celsius=38, day=TODAY, by=world.county, at=NOON)
    assert row.task.due_at == NOON + timedelta(hours=6)  # 18:00 of the day, by the pack
    assert row.task.owner_post_id == world.county.post_id
    look(world, sites[0])
    look(world, sites[1], answer="gap")
    by = world.county
    with django_assert_num_queries(3):
        found = heat_day(day=TODAY, by=by, at=NOON)
    whole = found.whole
    assert (whole.owed, whole.checked, whole.failed, whole.left) == (3, 2, 1, 1)
    assert [(name, one.left) for name, one in found.places] == [("沙丘镇", 1), ("码头镇", 0)]
    assert tell_results(day=TODAY, by=by, at=NOON) == 1
    row.task.refresh_from_db()
    assert row.task.state == "submitted"
    said = Item.objects.get(subject=row.task.subject).text
    assert said == "应查 3 处,已查 2 处,不合格 1 处,未到 1 处。未到:沙丘镇 1"
    with pytest.raises(NotFound, match=r"heat\.nothing_owed"):
        tell_results(day=TODAY, by=by, at=NOON)
    assert not heat_day(day=TODAY, by=world.outsider, at=NOON).whole.owed
