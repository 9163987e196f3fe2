"""Readings become alarms, silence does too; clocks, escalation and the shutdown log (M123)."""

from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core.audit.services import SYSTEM
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound, TooMany
from bihuan.core.loops.models import Notice
from bihuan.safety.models import Alarm, Sensor
from bihuan.safety.rules.sensors import beyond, fold
from bihuan.safety.selectors.sensors import board, board_mark, recent, sensors
from bihuan.safety.services.readings import (
    MOST,
    Reading,
    escalate_alarms,
    keep_partitions,
    take_readings,
    watch_silence,
)
from bihuan.safety.services.sensors import NewSensor, acknowledge, register_sensor, shutdown
from tests.conftest import NOON
from tests.safety.conftest import of_factory

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def tank(world):
    place = of_factory(world, name="罐区")
    return add(world, place)


def add(world, place, code="GAS-1", who="factory", **changes):
    given = NewSensor(code, "三号罐可燃气体", "%LEL", **({"high": 25.0} | changes))
    return register_sensor(establishment_id=place.pk, given=given, by=world.actor(who), at=NOON)


def read(value, at=NOON, by=SYSTEM, code="GAS-1", now=None):
    return take_readings(readings=[Reading(code, value, at)], by=by, at=now or at)


def test_25_percent_lel_is_an_alarm_acknowledged_in_2_minutes_and_shut_in_6(world, tank):
    assert read(24.9).alarms == 0
    assert read(25.0, NOON + SECOND).alarms == 1
    alarm = Alarm.objects.get()
    assert alarm.acknowledge_by == NOON + SECOND + 2 * MINUTE
    assert alarm.task.owner_post_id == world.factory.post_id
    acknowledge(alarm_id=alarm.pk, by=world.factory, at=NOON + 2 * MINUTE)
    act = shutdown(alarm_id=alarm.pk, deed="shut", text="关闭 3 号阀", by=world.factory,
                   at=NOON + 6 * MINUTE)  # fmt: skip
    assert escalate_alarms(at=NOON + 9 * MINUTE) == 0
    assert act.at - alarm.raised_at < 6 * MINUTE
    with pytest.raises(Conflict):
        acknowledge(alarm_id=alarm.pk, by=world.factory, at=NOON + 7 * MINUTE)


def test_ten_minutes_of_silence_are_an_alarm_and_a_reading_ends_it(world, tank):
    read(3.0)
    assert watch_silence(at=NOON + 10 * MINUTE - SECOND) == 0
    assert watch_silence(at=NOON + 10 * MINUTE) == 1
    assert watch_silence(at=NOON + 11 * MINUTE) == 0
    alarm = Alarm.objects.get(kind="silence")
    acknowledge(alarm_id=alarm.pk, by=world.factory, at=NOON + 11 * MINUTE)
    read(3.0, NOON + 12 * MINUTE)
    alarm.refresh_from_db()
    assert alarm.ended_at == NOON + 12 * MINUTE


def test_a_sensor_silent_again_before_anybody_acknowledged_has_the_same_alarm(world, tank):
    read(3.0)
    watch_silence(at=NOON + 10 * MINUTE)
    read(3.0, NOON + 11 * MINUTE)
    read(30.0, NOON + 12 * MINUTE)
    assert watch_silence(at=NOON + 22 * MINUTE) == 1
    alarm = Alarm.objects.get(kind="silence")
    assert (alarm.cleared_at, alarm.ended_at) == (None, None)


def test_a_sensor_that_was_never_heard_is_silent_too_and_one_task_stands_for_a_place(world, tank):
    for n in range(2, 5):
        add(world, tank.establishment, code=f"GAS-{n}")
    assert watch_silence(at=NOON + DAY) == 4
    assert Alarm.objects.exclude(task=None).count() == 1


def test_an_alarm_nobody_acknowledges_is_told_to_the_leader_once(world, tank):
    read(30.0)
    assert escalate_alarms(at=NOON + MINUTE) == 0
    assert escalate_alarms(at=NOON + 2 * MINUTE) == 1
    assert escalate_alarms(at=NOON + 3 * MINUTE) == 0
    assert Notice.objects.filter(kind="alarm.escalated").count() == 1


def test_an_excess_that_passed_within_one_batch_is_still_an_alarm(world, tank):
    found = [Reading("GAS-1", value, NOON + n * SECOND) for n, value in enumerate((1, 60, 2))]
    assert take_readings(readings=found, by=SYSTEM, at=NOON + 3 * SECOND).alarms == 1
    alarm = Alarm.objects.get()
    assert (alarm.value, alarm.cleared_at is not None, alarm.ended_at) == (60, True, None)
    acknowledge(alarm_id=alarm.pk, by=world.factory, at=NOON + MINUTE)
    alarm.refresh_from_db()
    assert alarm.ended_at == NOON + MINUTE


def test_one_alarm_stands_for_a_sensor_however_often_it_reads_high(tank):
    for n in range(3):
        read(40.0, NOON + n * SECOND)
    alarm = Alarm.objects.get()
    read(1.0, NOON + 4 * SECOND)
    alarm.refresh_from_db()
    assert alarm.cleared_at == NOON + 4 * SECOND
    read(41.0, NOON + 5 * SECOND)
    alarm.refresh_from_db()
    assert (alarm.cleared_at, Alarm.objects.count()) == (None, 1)


def test_late_readings_are_kept_and_neither_move_the_last_value_nor_alarm(tank):
    read(3.0, NOON + MINUTE)
    assert read(90.0, NOON, now=NOON + 2 * MINUTE).alarms == 0
    row = Sensor.objects.get()
    assert (row.last_value, row.last_at) == (3.0, NOON + MINUTE)
    assert len(recent(row, at=NOON + 2 * MINUTE)) == 2


def test_a_batch_names_what_it_could_not_take(world, tank):
    found = take_readings(
        readings=[Reading("GAS-1", 1.0, NOON), Reading("GAS-1", float("nan"), NOON),
                  Reading("GAS-1", 1.0, NOON + DAY), Reading("NONE", 1.0, NOON)],
        by=world.factory, at=NOON,
    )  # fmt: skip
    assert (found.stored, found.refused, found.unknown) == (1, 2, ("NONE",))
    with pytest.raises(TooMany):
        take_readings(readings=[Reading("GAS-1", 1.0, NOON)] * (MOST + 1), by=SYSTEM, at=NOON)


def test_nobody_writes_into_or_sees_the_sensors_of_others(world, tank):
    assert read(90.0, by=world.outsider).unknown == ("GAS-1",)
    assert sensors(by=world.outsider)[0] == []
    assert [row.pk for row in sensors(by=world.city)[0]] == [tank.pk]
    read(90.0)
    assert board(by=world.outsider, at=NOON).rows == ()
    with pytest.raises(NotFound):
        acknowledge(alarm_id=Alarm.objects.get().pk, by=world.outsider, at=NOON)
    with pytest.raises(NotAllowed):
        take_readings(readings=[], by=world.actor("auditor"), at=NOON)


def test_only_the_authority_shuts_and_nothing_reopens_while_the_reading_is_high(world):
    place = of_factory(world, name="罐区")
    add(world, place, authority_id=world.township.post_id, who="county")
    read(30.0)
    ask = {"alarm_id": Alarm.objects.get().pk, "at": NOON, "text": "三号阀"}
    shutdown(deed="ask", by=world.factory, **ask)
    with pytest.raises(NotAllowed, match=r"shutdown\.authority"):
        shutdown(deed="shut", by=world.factory, **ask)
    with pytest.raises(NotAllowed, match=r"shutdown\.authority"):
        shutdown(deed="shut", by=world.county, **ask)
    with pytest.raises(Invalid):
        shutdown(deed="explode", by=world.county, **ask)


def test_it_is_reopened_only_when_the_reading_is_calm(world, tank):
    read(30.0)
    ask = {"alarm_id": Alarm.objects.get().pk, "by": world.factory, "text": "三号阀"}
    with pytest.raises(MoveBlocked):
        shutdown(deed="reopen", at=NOON, **ask)
    read(1.0, NOON + MINUTE)
    shutdown(deed="reopen", at=NOON + MINUTE, **ask)


def test_a_sensor_needs_a_limit_a_code_of_its_own_and_whoever_keeps_the_register(world, tank):
    place = tank.establishment
    with pytest.raises(Conflict):
        add(world, place)
    with pytest.raises(Invalid, match=r"sensor\.limits"):
        add(world, place, code="X", high=None)
    with pytest.raises(Invalid, match=r"sensor\.limits"):
        add(world, place, code="X", low=30.0)
    with pytest.raises(Invalid, match=r"sensor\.incomplete"):
        add(world, place, code=" ")
    with pytest.raises(NotFound):
        add(world, place, code="X", who="outsider")


def test_the_mark_of_the_board_changes_with_all_it_shows(world, tank):
    marks = [board_mark(by=world.county, at=NOON)]
    read(30.0)
    marks.append(board_mark(by=world.county, at=NOON))
    escalate_alarms(at=NOON + 3 * MINUTE)
    marks.append(board_mark(by=world.county, at=NOON))
    acknowledge(alarm_id=Alarm.objects.get().pk, by=world.factory, at=NOON + 4 * MINUTE)
    marks.append(board_mark(by=world.county, at=NOON))
    read(1.0, NOON + 5 * MINUTE)
    marks.append(board_mark(by=world.county, at=NOON))
    assert len(set(marks)) == 5


def test_readings_lie_in_the_partition_of_their_day_and_old_days_are_dropped(tank):
    keep_partitions(at=NOON)
    keep_partitions(at=NOON)
    read(3.0, NOON + DAY, now=NOON + DAY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM safety_reading")
        assert cursor.fetchall() == [("safety_reading_20260311",)]
    keep_partitions(at=NOON + 5 * DAY)
    assert recent(tank, at=NOON + DAY + MINUTE) == []


@given(
    st.lists(st.tuples(st.integers(-50, 50), st.integers(0, 50)), min_size=1, max_size=6,
             unique_by=lambda pair: pair[1])
)  # fmt: skip
def test_what_a_batch_says_of_a_sensor_does_not_depend_on_its_order(pairs):
    def told(lines):
        found = None
        for value, second in lines:
            found = fold(found, value, NOON + second * SECOND, low=None, high=25.0)
        return found

    forward, backward = told(sorted(pairs, key=lambda p: p[1])), told(pairs)
    assert (forward.value, forward.at, forward.alarm, forward.calm) == (
        backward.value, backward.at, backward.alarm, backward.calm,
    )  # fmt: skip
    newest = max(pairs, key=lambda p: p[1])
    assert forward.value == newest[0]
    assert forward.calm == (newest[0] < 25.0)


def test_a_threshold_counts_as_reached():
    assert [beyond(v, low=5.0, high=25.0) for v in (5.0, 5.1, 24.9, 25.0)] == [
        "low", "", "", "high",
    ]  # fmt: skip
