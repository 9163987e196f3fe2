"""Problems are entered with proof; a pair is closed by its new figure; types recur in places."""

import io
from datetime import date, timedelta

import pytest
from PIL import Image

from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed
from bihuan.core.evidence.models import Item
from bihuan.core.loops.models import Notice, Obligation, Problem
from bihuan.core.loops.services import (
    act,
    decide_responsibility,
    describe_problem,
    propose_responsibility,
    reply_responsibility,
    serve_problem,
)
from bihuan.core.loops.services.problems import Description
from bihuan.supervision.selectors.problems import common_types, weaknesses
from bihuan.supervision.services.problems import (
    NewProblem,
    Photo,
    demand_figures,
    enter_problem,
    open_sweep,
)
from tests.conftest import NOON
from tests.factories import task
from tests.supervision.conftest import DAY, HOUR, problem, prove, rectifying, venues

PAIRS = (  # the four weak links of a real meeting: figure before, target
    ("疫情信息报告不及时", "报告用时(小时)", 9.0, 2.0),
    ("流调溯源效率需提升", "流调完成用时(小时)", 30.0, 24.0),
    ("基层防控责任落实未到底到边", "有人包保的社区(%)", 71.0, 100.0),
    ("重点场所管控不到位", "扫码查验率(%)", 62.0, 95.0),
)


def pair(world, title, figure, before, target, by="city"):
    words = Description(
        countermeasure="专班督办", figure_name=figure, figure_before=before,
        figure_target=target, remeasure_on=date(2026, 3, 20),
    )  # fmt: skip
    given = NewProblem(title, title, "epidemic-sensing", world.county.post_id, pair=words)
    return enter_problem(given=given, by=world.actor(by), at=NOON)


def test_a_problem_is_entered_registered_and_proven_in_one_go(world):
    paper = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(paper, "PNG")
    given = NewProblem("护栏缺失", "东侧护栏缺失。", "work-safety", world.county.post_id,
                       type_code="护栏")  # fmt: skip
    row = enter_problem(
        given=given, photos=[Photo("a.png", [paper.getvalue()])], by=world.city, at=NOON
    )
    assert (row.state, row.owner_post_id) == ("registered", world.county.post_id)
    assert Item.objects.get(subject=row.subject).kind == "photo"


def test_a_bad_proof_leaves_no_half_problem(world):
    given = NewProblem("护栏缺失", "东侧。", "work-safety", world.county.post_id)
    with pytest.raises(Invalid):
        enter_problem(given=given, photos=[Photo("a.exe", [b"MZ\x00"])], by=world.city, at=NOON)
    with pytest.raises(NotAllowed):
        enter_problem(given=given, by=world.auditor, at=NOON)
    assert Obligation.objects.count() == 0


def test_four_pairs_demand_their_new_figure_on_the_day_and_do_not_close_without_it(world):
    rows = [pair(world, *said) for said in PAIRS]
    assert demand_figures(at=NOON + 9 * DAY) == 0
    assert demand_figures(at=NOON + 10 * DAY) == 4
    assert demand_figures(at=NOON + 11 * DAY) == 0
    told = Notice.objects.filter(kind="problem.remeasure").values_list("post_id", flat=True)
    assert set(told) == {world.county.post_id}
    row = gated(world, rows[0])
    with pytest.raises(MoveBlocked) as refused:
        act(obligation_id=row.pk, move="close", by=world.clerk, at=NOON + HOUR)
    assert refused.value.code == "problem.no_remeasurement"
    after = Description(figure_after=1.5)
    describe_problem(obligation_id=row.pk, given=after, by=world.county, at=NOON + HOUR)
    row = act(obligation_id=row.pk, move="close", by=world.clerk, at=NOON + HOUR)
    assert row.state == "closed"


def gated(world, row):
    """Lead a registered problem through its three gates."""
    Obligation.objects.filter(pk=row.pk).update(state="found")
    row = rectifying(world, row)
    prove(world, row, "county")
    act(obligation_id=row.pk, move="verify", by=world.clerk, at=NOON + HOUR)
    words = Description(cause="链条长", extent="全市", similar="不适用:制度问题")
    describe_problem(obligation_id=row.pk, given=words, by=world.city, at=NOON + HOUR)
    entry = propose_responsibility(
        obligation_id=row.pk, party="territory", post_id=world.county.post_id, duty="及时报告",
        by=world.city, at=NOON + HOUR,
    )  # fmt: skip
    reply_responsibility(responsibility_id=entry.pk, reply="属实", by=world.county, at=NOON + HOUR)
    decide_responsibility(
        responsibility_id=entry.pk, met=False, consequence="提醒", by=world.city, at=NOON + HOUR
    )
    return row


def test_a_report_delay_of_9_hours_against_2_is_among_the_weakest_three_with_its_task(world):
    rows = [pair(world, *said) for said in PAIRS]
    work = task(world, owner="county", by="city", title="压缩报告用时")
    serve_problem(problem_id=rows[0].pk, task_id=work.pk, by=world.city, at=NOON)
    weakest = weaknesses(by=world.city, size=3)
    assert (weakest[0].figure, weakest[0].now, weakest[0].target) == (PAIRS[0][1], 9.0, 2.0)
    assert (weakest[0].shortfall, weakest[0].tasks) == (3.5, 1)
    assert len(weakest) == 3
    assert weaknesses(by=world.outsider) == ()


def test_a_type_found_in_three_places_is_common_and_its_recurrence_is_measured(world):
    for at, count in ((NOON - 100 * DAY, 4), (NOON, 2)):
        for _ in range(count):
            for owner in ("county", "county2", "city"):
                problem(world, owner=owner, by="head", at=at)
    rare = problem(world, owner="county", by="head")
    Problem.objects.filter(pk=rare.pk).update(type_code="少见")
    (common,) = common_types(by=world.head, at=NOON)
    assert (common.type_code, common.places, common.problems, common.before, common.change) == (
        "通道", 3, 6, 12, -50,
    )  # fmt: skip
    assert common_types(by=world.county, at=NOON + timedelta(hours=1)) == ()


def test_one_blocked_exit_opens_a_check_at_each_of_64_similar_places(world):
    kind = "workshop"
    others = venues(world, 64, code="990101001", kind=kind, name="车间")
    own = venues(world, 1, kind=kind, name="三号车间")[0]
    own.unit_id = world.factory.org_id
    own.save()
    venues(world, 3, kind="school", name="校")
    row = problem(world, owner="factory", by="county")
    assert open_sweep(problem_id=row.pk, by=world.county, at=NOON) == len(others) == 64
    checks = Obligation.objects.filter(origin=f"sweep:{row.pk}", flow="task")
    assert set(checks.values_list("owner_post", flat=True)) == {world.township.post_id}
    assert Problem.objects.get(pk=row.pk).similar == "通道 × 64"
    with pytest.raises(Conflict):
        open_sweep(problem_id=row.pk, by=world.county, at=NOON)


def test_a_sweep_needs_a_type_and_similar_places(world):
    row = problem(world, owner="factory", by="county")
    with pytest.raises(Invalid) as refused:
        open_sweep(problem_id=row.pk, by=world.county, at=NOON)
    assert refused.value.code == "sweep.no_places"
    Problem.objects.update(type_code="")
    with pytest.raises(Invalid) as refused:
        open_sweep(problem_id=row.pk, by=world.county, at=NOON)
    assert refused.value.code == "sweep.no_type"
    with pytest.raises(NotAllowed):
        open_sweep(problem_id=row.pk, by=world.factory, at=NOON)
