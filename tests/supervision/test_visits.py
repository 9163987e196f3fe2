"""Visits told before and not; rounds of cross inspection."""

from datetime import date, timedelta

import pytest

from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.loops.models import Notice, Obligation, Problem
from bihuan.core.loops.selectors import loop_detail
from bihuan.core.loops.services import act
from bihuan.core.loops.types import MoveInput
from bihuan.core.orgs.models import Org
from bihuan.core.orgs.types import Role
from bihuan.core.places.models import Place
from bihuan.core.places.services import insert_places
from bihuan.core.places.types import NewPlace
from bihuan.supervision.models import Round, Visit
from bihuan.supervision.selectors import visits as selectors
from bihuan.supervision.services import visits
from bihuan.supervision.services.rounds import NewRound, draw_round
from bihuan.supervision.services.visits import NewFinding, NewTeam, NewVisit
from tests.conftest import NOON
from tests.factories import DAY_ONE, staff
from tests.supervision.conftest import HOUR, prove

TODAY = date(2026, 3, 10)


@pytest.fixture
def visit(world):
    """An unannounced visit of the province's team to the county, led by the inspector."""
    team = visits.form_team(
        given=NewTeam(
            "省督查一组", "检查渡口和车间", world.inspector.post_id, (world.builder.post_id,),
            TODAY, TODAY + timedelta(days=30),
        ),
        by=world.head, at=NOON,
    )  # fmt: skip
    given = NewVisit(world.county.post_id, NOON + HOUR, announced=False, links=("储存", "使用"))
    return visits.plan_visit(team_id=team.pk, given=given, by=world.builder, at=NOON)


def found(world, visit, number=1, who="builder"):
    given = NewFinding(f"问题{number}", "未按要求登记。", "work-safety", link="储存")
    return visits.file_finding(visit_id=visit.pk, given=given, by=world.actor(who), at=NOON + HOUR)


def test_the_unit_sees_each_of_five_findings_at_once_with_a_deadline_and_the_leader_verifies(
    world, visit
):
    visits.begin_visit(visit_id=visit.pk, by=world.builder, at=NOON + HOUR)
    rows = [found(world, visit, number) for number in range(5)]
    seen = selectors.visit_detail(visit_id=visit.pk, by=world.county, at=NOON + HOUR).findings
    assert {row.id for row in seen} == {row.pk for row in rows}
    assert {row.due_at for row in seen} == {NOON + HOUR + timedelta(days=15)}
    assert Notice.objects.filter(post=world.county.post_id, kind="problem.found").count() == 5
    assert set(Problem.objects.values_list("origin_kind", "origin_name")) == {
        ("visit", "省督查一组")
    }
    row = rows[0]
    for move, who, given in (
        ("grade", "builder", MoveInput(grade="general")), ("assign", "builder", MoveInput()),
        ("begin", "county", MoveInput()),
    ):  # fmt: skip
        actor = world.actor(who)
        if who == "builder":  # a department of the mandating place; its own sectors aside
            actor = world.head
        row = act(obligation_id=row.pk, move=move, by=actor, at=NOON + HOUR, given=given)
    prove(world, row, "county", at=NOON + 2 * HOUR)
    with pytest.raises(MoveBlocked) as refused:
        act(obligation_id=row.pk, move="verify", by=world.head, at=NOON + 3 * HOUR)
    assert refused.value.code == "problem.not_leader"
    row = act(obligation_id=row.pk, move="verify", by=world.inspector, at=NOON + 3 * HOUR)
    assert (row.state, row.accepted_by_id) == ("verified", world.inspector.person_id)


def test_a_member_of_another_body_sees_what_the_team_found_and_an_outsider_does_not(world, visit):
    visits.begin_visit(visit_id=visit.pk, by=world.builder, at=NOON + HOUR)
    row = found(world, visit)
    assert world.builder.org_id not in {row.owner_org_id, row.issuer_org_id}
    assert loop_detail(obligation_id=row.pk, by=world.builder, at=NOON + HOUR).row.id == row.pk
    with pytest.raises(NotFound):
        loop_detail(obligation_id=row.pk, by=world.airport, at=NOON + HOUR)


def test_an_unannounced_visit_is_unknown_until_it_begins(world, visit):
    with pytest.raises(NotFound):
        selectors.visit_detail(visit_id=visit.pk, by=world.county, at=NOON)
    assert Notice.objects.filter(kind__startswith="visit").count() == 0
    assert selectors.visits(by=world.county)[0] == ()
    with pytest.raises(Conflict):
        found(world, visit)
    visits.begin_visit(visit_id=visit.pk, by=world.inspector, at=NOON + HOUR)
    detail = selectors.visit_detail(visit_id=visit.pk, by=world.county, at=NOON + HOUR)
    assert (detail.inspected, detail.inspects, detail.row.state) == (True, False, "under_way")
    assert Notice.objects.get(kind="visit.begun").post_id == world.county.post_id


def test_an_announced_visit_is_told_at_once(world, visit):
    given = NewVisit(world.county2.post_id, NOON + HOUR, announced=True)
    told = visits.plan_visit(team_id=visit.team_id, given=given, by=world.inspector, at=NOON)
    assert Notice.objects.get(kind="visit.announced").post_id == world.county2.post_id
    assert selectors.visit_detail(visit_id=told.pk, by=world.county2, at=NOON).inspected


def test_only_members_of_the_team_make_its_visits(world, visit):
    for who in ("head", "county"):
        with pytest.raises((NotAllowed, NotFound)):
            visits.begin_visit(visit_id=visit.pk, by=world.actor(who), at=NOON)
    given = NewVisit(world.county.post_id, NOON + HOUR, announced=True)
    with pytest.raises(NotAllowed) as refused:
        visits.plan_visit(team_id=visit.team_id, given=given, by=world.head, at=NOON)
    assert refused.value.code == "team.not_member"
    late = NOON + timedelta(days=40)
    with pytest.raises(NotAllowed) as refused:
        visits.plan_visit(team_id=visit.team_id, given=given, by=world.inspector, at=late)
    assert refused.value.code == "team.over"


def test_a_visit_ends_when_every_link_has_its_answer(world, visit):
    visits.begin_visit(visit_id=visit.pk, by=world.builder, at=NOON)
    found(world, visit)
    ask = {"visit_id": visit.pk, "by": world.builder, "at": NOON + HOUR}
    with pytest.raises(MoveBlocked) as refused:
        visits.end_visit(**ask)
    assert refused.value.facts["links"] == ["使用"]
    visits.answer_link(**ask, link="使用", answer="fine")
    assert visits.end_visit(**ask).answers == {"储存": "gap", "使用": "fine"}
    with pytest.raises(Conflict):
        visits.end_visit(**ask)
    with pytest.raises(Conflict):
        found(world, visit)


def test_the_inspected_may_comment_and_nothing_else(world, visit):
    visits.begin_visit(visit_id=visit.pk, by=world.builder, at=NOON)
    ask = {"visit_id": visit.pk, "by": world.county, "at": NOON}
    visits.comment_visit(**ask, comment="已现场整改")
    row = visits.comment_visit(**ask, comment="补充照片")
    assert row.comment.count("\n") == 1
    with pytest.raises(NotAllowed):
        visits.end_visit(**ask)
    with pytest.raises(NotAllowed):
        visits.comment_visit(visit_id=visit.pk, comment="好", by=world.builder, at=NOON)


def test_lists_of_teams_and_visits_cost_a_fixed_number_of_queries(
    world, visit, django_assert_num_queries
):
    reader = world.inspector
    with django_assert_num_queries(2):
        (row,), _ = selectors.visits(by=reader)
    with django_assert_num_queries(1):
        (team,) = selectors.teams(by=reader, at=NOON)
    assert (row.state, team.members, team.member) == ("planned", 2, True)
    assert selectors.teams(by=world.outsider, at=NOON) == ()


def seven_counties(world):
    """Seven counties of one city, each with a desk."""
    codes = [("990201", "林口县"), *((f"99020{n}", f"县{n}") for n in range(2, 8))]
    insert_places([NewPlace(code, name, DAY_ONE) for code, name in codes[1:]])
    for code, _ in codes:
        place = Place.objects.get(code=code)
        staff(place, f"desk{code}", role=Role.OFFICE, kind="headquarters", desk=True)
    return tuple(org.pk for org in selectors.candidates_for_round(by=world.outsider))


def drawn(world, org_ids, who="outsider", **changes):
    given = {"title": "第一轮", "org_ids": org_ids, "links": ("储存", "运输"),
             "planned_for": NOON + HOUR} | changes  # fmt: skip
    return draw_round(given=NewRound(**given), by=world.actor(who), at=NOON)


def test_of_seven_counties_each_is_visited_once_by_another_and_none_swap(world):
    org_ids = seven_counties(world)
    first = drawn(world, org_ids)
    pairs = dict(first.pairs.values_list("inspector_id", "inspected_id"))
    assert len(org_ids) == 7
    assert sorted(pairs) == sorted(pairs.values()) == sorted(org_ids)
    assert all(pairs[v] != u and u != v for u, v in pairs.items())
    second = drawn(world, org_ids)
    again = dict(second.pairs.values_list("inspector_id", "inspected_id"))
    assert second.repeats == 0
    assert not set(pairs.items()) & set(again.items())
    assert Visit.objects.filter(pair__round=first).count() == 7


def test_two_counties_cannot_cross_inspect_without_a_third_party(world):
    org_ids = seven_counties(world)
    with pytest.raises(Conflict) as refused:
        drawn(world, org_ids[:2])
    assert refused.value.code == "rota.two_units"
    assert len(refused.value.facts["units"]) == 2
    assert Round.objects.count() == 0
    row = drawn(world, org_ids[:2], observer_org_id=org_ids[2])
    assert row.pairs.count() == 2


def test_a_declared_interest_is_kept_out_and_an_impossible_round_names_who_is_stuck(world):
    one, two, three = seven_counties(world)[:3]
    with pytest.raises(Conflict) as refused:
        drawn(world, (one, two, three), excluded=frozenset({(one, two), (one, three)}))
    assert refused.value.code == "rota.excluded"
    assert refused.value.facts["units"] == [Org.objects.get(pk=one).name]


def test_findings_of_a_cross_inspection_become_problems_of_the_inspected(world):
    org_ids = seven_counties(world)
    row = drawn(world, org_ids)
    pair = row.pairs.select_related("visit").first()
    inspector = next(
        world.actor(f"desk99020{n}")
        for n in range(1, 8)
        if world.actor(f"desk99020{n}").org_id == pair.inspector_id
    )
    visits.begin_visit(visit_id=pair.visit.pk, by=inspector, at=NOON)
    given = NewFinding("无台账", "危化品无台账。", "work-safety", link="储存")
    problem = visits.file_finding(visit_id=pair.visit.pk, given=given, by=inspector, at=NOON)
    assert (problem.owner_org_id, problem.issuer_org_id) == (pair.inspected_id, row.org_id)
    assert Problem.objects.get(pk=problem.pk).origin_kind == "cross"
    detail = selectors.visit_detail(visit_id=pair.visit.pk, by=inspector, at=NOON)
    assert [f.id for f in detail.findings] == [problem.pk]
    (shown,) = selectors.rounds(by=world.outsider)
    assert [p.findings for p in shown.pairs if p.visit_id == pair.visit.pk] == [1]


def test_a_round_needs_a_title_links_and_a_planner(world):
    org_ids = seven_counties(world)
    for changes, code in (({"title": ""}, "round.no_title"), ({"links": ()}, "round.no_links")):
        with pytest.raises(Invalid) as refused:
            drawn(world, org_ids, **changes)
        assert refused.value.code == code
    with pytest.raises(NotAllowed):
        drawn(world, org_ids, who="factory")
    with pytest.raises(NotFound):
        drawn(world, org_ids, who="city")
    assert Obligation.objects.count() == 0
