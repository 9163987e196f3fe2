"""A hazard from finding to closing: criteria, interim measure, commitments, stop-work, rechecks."""

from datetime import date, timedelta

import pytest

from bihuan.core.audit.models import Entry
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.evidence.services import Made, add_statement
from bihuan.core.loops.models import Obligation, Problem
from bihuan.core.loops.services import (
    act,
    decide_responsibility,
    describe_problem,
    propose_responsibility,
    reply_responsibility,
)
from bihuan.core.loops.services.problems import Description
from bihuan.core.loops.types import MoveInput
from bihuan.core.orgs.types import Role
from bihuan.safety.models import Hazard, LegalStep
from bihuan.safety.rules.hazards import Weights, attention_score
from bihuan.safety.selectors.hazards import Wanted, hazards
from bihuan.safety.services.counts import report_count
from bihuan.safety.services.hazards import (
    Commitments,
    Grading,
    NewHazard,
    decide_step,
    fetch_hazard,
    grade_hazard,
    recheck,
    report_hazard,
    undertake,
)
from bihuan.safety.services.listings import (
    ask_extension,
    decide_extension,
    list_hazard,
    publish_listing,
    remove_listing,
)
from bihuan.safety.services.orders import (
    NewOrder,
    answer_step,
    lift_order,
    order_stop,
    sign_restart,
)
from tests.conftest import NOON
from tests.factories import staff
from tests.safety.conftest import establish, of_factory

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def found(world, by="county", place=None, **changes):
    place = place or of_factory(world)
    given = NewHazard(**({"title": "安全出口锁闭", "type_code": "出口锁闭"} | changes))
    return report_hazard(establishment_id=place.pk, given=given, by=world.actor(by), at=NOON)


def graded(world, row, criterion="fire.exit", at=NOON, **changes):
    wanted = {"interim": "停止使用三层", "interim_post_id": world.factory.post_id} | changes
    given = Grading(criterion, **(wanted if criterion != "none" else {}))
    return grade_hazard(hazard_id=row.pk, given=given, by=world.county, at=at)


def committed(world, row):
    given = Commitments("拆除锁具,增设推杠锁", "2 万元", world.factory.post_id, date(2026, 3, 20),
                        "封闭三层,专人看守")  # fmt: skip
    return undertake(hazard_id=row.pk, given=given, by=world.factory, at=NOON)


def rectified(world, row, at=NOON + HOUR):
    act(obligation_id=row.pk, move="assign", by=world.county, at=NOON)
    act(obligation_id=row.pk, move="begin", by=world.factory, at=NOON)
    add_statement(subject=row.subject, scope=row.scope, kind="statement",
                  made=Made(at, text="已拆除"), by=world.factory, at=at)  # fmt: skip
    return act(obligation_id=row.pk, move="prove", by=world.factory, at=at)


def answered_for(world, row, at):
    entry = propose_responsibility(
        obligation_id=row.pk, party="unit", post_id=world.factory.post_id, duty="保持出口畅通",
        by=world.city, at=at,
    )  # fmt: skip
    reply_responsibility(responsibility_id=entry.pk, reply="属实", by=world.factory, at=at)
    decide_responsibility(responsibility_id=entry.pk, met=False, consequence="通报",
                          by=world.city, at=at)  # fmt: skip


def known(world, row, at):
    given = Description(cause="图方便", extent="三层", similar="不适用:唯一车间")
    describe_problem(obligation_id=row.pk, given=given, by=world.county, at=at)


def closed(world, row, at=NOON + 2 * HOUR):
    act(obligation_id=row.pk, move="verify", by=world.county, at=at)
    known(world, row, at)
    answered_for(world, row, at)
    return act(obligation_id=row.pk, move="close", by=world.county, at=at)


def test_a_hazard_goes_from_finding_to_closing_through_its_gates(world):
    row = graded(world, found(world))
    committed(world, row)
    row = closed(world, rectified(world, row))
    assert row.state == "closed"
    problem = Problem.objects.get(pk=row.pk)
    assert all((problem.found_out_at, problem.verified_at, problem.answered_for_at))


def test_a_major_hazard_has_its_interim_measure_from_the_minute_of_grading(world):
    row = found(world)
    with pytest.raises(MoveBlocked) as refused:
        graded(world, row, interim="", interim_post_id=None)
    assert refused.value.code == "problem.no_interim"
    graded(world, row)
    assert Problem.objects.get(pk=row.pk).interim == "停止使用三层"


def test_a_hazard_is_graded_by_the_criteria_of_its_industry_and_by_nothing_else(world):
    row = found(world)
    with pytest.raises(MoveBlocked) as refused:
        act(obligation_id=row.pk, move="grade", by=world.county, at=NOON,
            given=MoveInput(grade="general"))  # fmt: skip
    assert refused.value.code == "hazard.no_criterion"
    with pytest.raises(Invalid):
        graded(world, row, criterion="no.such")
    graded(world, row, criterion="none")
    hazard = Hazard.objects.get(pk=row.pk)
    assert (hazard.criterion, Problem.objects.get(pk=row.pk).grade) == ("none", "general")
    graded(world, row)
    hazard.refresh_from_db()
    assert "GB 35181" in hazard.criterion_ref


def test_without_the_five_commitments_no_major_hazard_is_worked_on(world):
    row = graded(world, found(world))
    act(obligation_id=row.pk, move="assign", by=world.county, at=NOON)
    with pytest.raises(MoveBlocked) as refused:
        act(obligation_id=row.pk, move="begin", by=world.factory, at=NOON)
    assert refused.value.code == "hazard.commitments"
    with pytest.raises(NotAllowed):
        undertake(hazard_id=row.pk, given=Commitments("a", "b", None, None, "c"), by=world.county,
                  at=NOON)  # fmt: skip
    committed(world, row)
    assert act(obligation_id=row.pk, move="begin", by=world.factory, at=NOON).state == "rectifying"


def promise(world, row, day, at=NOON):
    given = Commitments("拆除锁具", "2 万元", world.factory.post_id, day, "专人看守")
    undertake(hazard_id=row.pk, given=given, by=world.factory, at=at)
    row.refresh_from_db()
    return row


def test_a_day_promised_earlier_than_the_clock_binds_and_a_later_one_does_not(world):
    row = graded(world, found(world))
    act(obligation_id=row.pk, move="assign", by=world.county, at=NOON)
    row.refresh_from_db()
    clock, today = (row.due_at, row.due_rule), local_date(NOON)
    row = promise(world, row, local_date(row.due_at) + timedelta(days=3))
    assert (row.due_at, row.due_rule) == clock
    soon = today + timedelta(days=4)
    row = promise(world, row, soon)
    assert (local_date(row.due_at), row.due_rule) == (soon, "promised")
    assert Entry.objects.filter(action="problem.promise", subject=row.subject).count() == 1
    row = promise(world, row, today + timedelta(days=9))
    assert local_date(row.due_at) == soon, "whoever owes it does not loosen it"
    with pytest.raises(Invalid, match=r"task\.due_past"):
        promise(world, row, today - timedelta(days=1))


def test_what_was_promised_before_assigning_binds_from_then_and_an_extension_stands(world):
    row = promise(world, graded(world, found(world)), local_date(NOON) + timedelta(days=4))
    assert row.due_rule != "promised"
    act(obligation_id=row.pk, move="assign", by=world.county, at=NOON)
    row.refresh_from_db()
    assert row.due_rule == "promised"
    later = MoveInput(note="配件到货晚", until=row.due_at + timedelta(days=5))
    act(obligation_id=row.pk, move="extend", by=world.county, at=NOON, given=later)
    row = promise(world, row, local_date(NOON) + timedelta(days=4))  # written again, unchanged
    assert (row.due_at, row.due_rule) == (later.until, "extended")


def test_a_general_hazard_needs_no_commitments(world):
    row = graded(world, found(world), criterion="none")
    assert rectified(world, row).state == "submitted"


def test_whoever_rectified_may_not_verify_and_three_gates_close(world):
    row = graded(world, found(world), criterion="none")
    row = rectified(world, row)
    with pytest.raises((MoveBlocked, NotAllowed)):
        act(obligation_id=row.pk, move="verify", by=world.factory, at=NOON + HOUR)
    act(obligation_id=row.pk, move="verify", by=world.county, at=NOON + HOUR)
    known(world, row, NOON + HOUR)
    with pytest.raises(MoveBlocked) as refused:
        act(obligation_id=row.pk, move="close", by=world.county, at=NOON + HOUR)
    assert refused.value.facts["missing"] == ["gate.not_answered_for"]


def test_a_neighbour_sees_no_hazard(world):
    row = found(world)
    for who in ("county2", "outsider", "airport", "auditor"):
        with pytest.raises(NotFound):
            fetch_hazard(hazard_id=row.pk, by=world.actor(who))
        assert hazards(by=world.actor(who), at=NOON)[0] == ()
    assert [r.id for r in hazards(by=world.factory, at=NOON)[0]] == [row.pk]
    assert hazards(by=world.county, at=NOON, wanted=Wanted(grade="major"))[0] == ()


def test_a_recheck_that_fails_reopens_the_same_record_and_drafts_the_next_step(world):
    row = graded(world, found(world), criterion="none")
    row = closed(world, rectified(world, row))
    later = NOON + 31 * DAY
    with pytest.raises(Invalid):
        recheck(hazard_id=row.pk, fine=False, note="", by=world.county, at=later)
    recheck(hazard_id=row.pk, fine=False, note="又锁上了", by=world.county, at=later)
    row.refresh_from_db()
    assert (row.state, row.closed_at) == ("rectifying", None)
    step = LegalStep.objects.get(hazard=row.pk)
    assert (step.step, step.decided_at, "第一百零二条" in step.article) == ("correct", None, True)
    decide_step(step_id=step.pk, taken=True, reason="逾期未改", by=world.county, at=later)
    with pytest.raises(Conflict):
        decide_step(step_id=step.pk, taken=True, reason="再来", by=world.county, at=later)


def test_a_look_after_the_deadline_finds_it_open_and_a_person_decides_the_next_step(world):
    row = graded(world, found(world), criterion="none")
    with pytest.raises(Conflict):
        recheck(hazard_id=row.pk, fine=False, note="未改", by=world.county, at=NOON)
    late = Obligation.objects.get(pk=row.pk).due_at + HOUR
    recheck(hazard_id=row.pk, fine=False, note="未改", by=world.county, at=late)
    recheck(hazard_id=row.pk, fine=False, note="仍未改", by=world.county, at=late)
    step = LegalStep.objects.get(hazard=row.pk)  # one that waits stays alone
    decide_step(step_id=step.pk, taken=True, reason="逾期未改", by=world.county, at=late)
    recheck(hazard_id=row.pk, fine=False, note="仍未改", by=world.county, at=late)
    assert LegalStep.objects.filter(hazard=row.pk, decided_at=None).get().step == "suspend"


def test_a_recheck_that_is_fine_ends_the_matter(world):
    row = closed(world, rectified(world, graded(world, found(world), criterion="none")))
    recheck(hazard_id=row.pk, fine=True, note="", by=world.county, at=NOON + 31 * DAY)
    assert Problem.objects.get(pk=row.pk).recheck_at is None


@pytest.fixture
def mine(world):
    staff(world.places["990101"], "bureau", role=Role.DEPARTMENT, kind="department",
          sectors=["mining"])  # fmt: skip
    return of_factory(world, kind="mine", name="一号矿",
                      fields={"mine_type": "煤矿", "licence_until": "2027-01-01"})  # fmt: skip


def stopped(world, mine, **changes):
    given = NewOrder(
        **(
            {
                "part": "井下",
                "reason": "瓦斯超限",
                "steps": ("瓦斯监测正常", "通风正常"),
                "basis": "安全生产法第六十五条",
            }
            | changes
        )
    )
    return order_stop(establishment_id=mine.pk, given=given, by=world.county, at=NOON)


def underground(world, mine, value):
    return report_count(establishment_id=mine.pk, measure="underground", value=value,
                        by=world.factory, at=NOON)  # fmt: skip


def test_a_stop_work_order_blocks_the_shift_and_restart_takes_three_signatures(world, mine):
    assert underground(world, mine, 40).verdict == "fine"
    order = stopped(world, mine)
    with pytest.raises(Conflict) as refused:
        underground(world, mine, 1)
    assert refused.value.code == "count.order_holds"
    assert underground(world, mine, 0).verdict == "fine"
    with pytest.raises(MoveBlocked) as refused:
        sign_restart(order_id=order.pk, by=world.factory, at=NOON)
    assert refused.value.code == "stop_order.steps_open"
    for index in (0, 1):
        answer_step(order_id=order.pk, index=index, fine=True, by=world.county, at=NOON)
    for who in ("factory", "bureau"):
        sign_restart(order_id=order.pk, by=world.actor(who), at=NOON)
    with pytest.raises(MoveBlocked) as refused:
        lift_order(order_id=order.pk, by=world.county, at=NOON)
    assert refused.value.code == "stop_order.signatures"
    with pytest.raises(Conflict):
        sign_restart(order_id=order.pk, by=world.factory, at=NOON)
    sign_restart(order_id=order.pk, by=world.county, at=NOON)
    lift_order(order_id=order.pk, by=world.county, at=NOON)
    assert underground(world, mine, 40).verdict == "fine"


def test_a_step_found_wanting_takes_the_signatures_back(world, mine):
    order = stopped(world, mine, steps=("通风",))
    answer_step(order_id=order.pk, index=0, fine=True, by=world.county, at=NOON)
    sign_restart(order_id=order.pk, by=world.factory, at=NOON)
    answer_step(order_id=order.pk, index=0, fine=False, by=world.county, at=NOON)
    assert not order.signatures.exists()
    with pytest.raises(Invalid):
        answer_step(order_id=order.pk, index=7, fine=True, by=world.county, at=NOON)
    with pytest.raises(NotAllowed):
        answer_step(order_id=order.pk, index=0, fine=True, by=world.factory, at=NOON)


def test_a_hazard_is_not_closed_while_its_order_holds(world, mine):
    row = graded(world, found(world, place=mine), criterion="none")
    stopped(world, mine, hazard_id=row.pk)
    row = rectified(world, row)
    with pytest.raises(MoveBlocked) as refused:
        closed(world, row)
    assert "hazard.order_holds" in refused.value.facts["missing"]


def test_a_listing_runs_by_the_clocks_of_its_pack_and_ends_with_the_hazard(world):
    row = found(world)
    ask = {"hazard_id": row.pk, "by": world.county}
    with pytest.raises(Conflict):
        list_hazard(**ask, document="港安〔2026〕1号", at=NOON)
    row = graded(world, row)
    listing = list_hazard(**ask, document="港安〔2026〕1号", at=NOON)
    assert (listing.publish_by, listing.clear_by) == (
        NOON.replace(day=17, hour=16), NOON + 365 * DAY)  # fmt: skip
    publish_listing(**ask, at=NOON + DAY)
    ask_extension(**ask, until=NOON + 400 * DAY, reason="设备到货晚", at=NOON + 30 * DAY)
    assert decide_extension(**ask, granted=True, at=NOON + 31 * DAY).clear_by == NOON + 400 * DAY
    with pytest.raises(Conflict):
        remove_listing(**ask, at=NOON + 32 * DAY)
    committed(world, row)
    closed(world, rectified(world, row))
    assert remove_listing(**ask, at=NOON + 33 * DAY).removed_at is not None


def test_good_reports_raise_the_score_and_what_others_find_lowers_it():
    weights = Weights(near_miss=2, own_find=1, found_by_others=3)
    start = attention_score(near_misses=0, own_finds=0, found_by_others=0, weights=weights)
    assert attention_score(near_misses=1, own_finds=1, found_by_others=0, weights=weights) > start
    assert attention_score(near_misses=0, own_finds=0, found_by_others=1, weights=weights) < start


def test_two_establishments_of_one_type_are_swept_alike(world):
    row = found(world)
    establish(world, name="二号车间")
    establish(world, name="三号车间", code="990101002")
    from bihuan.supervision.services.problems import open_sweep

    assert open_sweep(problem_id=row.pk, by=world.county, at=NOON) == 2
