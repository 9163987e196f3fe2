"""Aimed checks against an even spread; plans, case load, the heat campaign."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given as any_of
from hypothesis import settings
from hypothesis import strategies as st

from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.orgs.models import Venue
from bihuan.safety.models import Assignment, Establishment, Inspection
from bihuan.safety.rules.targeting import (
    Cell,
    Rates,
    expected,
    key_cells,
    mean_rate,
    rates,
    shared_out,
    staff_needed,
)
from bihuan.safety.selectors.inspections import lists_for
from bihuan.safety.selectors.targeting import (
    case_load,
    cells,
    fetch_plan,
    matrix,
    plan_figures,
    plans,
)
from bihuan.safety.services.checklists import load_checklists
from bihuan.safety.services.hazards import NewHazard, report_hazard
from bihuan.safety.services.heat import forecast_heat
from bihuan.safety.services.inspections import begin_inspection, end_inspection
from bihuan.safety.services.plans import (
    NewPlan,
    NewStaffing,
    draw_plan,
    set_staffing,
)
from tests.conftest import NOON
from tests.safety.conftest import establish

DAY = timedelta(days=1)
TODAY = local_date(NOON)


def year(seed):
    """A year in which one cell in ten finds ten times as much."""
    random = Random(seed)
    made = []
    for problem in ("出口锁闭", "气瓶未固定", "粉尘堆积", "用电", "培训缺失"):
        for month in range(1, 13):
            for sector in ("industry_trade", "gas"):
                hot = (month * 7 + len(problem) * 3 + len(sector)) % 10 == 0
                chance = 0.5 if hot else 0.05
                hits = sum(random.random() < chance for _ in range(60))
                made.append(Cell(problem, month, sector, hits, 60))
    return made


def test_half_the_checks_in_the_top_tenth_of_cells_find_at_least_twice_as_much():
    first, second = year(1), year(2)
    keys = {cell.key for cell, _rate in key_cells(first, top=10)}
    assert len(keys) == 12
    found = rates(second, keys, share=50)
    assert found.gain is not None
    assert found.gain >= 2
    assert found.even == pytest.approx(mean_rate(second))


def test_one_lucky_visit_makes_no_key_cell():
    steady = [Cell("a", month, "s", 30, 100) for month in range(1, 10)]
    lucky = Cell("b", 1, "s", 1, 1)
    first, *_rest = key_cells([*steady, lucky, Cell("c", 1, "s", 60, 100)], top=10)
    assert first[0].problem == "c"
    assert expected(lucky, mean_rate(steady)) < 0.4


def test_where_nothing_was_found_there_is_no_gain_and_no_division():
    assert rates([], set(), share=50) == Rates(0.0, 0.0)
    assert rates([Cell("a", 1, "s", 0, 9)], set(), share=50).gain is None
    assert key_cells([], top=10) == ()


@settings(max_examples=100, deadline=None)
@any_of(st.integers(0, 5000), st.lists(st.floats(0, 10), max_size=20))
def test_checks_are_shared_out_to_the_last_one(total, weights):
    parts = shared_out(total, weights)
    assert len(parts) == len(weights)
    assert sum(parts) == (total if sum(weights) else 0)
    assert all(part >= 0 for part in parts)


@pytest.mark.parametrize(("places", "needed"), [(310, 3), (120, 1), (121, 2), (0, 0)])
def test_310_places_take_3_inspectors_by_the_guide_of_120(places, needed):
    assert staff_needed(places, 120) == needed


def many(world, count, sector="industry_trade", kind="workshop", code="990101001"):
    area = world.places[code]
    venues = Venue.objects.bulk_create(
        Venue(name=f"{sector}{n}", kind=kind, sector_id=sector, place=area, scope=area.path)
        for n in range(count)
    )
    return Establishment.objects.bulk_create(
        Establishment(venue=venue, kind_id=kind, sector=sector, scope=area.path,
                      issuer_org_id=world.county.org_id, created_at=NOON) for venue in venues
    )  # fmt: skip


def test_town_with_310_units_and_one_inspector_has_a_gap_of_two(world):
    many(world, 310)
    town = world.places["990101001"]
    given = NewStaffing(posts=3, present=1, licensed=1)
    set_staffing(place_id=town.pk, given=given, by=world.county, at=NOON)
    (row,) = case_load(by=world.county, at=NOON)
    assert (row.places, row.load, row.gap, row.guide) == (310, 310, 2, 120)
    with pytest.raises(Invalid):
        set_staffing(place_id=town.pk, given=replace(given, licensed=2), by=world.county, at=NOON)
    with pytest.raises(NotAllowed):
        set_staffing(place_id=town.pk, given=given, by=world.factory, at=NOON)
    with pytest.raises(NotFound):
        set_staffing(place_id=town.pk, given=given, by=world.outsider, at=NOON)


def history(world, place, at, found=()):
    """An ended inspection of the past with its hazards."""
    row = Inspection.objects.create(
        establishment=place, checklist=lists_for(place, at=at)[0], scope=place.scope,
        sector=place.sector, issuer_org_id=world.county.org_id, post_id=world.county.post_id,
        by_itself=False, begun_at=at, ended_at=at, found=len(found),
    )  # fmt: skip
    for kind in found:
        report_hazard(establishment_id=place.pk, given=NewHazard(kind, "", kind),
                      by=world.county, at=at)  # fmt: skip
    return row


def test_cells_count_hazards_and_checks_of_a_month_and_sector_in_sight(world):
    load_checklists(by=world.head, at=NOON)
    place = establish(world)
    for days in (400, 401, 402):
        history(world, place, NOON - days * DAY, ["出口锁闭"] if days == 400 else [])
    (cell,) = cells(by=world.county, since=NOON - 500 * DAY, until=NOON)
    assert (cell.problem, cell.hits, cell.visits) == ("出口锁闭", 1, 3)
    assert cells(by=world.outsider, since=NOON - 500 * DAY, until=NOON) == ()
    found = matrix(by=world.county, at=NOON)
    assert (found.cells, found.top, found.share) == (1, 10, 50)


def wanted(world, checks=6, **changes):
    usual = {"title": "三月计划", "starts": TODAY, "ends": TODAY + 9 * DAY, "checks": checks,
             "post_ids": (world.township.post_id,)}  # fmt: skip
    return NewPlan(**usual | changes)


def test_a_plan_aims_half_at_the_key_cells_and_counts_what_both_halves_found(world):
    load_checklists(by=world.head, at=NOON)
    shops, stores = many(world, 5), many(world, 5, "hazardous_chemicals", "chemical_store")
    history(world, shops[0], NOON - 360 * DAY, ["出口锁闭"])
    history(world, stores[0], NOON - 360 * DAY)
    plan = draw_plan(given=wanted(world), by=world.county, at=NOON)
    figures = plan_figures(plan, at=NOON)
    assert (figures.total, figures.aimed, figures.done) == (6, 3, 0)
    aimed = Assignment.objects.filter(aimed=True)
    assert {one.establishment.sector for one in aimed} == {"industry_trade"}
    assert {one.post_id for one in Assignment.objects.all()} == {world.township.post_id}
    assert all(TODAY <= one.day <= plan.ends for one in aimed)
    stop = aimed.order_by("day", "position").first()
    row = begin_inspection(establishment_id=stop.establishment_id, checklist_id=stop.checklist_id,
                           by=world.township, at=NOON + 9 * DAY)  # fmt: skip
    row.answers = {one["code"]: "fine" for one in row.checklist.items}
    row.found = 2
    row.save()
    end_inspection(inspection_id=row.pk, by=world.township, at=NOON + 9 * DAY)
    figures = plan_figures(plan, at=NOON + 30 * DAY)
    assert (figures.done, figures.aimed_done, figures.real, figures.spread) == (1, 1, 2.0, None)
    assert sum(line.late for line in figures.lines) == 5
    assert [one.pk for one in plans(by=world.county)] == [plan.pk]
    with pytest.raises(NotFound):
        fetch_plan(plan_id=plan.pk, by=world.outsider)


@pytest.mark.parametrize(
    "changes", [{"title": " "}, {"starts": date(2020, 1, 1)}, {"ends": date(2020, 1, 1)},
                {"checks": 0}, {"checks": 9_999}],
)  # fmt: skip
def test_a_plan_that_says_too_little_is_refused(world, changes):
    with pytest.raises(Invalid):
        draw_plan(given=wanted(world, **changes), by=world.county, at=NOON)


def test_a_plan_needs_places_the_duty_and_posts_of_the_area(world):
    with pytest.raises(Invalid):
        draw_plan(given=wanted(world), by=world.county, at=NOON)
    with pytest.raises(NotAllowed):
        draw_plan(given=wanted(world), by=world.township, at=NOON)
    with pytest.raises(NotFound):
        draw_plan(given=wanted(world, post_ids=(world.outsider.post_id,)), by=world.county, at=NOON)


def test_a_forecast_of_37_degrees_puts_outdoor_sites_and_stores_on_tomorrows_routes(world):
    load_checklists(by=world.head, at=NOON)
    many(world, 2, "construction", "construction_site")
    many(world, 1, "hazardous_chemicals", "chemical_store")
    many(world, 4)
    ask = {"day": TODAY + DAY, "by": world.county, "at": NOON}
    with pytest.raises(Invalid):
        forecast_heat(celsius=36.9, **ask)
    plan = forecast_heat(celsius=37, **ask).plan
    stops = Assignment.objects.filter(plan=plan)
    assert {one.checklist.code for one in stops} == {"heat"}
    assert {one.post_id for one in stops} == {world.township.post_id}
    assert (stops.count(), plan.ends) == (3, TODAY + DAY)
    with pytest.raises(Conflict):
        forecast_heat(celsius=37, **ask)
