"""A plan is full only when every cell is; a second pass measures the first."""

from datetime import date, timedelta

import pytest

from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.supervision.models import Plan, PlanSite, PlanStep, Result
from bihuan.supervision.selectors import plans as selectors
from bihuan.supervision.services.plans import NewPlan, NewResult, draw_up, record_results
from tests.conftest import NOON
from tests.supervision.conftest import venues

STEPS = tuple(("入口", f"步骤{number}") for number in range(1, 13))
TODAY = date(2026, 3, 10)


def planned(world, who="city", *, steps=STEPS, first=None, kinds=("restaurant",)):
    given = NewPlan(
        title="餐饮场所全覆盖检查", starts=TODAY, ends=TODAY + timedelta(days=20), kinds=kinds,
        steps=steps, first_id=first,
    )  # fmt: skip
    return draw_up(given=given, by=world.actor(who), at=NOON)


def cells(plan):
    sites = PlanSite.objects.filter(plan=plan).order_by("pk").values_list("pk", flat=True)
    steps = PlanStep.objects.filter(plan=plan).order_by("position").values_list("pk", flat=True)
    return [NewResult(site, step, "fine") for site in sites for step in steps]


def test_of_12000_cells_11990_are_not_full_coverage_and_the_ten_are_named(world):
    venues(world, 600)
    venues(world, 400, code="990102", name="校")
    plan = planned(world)
    todo = cells(plan)
    assert (plan.cells, len(todo)) == (12_000, 12_000)
    filled = record_results(plan_id=plan.pk, results=todo[:-10], by=world.city, at=NOON)
    cube = selectors.cube(plan_id=plan.pk, by=world.city, on=TODAY)
    assert (filled, cube.coverage.percent, cube.coverage.full) == (11_990, 99.9, False)
    assert [(c.site, c.step) for c in cube.empty] == [
        ("校0399", name) for _, name in STEPS[2:]
    ]  # fmt: skip
    assert [(row.name, row.sites, row.coverage.empty) for row in cube.rows] == [
        ("港城县", 600, 0), ("丘山县", 400, 10),
    ]  # fmt: skip
    record_results(plan_id=plan.pk, results=todo[-10:], by=world.city, at=NOON)
    done = selectors.cube(plan_id=plan.pk, by=world.city, on=TODAY)
    assert (done.coverage.full, done.coverage.percent, done.empty) == (True, 100.0, ())
    plan.refresh_from_db()
    assert (plan.filled, Result.objects.filter(first=True).count()) == (12_000, 12_000)


def test_a_cell_that_is_looked_at_twice_is_filled_once(world):
    venues(world, 1)
    plan = planned(world)
    cell = cells(plan)[0]
    gap = NewResult(cell.site_id, cell.step_id, "gap", note="无记录")
    assert record_results(plan_id=plan.pk, results=[cell, gap], by=world.city, at=NOON) == 1
    assert record_results(plan_id=plan.pk, results=[gap], by=world.city, at=NOON) == 0
    plan.refresh_from_db()
    assert (plan.filled, Result.objects.count()) == (1, 3)
    sheet = selectors.site_sheet(plan_id=plan.pk, site_id=cell.site_id, by=world.city, at=NOON)
    assert sheet.steps[0][1:] == ("gap", "无记录")


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"outcome": "so_so"}, "plan.outcome"), ({"outcome": "gap"}, "plan.gap_needs_note"),
     ({"step_id": 0}, "plan.no_such_cell")],
)  # fmt: skip
def test_a_result_that_does_not_fit_writes_nothing(world, changes, code):
    venues(world, 1)
    plan = planned(world)
    good, other = cells(plan)[:2]
    bad = NewResult(
        **({"site_id": other.site_id, "step_id": other.step_id} | {"outcome": "fine"} | changes)
    )
    with pytest.raises((Invalid, NotFound)) as refused:
        record_results(plan_id=plan.pk, results=[good, bad], by=world.city, at=NOON)
    assert refused.value.code == code
    assert Result.objects.count() == 0


def test_a_look_outside_the_period_is_no_result(world):
    venues(world, 1)
    plan = planned(world)
    with pytest.raises(Invalid) as refused:
        record_results(
            plan_id=plan.pk, results=cells(plan), by=world.city, at=NOON + timedelta(days=21)
        )
    assert refused.value.code == "plan.outside_period"


def test_a_lower_post_sees_and_fills_its_own_part_only(world):
    venues(world, 2)
    venues(world, 3, code="990102")
    plan = planned(world)
    own = selectors.cube(plan_id=plan.pk, by=world.county, on=TODAY)
    assert (own.sites, own.coverage.cells) == (2, 24)
    (row,), _ = selectors.plans(by=world.county)
    assert row.coverage.cells == 24
    with pytest.raises(NotFound):
        selectors.cube(plan_id=plan.pk, by=world.outsider, on=TODAY)
    with pytest.raises(NotFound):
        record_results(plan_id=plan.pk, results=cells(plan), by=world.county, at=NOON)
    with pytest.raises(NotAllowed):
        record_results(plan_id=plan.pk, results=cells(plan), by=world.factory, at=NOON)


def test_drilling_down_keeps_the_figures(world):
    venues(world, 2, code="990101001")
    venues(world, 3, code="990101002")
    plan = planned(world)
    record_results(plan_id=plan.pk, results=cells(plan)[:12], by=world.city, at=NOON)
    path = world.places["990101"].path
    inner = selectors.cube(plan_id=plan.pk, by=world.city, on=TODAY, under=path)
    assert [(r.name, r.sites, r.coverage.filled) for r in inner.rows] == [
        ("码头镇", 2, 12), ("沙丘镇", 3, 0),
    ]  # fmt: skip
    assert [name for _, name in inner.trail] == ["北原市", "港城县"]


def test_the_second_pass_shows_what_each_group_of_the_first_missed(world):
    venues(world, 50)
    one_step = (("入口", "查验"),)
    first = planned(world, steps=one_step)
    record_results(plan_id=first.pk, results=cells(first), by=world.city, at=NOON, team="督查一组")
    second = planned(world, first=first.pk, steps=())
    found = cells(second)
    gaps = [NewResult(c.site_id, c.step_id, "gap", note="未查验", existed=True) for c in found[:9]]
    later = NewResult(found[9].site_id, found[9].step_id, "gap", note="昨日新增", existed=False)
    record_results(plan_id=second.pk, results=[*gaps, later, *found[10:]], by=world.clerk, at=NOON)
    (group,) = selectors.missed(plan=second, by=world.city)
    assert (group.team, group.sites, group.found, group.missed, group.percent) == (
        "督查一组", 50, 0, 9, 100.0,
    )  # fmt: skip
    assert selectors.missed(plan=first, by=world.city) == ()


def test_whoever_made_the_first_pass_may_not_make_the_second(world):
    venues(world, 1)
    first = planned(world)
    record_results(plan_id=first.pk, results=cells(first)[:1], by=world.city, at=NOON)
    second = planned(world, first=first.pk, steps=())
    with pytest.raises(Conflict) as refused:
        record_results(plan_id=second.pk, results=cells(second), by=world.city, at=NOON)
    assert refused.value.code == "plan.same_inspector"


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"title": " "}, "plan.no_title"), ({"ends": TODAY - timedelta(days=1)}, "plan.period"),
     ({"kinds": ("ship",)}, "plan.no_sites"), ({"steps": ()}, "plan.steps")],
)  # fmt: skip
def test_a_plan_that_covers_nothing_is_refused(world, changes, code):
    venues(world, 1)
    given = {"title": "检查", "starts": TODAY, "ends": TODAY, "kinds": ("restaurant",),
             "steps": STEPS} | changes  # fmt: skip
    with pytest.raises(Invalid) as refused:
        draw_up(given=NewPlan(**given), by=world.city, at=NOON)
    assert refused.value.code == code
    assert Plan.objects.count() == 0


def test_the_cube_costs_a_fixed_number_of_queries(world, django_assert_num_queries):
    venues(world, 5)
    reader = world.city
    plan = planned(world)
    with django_assert_num_queries(8):
        selectors.cube(plan_id=plan.pk, by=reader, on=TODAY)
    record_results(plan_id=plan.pk, results=cells(plan)[:7], by=reader, at=NOON)
    with django_assert_num_queries(8):
        selectors.cube(plan_id=plan.pk, by=reader, on=TODAY)
    with django_assert_num_queries(2):
        selectors.plans(by=reader)
