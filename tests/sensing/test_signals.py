"""From a count to a signal, its clock, its verdict."""

from datetime import timedelta

import pytest

from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.loops.models import Notice, Obligation
from bihuan.core.loops.services import act, tick
from bihuan.sensing.models import Report, Signal
from bihuan.sensing.selectors.signals import precision, signal_detail, signal_rows
from bihuan.sensing.services.sentinels import report_counts
from bihuan.sensing.services.signals import detect, judge_signal, watch_signal
from bihuan.sensing.types import Count
from tests.sensing.conftest import QUIET, sentinel, weeks


@pytest.fixture
def clinic(world, yesterday):
    row = sentinel(world)
    weeks(row, QUIET, last=yesterday)
    return row


def tripled(world, row, at, n=15):
    report_counts(counts=[Count(row.pk, "fever", local_date(at), n)], by=world.clinic, at=at)
    return detect(at=at)


@pytest.fixture
def signal(world, clinic, at):
    assert tripled(world, clinic, at) == 1
    return Signal.objects.get()


def test_a_tripled_count_in_one_township_raises_its_signal_the_same_day(world, clinic, at):
    quiet = sentinel(world, code="990101002", name="沙丘镇卫生院")
    weeks(quiet, [*QUIET, 5], last=local_date(at))
    assert detect(at=at) == 0
    assert tripled(world, clinic, at) == 1
    found = Signal.objects.get()
    assert found.place.code == "990101001"
    assert found.day == local_date(at)
    assert found.expected == pytest.approx(5, abs=0.5)
    assert found.bound < 15


def test_a_signal_belongs_to_the_nearest_epidemiologist_and_is_due_in_two_hours(signal, world, at):
    loop = signal.obligation
    assert loop.owner_org_id == world.cdc.org_id
    assert loop.due_at == at + timedelta(hours=2)
    assert loop.due_rule == "cn.early_warning@2026.1/signal.verify"
    assert Notice.objects.filter(obligation=loop, kind="signal.issued").exists()


def test_without_verification_in_two_hours_it_escalates(signal, at):
    tick(at=at + timedelta(hours=2, minutes=1))
    loop = Obligation.objects.get(pk=signal.obligation_id)
    assert loop.overdue_at is not None
    assert loop.level >= 1


def test_the_series_with_the_expected_range_is_kept_with_the_signal(signal, world, at):
    Report.objects.filter(day=local_date(at) - timedelta(days=1)).update(n=50)
    seen = signal_detail(signal_id=signal.pk, by=world.cdc, at=at)
    assert [p.count for p in seen.points[-3:]] == [6, 5, 15]
    assert seen.points[-1].alarm
    assert seen.rule == "cn.early_warning@2026.1/fever.daily"
    assert seen.parameters == {"threshold": 3.0, "min_cases": 6}


def test_detection_may_run_twice_and_merges_what_is_similar(signal, world, clinic, at):
    assert detect(at=at) == 0
    later = at + timedelta(days=1)
    report_counts(counts=[Count(clinic.pk, "fever", local_date(later), 40)], by=world.clinic,
                  at=later)  # fmt: skip
    assert detect(at=later) == 0
    found = Signal.objects.get()
    assert (found.merged, found.last_day) == (1, local_date(later))


def test_a_verdict_closes_the_loop_with_its_reason(signal, world, at):
    judge_signal(signal_id=signal.pk, verdict="event", reason="聚餐后发热", by=world.cdc, at=at)
    found = Signal.objects.select_related("obligation").get()
    assert (found.verdict, found.obligation.state) == ("event", "closed")
    assert precision(by=world.cdc, since=at, at=at).share == 1.0
    with pytest.raises(Conflict, match=r"signal.judged"):
        judge_signal(signal_id=signal.pk, verdict="not", reason="再看", by=world.cdc, at=at)


def test_a_signal_cannot_be_closed_without_verdict_or_reason(signal, world, at):
    with pytest.raises(MoveBlocked, match=r"signal.no_verdict"):
        act(obligation_id=signal.obligation_id, move="judge", by=world.cdc, at=at)
    with pytest.raises(MoveBlocked, match=r"loop.no_reason"):
        judge_signal(signal_id=signal.pk, verdict="not", reason=" ", by=world.cdc, at=at)
    with pytest.raises(Invalid, match=r"signal.verdict"):
        judge_signal(signal_id=signal.pk, verdict="maybe", reason="x", by=world.cdc, at=at)


def test_a_watched_signal_stays_open_with_a_new_clock(signal, world, at):
    watch_signal(signal_id=signal.pk, reason="待实验室结果", by=world.cdc, at=at)
    loop = Obligation.objects.get(pk=signal.obligation_id)
    assert loop.closed_at is None
    assert loop.due_at == at + timedelta(hours=24)


def test_one_signal_is_merged_into_another_by_a_person(signal, world, at):
    other, later = sentinel(world, code="990101002", name="沙丘镇卫生院"), at + timedelta(hours=8)
    weeks(other, [*QUIET, 20], last=local_date(at))
    assert detect(at=later) == 1
    second = Signal.objects.latest("pk")
    told = {"verdict": "merged", "reason": "同一来源", "by": world.cdc, "at": later}
    judge_signal(signal_id=second.pk, into_id=signal.pk, **told)
    assert Signal.objects.get(pk=second.pk).merged_into_id == signal.pk
    with pytest.raises(Invalid, match=r"signal.merge"):
        judge_signal(signal_id=signal.pk, into_id=second.pk, **told)


@pytest.mark.parametrize("name", ["police", "factory", "clinic", "inspector", "admin"])
def test_enforcement_and_units_see_no_signal(signal, world, at, name):
    assert signal_rows(by=world.actor(name), at=at) == ((), "")
    with pytest.raises(NotFound):
        signal_detail(signal_id=signal.pk, by=world.actor(name), at=at)


def test_the_neighbour_county_sees_no_signal_and_a_leader_sees_but_does_not_judge(
    signal, world, at
):
    assert signal_rows(by=world.cdc_hill, at=at) == ((), "")
    assert not signal_detail(signal_id=signal.pk, by=world.mayor, at=at).may_judge
    with pytest.raises((NotAllowed, MoveBlocked)):
        judge_signal(signal_id=signal.pk, verdict="not", reason="压下", by=world.mayor, at=at)


def test_what_was_known_at_a_moment_does_not_change_with_late_reports(world, clinic, at):
    late = at + timedelta(hours=6)
    report_counts(counts=[Count(clinic.pk, "fever", local_date(at), 15)], by=world.clinic, at=late)
    assert detect(at=at) == 0
    assert detect(at=late) == 1


def test_the_budget_keeps_the_strongest_of_a_county(world, at, monkeypatch):
    from bihuan.sensing.analysis import strongest
    from bihuan.sensing.types import Judged

    day = local_date(at)
    found = [Judged(f"99.01.01.{n:03}.", day, 9, 3.0, 6.0, float(n), ()) for n in range(9)]
    kept = strongest(found, [one.path[:9] for one in found], budget=6)
    assert [one.score for one in kept] == [3.0, 4.0, 5.0, 6.0, 7.0, 8.0]
