"""Festivals and key periods: tasks when the lead begins, all off when it ends, and a review."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bihuan.core.audit.models import Entry
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services import Part, act, hand_down
from bihuan.core.orgs.types import Role
from bihuan.core.packs import registry
from bihuan.sensing.models import KeyPeriod, PeriodTask
from bihuan.sensing.rules.periods import Bar, Days, bar
from bihuan.sensing.selectors.periods import period_detail, period_rows, task_page
from bihuan.sensing.services.periods import (
    NewPeriod,
    Turned,
    Wanted,
    draw_period,
    drop_measure,
    end_period,
    keep_measure,
    set_period,
    turn_periods,
)
from tests.factories import staff, task

QINGMING = NewPeriod("qingming", date(2022, 4, 3), date(2022, 4, 5), "2022 年清明节", 7)


def morning(month: int, day: int, year: int = 2022) -> datetime:
    """Five past midnight in Shanghai."""
    return datetime(year, month, day, tzinfo=UTC) - timedelta(hours=7, minutes=55)


@pytest.fixture
def drawn(world):
    staff(world.places["990101"], "civil", role=Role.DEPARTMENT, kind="civil", sectors=["civil"])
    return draw_period(given=QINGMING, by=world.city, at=morning(3, 20))


@pytest.fixture
def ready(drawn, world):
    set_period(period_id=drawn.pk, by=world.city, at=morning(3, 20))
    return drawn


def tasks(period):
    return Obligation.objects.filter(origin=f"period:{period.pk}")


def test_qingming_2022_has_its_tasks_on_29_march_and_is_off_with_a_review_on_8_april(ready, world):
    assert turn_periods(at=morning(3, 26)) == Turned(0, 0)
    assert not tasks(ready).exists()
    assert turn_periods(at=morning(3, 27)) == Turned(1, 0)
    on_29_march = tasks(ready).select_related("owner_post")
    wanted = PeriodTask.objects.filter(measure__period=ready)
    assert len(on_29_march) == wanted.count() == 11, "five measures at two counties, one of its own"
    assert all(task.owner_post_id and task.due_at > morning(3, 29) for task in on_29_march)
    cemetery = wanted.get(measure__owner="civil", task__owner_post__title="港城县civil").task
    assert cemetery.due_at == morning(4, 1) - timedelta(minutes=5), "by the end of 31 March"
    other = wanted.exclude(task=cemetery).get(measure__owner="civil").task
    assert other.owner_post.desk, "a county without that department: its desk owes it"
    assert turn_periods(at=morning(4, 7)) == Turned(0, 0)
    assert turn_periods(at=morning(4, 8)) == Turned(0, 1)
    assert set(tasks(ready).values_list("state", flat=True)) == {"withdrawn"}
    ready.refresh_from_db()
    assert ready.review.state == "issued"
    assert ready.review.owner_post_id == world.city.post_id
    assert "11" in ready.review.brief.text
    assert turn_periods(at=morning(4, 8)) == Turned(0, 0)


def test_a_job_that_was_cut_short_leaves_nothing_half_done_and_is_run_again(ready, monkeypatch):
    def killed(*_args, **_facts):
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr("bihuan.sensing.services.period_tasks.record", killed)
        with pytest.raises(RuntimeError):
            turn_periods(at=morning(3, 27))
        assert not tasks(ready).exists()
    turn_periods(at=morning(3, 27))
    with monkeypatch.context() as patched:
        patched.setattr("bihuan.sensing.services.period_tasks.raise_loop", killed)
        with pytest.raises(RuntimeError):
            turn_periods(at=morning(4, 8))
        assert set(tasks(ready).values_list("state", flat=True)) == {"issued"}
    assert turn_periods(at=morning(4, 8)) == Turned(0, 1)


def test_lapsed_is_seen_as_lapsed_and_a_part_handed_down_ends_with_its_task(ready, world):
    turn_periods(at=morning(3, 27))
    row = tasks(ready).filter(owner_post=world.county.post_id).first()
    act(obligation_id=row.pk, move="acknowledge", by=world.county, at=morning(3, 28))
    part = Part(world.township.post_id, "镇里的值班", "排好值班", "值班表")
    below = hand_down(obligation_id=row.pk, given=part, by=world.county, at=morning(3, 28))
    turn_periods(at=morning(4, 8))
    below.refresh_from_db()
    assert below.state == "withdrawn"
    (entry,) = Entry.objects.filter(subject=row.subject, action="task.lapse")
    assert "到期失效" in entry.facts["note"]
    with pytest.raises(NotAllowed):
        act(obligation_id=task(world).pk, move="lapse", by=world.head, at=morning(4, 8))


def test_what_was_done_stays_done_and_the_year_before_stands_beside_it(ready, world):
    turn_periods(at=morning(3, 27))
    done, late = tasks(ready)[:2]
    tasks(ready).filter(pk=done.pk).update(state="closed", closed_at=morning(3, 28))
    tasks(ready).filter(pk=late.pk).update(state="closed", closed_at=morning(4, 6))
    turn_periods(at=morning(4, 8))
    at = morning(3, 20, 2023)
    again = draw_period(
        given=NewPeriod("qingming", date(2023, 4, 5), date(2023, 4, 5)), by=world.clerk, at=at
    )
    assert again.title == "2023 年清明节"
    set_period(period_id=again.pk, by=world.city, at=at)
    turn_periods(at=morning(3, 30, 2023))
    seen = period_detail(period_id=again.pk, by=world.city, at=morning(4, 4, 2023))
    assert seen.before.period == ready
    assert (seen.before.tasks.in_time, seen.before.tasks.late, seen.before.tasks.lapsed) == (
        1, 1, 9)  # fmt: skip
    assert (seen.now.tasks.open, seen.now.tasks.overdue) == (11, 9)
    assert seen.row.phase == "lead"


def test_a_county_sees_its_own_part_of_the_citys_plan_and_cannot_change_it(
    drawn, world, django_assert_num_queries
):
    at, county = morning(3, 27), world.county
    with pytest.raises(NotFound):
        period_detail(period_id=drawn.pk, by=county, at=at)
    set_period(period_id=drawn.pk, by=world.city, at=at)
    with django_assert_num_queries(2):
        (row,) = period_rows(by=county, at=at, year=2022)
    assert row.tasks.total == 5
    with django_assert_num_queries(6):
        assert not period_detail(period_id=drawn.pk, by=county, at=at).mine
    with django_assert_num_queries(2):
        shown, _more = task_page(period=drawn, by=county)
    assert {one.task.place_id for one in shown} == {county.place_id}
    with pytest.raises(NotAllowed):
        end_period(period_id=drawn.pk, reason="x", by=county, at=at)
    with pytest.raises(NotFound):
        period_detail(period_id=drawn.pk, by=world.outsider, at=at)
    assert period_rows(by=world.factory, at=at, year=2022) == ()


def test_a_plan_set_in_the_middle_opens_at_once_with_a_day_for_what_should_be_done(drawn, world):
    at = morning(4, 2)
    assert set_period(period_id=drawn.pk, by=world.city, at=at) == 11
    late = tasks(drawn).filter(due_rule__contains="period.catch_up")
    assert late.count() == 9
    assert {task.due_at for task in late} == {at + timedelta(hours=24)}


def test_measures_are_changed_added_and_dropped_in_a_draft_alone(drawn, world):
    at, ask = morning(3, 21), {"period_id": drawn.pk, "by": world.city}
    first = drawn.measures.order_by("pk")[0]
    wanted = Wanted("值班表报市里", "desk", "own", -1, "command", "已报")
    changed = keep_measure(measure_id=first.pk, given=wanted, at=at, **ask)
    assert (changed.text, changed.text_en, changed.mark) == ("值班表报市里", "", "recalled")
    own = keep_measure(measure_id=None, given=wanted, at=at, **ask)
    assert own.mark == "default"
    drop_measure(measure_id=own.pk, at=at, **ask)
    for wrong in (Wanted("x", "nobody", "own", 0, "command", "y"),
                  Wanted("x", "desk", "moon", 0, "command", "y"),
                  Wanted("x", "desk", "own", 0, "command", " "),
                  Wanted("x", "desk", "own", 999, "command", "y")):  # fmt: skip
        with pytest.raises(Invalid):
            keep_measure(measure_id=first.pk, given=wrong, at=at, **ask)
    with pytest.raises(NotFound):
        drop_measure(measure_id=own.pk, at=at, **ask)
    set_period(at=at, **ask)
    with pytest.raises(Conflict):
        keep_measure(measure_id=first.pk, given=wanted, at=at, **ask)


def test_a_plan_may_be_ended_early_with_a_reason_and_once(ready, world):
    at = morning(3, 30)
    turn_periods(at=at)
    with pytest.raises(Invalid):
        end_period(period_id=ready.pk, reason=" ", by=world.city, at=at)
    assert end_period(period_id=ready.pk, reason="假期取消", by=world.city, at=at) == 11
    with pytest.raises(Conflict):
        end_period(period_id=ready.pk, reason="again", by=world.city, at=at)
    assert turn_periods(at=morning(4, 8)) == Turned(0, 0)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "none"}, "period.kind"),
        ({"last": date(2022, 4, 2)}, "period.days"),
        ({"ends": date(2022, 4, 4)}, "period.days"),
        ({"first": date(2022, 3, 1), "last": date(2022, 3, 2)}, "period.over"),
        ({"lead_days": 121}, "period.lead"),
        ({"ends": date(2022, 9, 1)}, "period.long"),
    ],
)
def test_what_cannot_be_a_key_period_is_refused(world, changes, code):
    plain = {"kind": "qingming", "first": QINGMING.first, "last": QINGMING.last} | changes
    with pytest.raises(Invalid) as refused:
        draw_period(given=NewPeriod(**plain), by=world.city, at=morning(3, 20))
    assert refused.value.code == code


def test_the_same_period_twice_an_empty_plan_and_one_without_the_duty_are_refused(drawn, world):
    at = morning(3, 20)
    with pytest.raises(Conflict):
        draw_period(given=QINGMING, by=world.city, at=at)
    with pytest.raises(NotAllowed):
        draw_period(given=QINGMING, by=world.builder, at=at)
    drawn.measures.all().delete()
    with pytest.raises(Invalid) as refused:
        set_period(period_id=drawn.pk, by=world.city, at=at)
    assert refused.value.code == "period.empty"
    assert KeyPeriod.objects.count() == 1


def test_the_days_of_a_plan_and_their_part_of_a_year():
    days = Days(date(2022, 3, 27), date(2022, 4, 3), date(2022, 4, 5), date(2022, 4, 7))
    told = [days.phase(date(2022, 3, 26) + timedelta(days=n)) for n in (0, 1, 7, 8, 10, 11, 12, 13)]
    assert told == ["coming", "lead", "lead", "during", "during", "after", "after", "off"]
    assert (days.due(-3), days.off_on) == (date(2022, 3, 31), date(2022, 4, 8))
    assert bar(2022, days.starts, days.ends) == Bar(85, 12)
    assert bar(2022, date(2021, 12, 20), date(2022, 1, 3)) == Bar(0, 3)
    assert bar(2021, days.starts, days.ends) is None


def test_every_kind_of_the_pack_has_measures_and_every_measure_a_known_kind_and_a_mark():
    pack = registry.edition("key-periods", morning(3, 20))
    kinds = set(pack.rows("period_kind"))
    meant = [kind for row in pack.tables["period_measure"] for kind in row["kinds"]]
    assert set(meant) == kinds
    assert pack.mark == "recalled"
