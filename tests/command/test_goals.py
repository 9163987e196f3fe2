"""Three firm, two ensure: five goals, five lights, and none green without its definition."""

from datetime import date, datetime, timedelta

import pytest

from bihuan.command.rules import Figures, Told, light
from bihuan.command.selectors.goals import (
    fetch_set,
    goal_template,
    lights,
    reports_of,
    set_in_force,
)
from bihuan.command.services.goals import NewFigure, NewGoal, NewSet, report_figure, set_goals
from bihuan.core.clock import local_date
from bihuan.core.errors import Invalid, NotAllowed, NotFound
from bihuan.safety.rules.accidents import Harm
from bihuan.safety.services.accidents import Call, call_accident
from tests.conftest import NOON
from tests.factories import build_world

TODAY = local_date(NOON)
YEAR = timedelta(days=365)


@pytest.fixture
def world(db):
    return build_world(NOON)


def given(world, *goals, **changes):
    wanted = {"title": "三坚决两确保", "source": "年初会议", "starts": date(TODAY.year, 1, 1),
              "ends": date(TODAY.year, 12, 31), "goals": goals} | changes  # fmt: skip
    return NewSet(**wanted)


def goal_of(row, position):
    return row.goals.get(position=position).pk


def accident(world, at: datetime, deaths=1, by="county"):
    call = Call("坍塌", "工地", Harm(deaths=deaths), occurred_at=at, known_at=at)
    return call_accident(given=call, by=world.actor(by), at=at)


RULE = {"figure": "deaths", "against": "most"}


def test_a_goal_without_rule_figure_or_post_is_undefined_and_never_green():
    figures = Figures({"deaths": 0}, {})
    asked = {"figures": figures, "amber": 0.8}
    assert light(rule=None, most=5, owned=True, **asked).why == "rule"
    assert light(rule=RULE, most=None, owned=True, **asked).why == "figure"
    assert light(rule=RULE, most=5, owned=False, **asked).why == "post"
    by_year = RULE | {"against": "year"}
    for rule in (None, RULE, by_year):
        told = light(rule=rule, most=None, owned=True, **asked)
        assert told.colour == "undefined"


@pytest.mark.parametrize(
    ("value", "colour"), [(0, "green"), (7, "green"), (8, "amber"), (10, "amber"), (11, "red")]
)
def test_a_figure_is_green_amber_or_red_against_the_most(value, colour):
    figures = Figures({"deaths": value}, {})
    assert light(rule=RULE, most=10, owned=True, figures=figures, amber=0.8).colour == colour


@pytest.mark.parametrize(
    ("now", "before", "colour"), [(0, 0, "green"), (3, 4, "green"), (4, 4, "amber"), (5, 4, "red")]
)
def test_what_must_fall_is_held_against_the_year_before(now, before, colour):
    figures = Figures({"deaths": now}, {"deaths": before})
    rule = RULE | {"against": "year"}
    assert light(rule=rule, most=None, owned=True, figures=figures, amber=0.8).colour == colour


def test_nothing_is_allowed_so_one_is_red_and_none_is_green():
    for value, colour in ((0, "green"), (1, "red")):
        figures = Figures({"deaths": value}, {})
        assert light(rule=RULE, most=0, owned=True, figures=figures, amber=0.8).colour == colour


def test_a_set_of_five_with_evidence_rules_gives_five_lights(world, django_assert_num_queries):
    post = world.mayor.post_id
    accident(world, NOON - timedelta(days=20), deaths=4)
    accident(world, NOON - timedelta(days=10))
    accident(world, NOON - YEAR - timedelta(days=10))
    row = set_goals(
        given=given(
            world, NewGoal("防重特大", "major", 0, post), NewGoal("遏制较大", "larger", 0, post),
            NewGoal("防群死群伤", "", None, post), NewGoal("总量下降", "accidents_fall", None, post),
            NewGoal("死亡控制", "deaths", 6, post),
        ), by=world.city, at=NOON,
    )  # fmt: skip
    with django_assert_num_queries(5):
        told = lights(row, at=NOON)
    assert [(one.light.colour, one.light.value, one.light.bound) for one in told] == [
        ("green", 0, 0), ("red", 1, 0), ("undefined", None, None), ("red", 2, 1), ("amber", 5, 6),
    ]  # fmt: skip
    before = lights(row, at=NOON - timedelta(days=15))
    assert before[4].light.value == 4


def test_the_goals_of_the_pack_alone_are_not_green(world):
    rows = goal_template(scope=world.city.scope, at=NOON)
    goals = [NewGoal(row["name"], row["rule"], row.get("most")) for row in rows]
    row = set_goals(given=given(world, *goals), by=world.city, at=NOON)
    assert [one.light.colour for one in lights(row, at=NOON)] == ["undefined"] * 5


def test_a_set_holds_for_its_days_and_the_nearest_and_latest_is_in_force(world):
    goal = NewGoal("死亡控制", "deaths", 6)
    top = set_goals(given=given(world, goal), by=world.head, at=NOON)
    assert set_in_force(by=world.county, at=NOON) == top
    set_goals(given=given(world, goal), by=world.city, at=NOON)
    later = set_goals(given=given(world, goal), by=world.city, at=NOON)
    assert set_in_force(by=world.county, at=NOON) == later
    assert set_in_force(by=world.outsider, at=NOON) == top
    assert set_in_force(by=world.county, at=NOON + YEAR) is None
    with pytest.raises(NotFound):
        fetch_set(set_id=later.pk, by=world.outsider)


def test_a_set_that_cannot_stand_is_refused(world):
    goal = NewGoal("死亡控制", "deaths", 6)
    ask = {"by": world.city, "at": NOON}
    for wrong, code in (
        (given(world, goal, source=" "), "goal.title"), (given(world, NewGoal(" ")), "goal.none"),
        (given(world, goal, ends=date(TODAY.year - 1, 1, 1)), "goal.days"),
        (given(world, NewGoal("x", "moon")), "goal.rule"),
        (given(world, NewGoal("x", "deaths", -1)), "goal.figure"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            set_goals(given=wrong, **ask)
        assert refused.value.code == code
    with pytest.raises(NotFound):
        set_goals(given=given(world, NewGoal("x", "", None, world.outsider.post_id)), **ask)
    with pytest.raises(NotAllowed):
        set_goals(given=given(world, goal), by=world.factory, at=NOON)


def test_what_no_counter_has_is_judged_by_a_fresh_report_alone():
    rule = {"figure": "reported", "against": "most"}
    asked = {"rule": rule, "most": 5, "figures": Figures({"deaths": 9}, {}), "amber": 0.8}
    assert light(owned=True, **asked).why == "report"
    old = light(owned=True, told=Told(3, stale=True), **asked)
    assert (old.colour, old.why, old.value) == ("undefined", "stale", 3)
    for value, colour in ((3, "green"), (4, "amber"), (6, "red")):
        assert light(owned=True, told=Told(value, stale=False), **asked).colour == colour
    assert light(owned=False, told=Told(0, stale=False), **asked).why == "post"


def test_the_responsible_post_reports_the_two_goals_of_nature_with_evidence_and_day(world):
    rows = goal_template(scope=world.city.scope, at=NOON)
    most = {"larger": 2.0, "disaster_deaths": 5.0}
    goals = [NewGoal(row["name"], row["rule"], row.get("most", most.get(row["rule"])),
                     world.mayor.post_id) for row in rows]  # fmt: skip
    row = set_goals(given=given(world, *goals), by=world.city, at=NOON)
    assert [one.light.why for one in lights(row, at=NOON)] == ["", "", "report", "", "report"]
    for position, value in ((3, 0), (5, 4)):
        told = NewFigure(value, TODAY - timedelta(days=2), "灾情快报第 6 期")
        report_figure(goal_id=goal_of(row, position), given=told, by=world.mayor, at=NOON)
    after = [(one.light.colour, one.reported) for one in lights(row, at=NOON)]
    assert (after[2], after[4]) == (("green", True), ("amber", True))
    later = NewFigure(6, TODAY, "灾情快报第 7 期")
    report_figure(goal_id=goal_of(row, 5), given=later, by=world.mayor, at=NOON)
    assert [one.light.colour for one in lights(row, at=NOON)][4] == "red"
    stale = lights(row, at=NOON + timedelta(days=40))
    assert [stale[n].light.why for n in (2, 4)] == ["stale", "stale"]
    assert [one.value for one in reports_of(row, at=NOON)] == [6, 4, 0]


def test_a_report_of_another_post_or_without_a_basis_is_refused(world):
    goal, counted = (NewGoal(name, rule, 0, world.mayor.post_id)
                     for name, rule in (("群死群伤", "disaster_groups"), ("死亡", "deaths")))  # fmt: skip
    row = set_goals(given=given(world, goal, counted), by=world.city, at=NOON)
    fine = NewFigure(0, TODAY, "快报")
    for wrong, code in (
        (NewFigure(-1, TODAY, "快报"), "goal.figure"), (NewFigure(0, TODAY, " "), "goal.basis"),
        (NewFigure(0, TODAY + timedelta(days=1), "快报"), "goal.report_day"),
        (NewFigure(0, date(TODAY.year - 1, 12, 31), "快报"), "goal.report_day"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            report_figure(goal_id=goal_of(row, 1), given=wrong, by=world.mayor, at=NOON)
        assert refused.value.code == code
    with pytest.raises(Invalid, match=r"goal\.counted"):
        report_figure(goal_id=goal_of(row, 2), given=fine, by=world.mayor, at=NOON)
    with pytest.raises(NotAllowed, match=r"goal\.not_owner"):
        report_figure(goal_id=goal_of(row, 1), given=fine, by=world.city, at=NOON)
    for by, pk in ((world.outsider, goal_of(row, 1)), (world.mayor, 0)):
        with pytest.raises(NotFound):
            report_figure(goal_id=pk, given=fine, by=by, at=NOON)
