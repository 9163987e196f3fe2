"""Seven stages in which speed is measured."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.core.errors import NotFound
from bihuan.core.loops.models import Obligation
from bihuan.epidemic.models import Case, ControlOrder, FeverVisit, Question
from bihuan.epidemic.selectors.speed import STAGES, Watch, place_for, speed_board
from bihuan.epidemic.services.orders import draft_order, sign_order
from bihuan.epidemic.services.teams import assign_many
from tests.epidemic.conftest import draft, make_event

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def files(world, at):
    """100 case files: the n-th took n minutes, or 3n to the isolation; ten never stopped."""
    event = make_event(world, at)
    homes = [world.places[code] for code in ("990101001", "990101002")]
    rows = []
    for n in range(1, 101):
        told, home = at + n * MINUTE, homes[n % 2]
        kept = told + 3 * n * MINUTE if n > 10 else None
        rows.append(Case(
            event=event, pseudonym=f"P{n:07}", place=home, scope=home.path, kind="confirmed",
            age_band="15-44", diagnosed_at=at, reported_at=told, isolated_at=told, treated_at=kept,
            found_in="clinic", reporter_org_id=world.clinic.org_id, expires_at=at + 99 * HOUR,
        ))  # fmt: skip
    cases = Case.objects.bulk_create(rows)
    assign_many(cases, by=world.cdc, at=at)
    core = Obligation.objects.filter(origin__endswith=":case.core_facts").order_by("pk")[:90]
    ended = Obligation.objects.filter(pk__in=[row.pk for row in core])
    ended.update(state="closed", closed_at=at + 2 * HOUR)
    _others(world, event, cases[0], at)
    return cases


def _others(world, event, case, at):
    order = draft_order(given=draft(world, event, at), by=world.cdc, at=at + MINUTE)
    ControlOrder.objects.filter(pk=order.pk).update(drafted_by_id=0)
    sign_order(order_id=order.pk, by=world.mayor, at=at + 30 * MINUTE)
    FeverVisit.objects.create(
        visit_no="A1", first_org_id=world.clinic.org_id, org_id=world.clinic.org_id,
        scope=world.clinic.scope, age_band="15-44", arrived_at=at, tested_at=at + HOUR,
        result="negative", result_at=at + 5 * HOUR, by="x", expires_at=at + 99 * HOUR,
    )  # fmt: skip
    home = world.places["990101"]
    for n, answered in enumerate((at + 2 * HOUR, None)):
        Question.objects.create(
            number=f"XC-{n}", incoming=False, case=case, case_number=case.number, kind="x",
            edition="x", purpose="x", basis="x", subject_count=1, place=home, scope=home.path,
            asker_scope=home.path, drafted_at=at, drafted_by_id=1, drafted_by="x", sent_at=at,
            due_at=at + 24 * HOUR, answered_at=answered, expires_at=at + 300 * HOUR,
        )  # fmt: skip


def board(world, at, *, by="cdc", code="", days=7):
    actor = world.actor(by)
    told = speed_board(place=place_for(code=code, by=actor), by=actor, at=at, days=days)
    return {stage.key: stage for stage in told}


def minutes(watch: Watch):
    return watch.median / MINUTE, watch.p90 / MINUTE


def test_100_case_files_show_seven_rows_and_what_has_no_stop_is_running_and_not_fast(
    world, files, at
):
    told = board(world, at + 30 * HOUR)
    assert tuple(told) == STAGES
    report, care = told["report"].total, told["care"].total
    assert (report.n, report.done, report.running, report.breaches) == (100, 100, 0, 0)
    assert minutes(report) == pytest.approx((50.5, 90.1))
    assert (care.n, care.done, care.running, care.breaches) == (100, 90, 10, 10)
    assert minutes(care) == pytest.approx((166.5, 273.3)), "of the ninety that stopped"
    inquiry = told["investigation"].total
    assert (inquiry.n, inquiry.running, inquiry.breaches) == (100, 10, 10)
    assert {key: told[key].total.n for key in ("response", "test", "region")} == {
        "response": 1, "test": 1, "region": 2,
    }  # fmt: skip
    assert minutes(told["response"].total) == (30, 30)
    assert minutes(told["test"].total) == (300, 300), "from the door to the result"
    assert board(world, at + 2 * HOUR)["test"].total.running == 1, "a sample is no result"
    assert told["test"].limit == 8 * HOUR
    assert told["region"].total.breaches == 1, "the question nobody answered"
    assert (told["vaccination"].measured, told["vaccination"].total) == (False, Watch())


def test_what_is_past_its_limit_is_a_breach_only_from_then_on(world, files, at):
    soon = board(world, at + 100 * MINUTE)["care"].total
    assert (soon.running, soon.breaches) == (85, 0)
    assert board(world, at + 20 * HOUR)["care"].total.breaches == 10


def test_a_stage_is_told_by_node_and_by_day_of_the_start(world, files, at):
    stage = board(world, at + 30 * HOUR)["report"]
    assert [(node.code, watch.n) for node, _path, watch in stage.nodes] == [
        ("990101001", 50), ("990101002", 50),
    ]  # fmt: skip
    assert [watch.n for _day, watch in stage.days] == [100]
    town = board(world, at + 30 * HOUR, code="990101001")["report"]
    assert town.total.n == 50
    assert board(world, at + 30 * HOUR, days=1)["report"].total.n == 0
    assert board(world, at + 30 * HOUR, by="city")["report"].nodes[0][0].code == "990101"


def test_two_queries_and_none_of_a_place_that_is_not_ones_own(world, files, at):
    actor = world.cdc
    place = place_for(code="", by=actor)
    with CaptureQueriesContext(connection) as asked:
        speed_board(place=place, by=actor, at=at + HOUR, days=7)
    assert len(asked) == 2
    assert board(world, at + 30 * HOUR, by="police")["report"].total == Watch()
    assert board(world, at + 30 * HOUR, by="cdc_south")["report"].total == Watch()
    with pytest.raises(NotFound):
        place_for(code="990101", by=world.cdc_south)
