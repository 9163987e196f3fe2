"""Take readings in batches; raise alarms for what is beyond a threshold, and for silence (M123).

A batch locks its sensors in the order of their ids, so that two gateways never wait for each
other in a ring; it is stored whole or not at all.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Value
from django.db.models.functions import Coalesce

from bihuan.core.audit.services import SYSTEM, System, emit
from bihuan.core.clock import day_end, day_start, local_date
from bihuan.core.errors import NotAllowed, TooMany
from bihuan.core.loops.models import Domain, Notice, Obligation
from bihuan.core.loops.services import write_brief
from bihuan.core.loops.services.opening import Deadline
from bihuan.core.loops.services.raising import raise_loop
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.selectors import Chains, sight
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.safety.models import Alarm, Sensor
from bihuan.safety.rules.sensors import Latest, fold
from bihuan.safety.selectors.establishments import owner_post
from bihuan.safety.types import AlarmKind

MOST = 10_000  # readings in one batch
AHEAD = timedelta(minutes=5)  # a clock that runs further ahead is wrong
LIMITS = (AlarmKind.HIGH, AlarmKind.LOW)

_LAST = """
UPDATE safety_sensor s SET last_at = n.at, last_value = n.value
FROM unnest(%s::bigint[], %s::timestamptz[], %s::float8[]) AS n(id, at, value)
WHERE s.id = n.id AND (s.last_at IS NULL OR s.last_at < n.at)
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of one sensor at one moment."""

    code: str
    value: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch."""

    stored: int
    refused: int  # not a number, or from the future
    unknown: tuple[str, ...]  # codes that the sender does not know, or may not
    alarms: int


@dataclass(frozen=True, slots=True)
class Point:
    """What a reading is judged by: a sensor without its row."""

    id: int
    low: float | None
    high: float | None
    last_at: datetime | None


@transaction.atomic
def take_readings(*, readings: Sequence[Reading], by: Actor | System, at: datetime) -> Taken:
    """Store a batch and raise what it shows. Locks its sensors. Raises NotAllowed, TooMany."""
    if not by.has("evidence.add"):
        raise NotAllowed("not_allowed", duty="evidence.add")
    if len(readings) > MOST:
        raise TooMany("reading.too_many", most=MOST)
    codes = {one.code for one in readings}
    points = _points(codes, by)
    ahead = at + AHEAD
    fit = [
        one for one in readings
        if one.code in points and one.at <= ahead and math.isfinite(one.value)
    ]  # fmt: skip
    _store(fit, points)
    latest: dict[int, Latest] = {}
    for one in fit:
        point = points[one.code]
        if point.last_at is None or one.at > point.last_at:
            latest[point.id] = fold(
                latest.get(point.id), one.value, one.at, low=point.low, high=point.high
            )
    alarms = _judge(latest, at=at)
    unknown = tuple(sorted(codes - set(points)))
    known = sum(one.code in points for one in readings)
    return Taken(len(fit), known - len(fit), unknown, alarms)


def _points(codes: Collection[str], by: Actor | System) -> dict[str, Point]:
    """The sensors of a batch, locked in the order of their ids. No row is built: a thousand
    readings a second pass here.
    """
    rows = Sensor.objects.select_for_update(of=("self",), no_key=True)
    # PostgreSQL holds no NUL in a text: such a code is nobody's.
    asked = [code for code in codes if "\0" not in code]
    rows = rows.filter(code__in=asked, closed_at=None).order_by("pk")
    if isinstance(by, Actor):
        rows = rows.filter(sight(by))
    told = rows.values_list("code", "pk", "low", "high", "last_at")
    return {code: Point(pk, low, high, last_at) for code, pk, low, high, last_at in told}


def _store(fit: Sequence[Reading], points: Mapping[str, Point]) -> None:
    lines = [f"{points[one.code].id}\t{one.value!r}\t{one.at.isoformat()}\n" for one in fit]
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY safety_reading (sensor_id, value, at) FROM STDIN") as copy,
    ):
        copy.write("".join(lines))


def _judge(latest: Mapping[int, Latest], *, at: datetime) -> int:
    """Move the last values on, end what is calm again, raise what is beyond; how many alarms."""
    ids = list(latest)
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [ids, [one.at for one in latest.values()],
                               [one.value for one in latest.values()]])  # fmt: skip
    standing = Alarm.objects.filter(sensor__in=ids, ended_at=None)
    open_of: dict[int, set[str]] = {}
    for alarm in standing.select_for_update(of=("self",)):
        open_of.setdefault(alarm.sensor_id, set()).add(alarm.kind)
        found = latest[alarm.sensor_id]
        calm = alarm.kind == AlarmKind.SILENCE or found.calm or found.alarm != alarm.kind
        _settle(alarm, calm=calm, at=at)
    fresh = [
        pk for pk, found in latest.items() if found.alarm and found.alarm not in open_of.get(pk, ())
    ]
    for sensor in Sensor.objects.filter(pk__in=fresh).select_related("establishment__venue"):
        found = latest[sensor.pk]
        assert found.alarm_at is not None
        alarm = raise_alarm(
            sensor, found.alarm, value=found.alarm_value, read_at=found.alarm_at, at=at
        )
        _settle(alarm, calm=found.calm, at=at)
    return len(fresh)


def _settle(alarm: Alarm, *, calm: bool, at: datetime) -> None:
    """A calm value clears an alarm; it ends once somebody has acknowledged it too."""
    if calm == (alarm.cleared_at is not None):
        return
    alarm.cleared_at = at if calm else None
    if calm and alarm.acknowledged_at is not None:
        alarm.ended_at = at
    alarm.save(update_fields=["cleared_at", "ended_at"])


def raise_alarm(
    sensor: Sensor, kind: str, *, value: float | None, read_at: datetime, at: datetime,
    alone: bool = True,
) -> Alarm:  # fmt: skip
    """Write an alarm and make whoever answers for the place owe its disposal.

    Not `alone`: one of many that began together; the first of them carries the task.
    """
    return Alarm.objects.create(
        sensor=sensor, scope=sensor.scope, sector=sensor.sector,
        owner_org_id=sensor.owner_org_id, issuer_org_id=sensor.issuer_org_id, kind=kind,
        value=value, read_at=read_at, raised_at=at,
        acknowledge_by=registry.due("alarm.acknowledge", at, scope=sensor.scope)[0],
        task=_task(sensor, kind, value, at=at) if alone else None,
    )  # fmt: skip


def _task(sensor: Sensor, kind: str, value: float | None, *, at: datetime) -> Obligation | None:
    place = sensor.establishment
    post = owner_post(place)
    if post is None:
        return None
    owner = Post.objects.select_related("org", "place").get(pk=post.pk)
    told = "失去信号" if value is None else f"{value:g} {sensor.measure}"
    brief = write_brief(
        given=BriefInput(
            title=f"监测报警:{sensor.name} {told}"[:200],
            text=f"{place.venue.name} {sensor.code} {AlarmKind(kind).label} {told}",
            domain=Domain.SAFETY, sector=sensor.sector, criterion="已到场处置,读数恢复正常",
        ),
        place=owner.place, at=at,
    )  # fmt: skip
    due = registry.due("alarm.dispose", at, scope=sensor.scope)
    return raise_loop(flow="task", brief=brief, owner=owner, issuer=owner,
                      deadline=Deadline(*due), origin=f"sensor:{sensor.pk}", by=SYSTEM,
                      at=at)  # fmt: skip


@transaction.atomic
def watch_silence(*, at: datetime) -> int:
    """Raise an alarm for every sensor that fell silent; of one place the first has the task.

    An alarm that was cleared and that nobody has acknowledged yet stands again.
    """
    standing = Alarm.objects.filter(kind=AlarmKind.SILENCE, ended_at=None)
    rows = Sensor.objects.filter(
        ~Exists(standing.filter(sensor=OuterRef("pk"), cleared_at=None)), closed_at=None
    )
    rows = rows.annotate(heard=Coalesce("last_at", "created_at"))
    rows = rows.filter(heard__lte=at - Value(timedelta(seconds=1)) * F("silent_seconds"))
    rows = rows.select_for_update(of=("self",), skip_locked=True)
    silent = list(rows.select_related("establishment__venue").order_by("establishment", "pk"))
    again = {alarm.sensor_id: alarm for alarm in standing.filter(sensor__in=silent)}
    told: set[int] = set()
    for row in silent:
        if row.pk in again:
            _settle(again[row.pk], calm=False, at=at)
            continue
        raise_alarm(row, AlarmKind.SILENCE, value=None, read_at=row.last_at or row.created_at,
                    at=at, alone=row.establishment_id not in told)  # fmt: skip
        told.add(row.establishment_id)
    return len(silent)


@transaction.atomic
def escalate_alarms(*, at: datetime) -> int:
    """Tell the leader of whoever should have acknowledged in time; once for each alarm."""
    rows = list(
        Alarm.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(acknowledged_at=None, escalated_at=None, acknowledge_by__lte=at)
        .select_related("sensor__establishment__venue", "task__owner_post__place",
                        "task__owner_post__leader")
    )  # fmt: skip
    chains = Chains(row.task.owner_post for row in rows if row.task is not None)
    for row in rows:
        row.escalated_at = at
        if row.task is None:
            continue
        leader = chains.post(row.task.owner_post, sector=row.sector, level=1)
        leader = leader or chains.post(row.task.owner_post, sector=row.sector, level=3)
        if leader is not None:
            Notice.objects.create(
                post=leader, obligation=row.task, kind="alarm.escalated", at=at,
                facts={"alarm": row.pk, "title": row.sensor.name},
            )  # fmt: skip
    Alarm.objects.bulk_update(rows, ["escalated_at"])
    if rows:
        emit("alarm.escalated", subject="sensors", at=at, facts={"rows": len(rows)})
    return len(rows)


def keep_partitions(*, at: datetime) -> None:
    """Have a partition for today and the next two days; drop the days that are past keeping.

    Safe to repeat. A day is a local one.
    """
    keep = int(registry.value("sensor.keep_days", at).value)
    today = local_date(at)
    with connection.cursor() as cursor:
        for step in range(3):
            day = today + timedelta(days=step)
            cursor.execute(
                f"CREATE TABLE IF NOT EXISTS safety_reading_{day:%Y%m%d} PARTITION OF"
                f" safety_reading FOR VALUES FROM ('{day_start(day)}') TO ('{day_end(day)}')"
            )
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits"
            " WHERE inhparent = 'safety_reading'::regclass"
        )
        oldest = f"safety_reading_{today - timedelta(days=keep):%Y%m%d}"
        for (name,) in cursor.fetchall():
            if name.removeprefix("safety_reading_").isdecimal() and name < oldest:
                cursor.execute(f"DROP TABLE {name}")
        cursor.execute("DELETE FROM safety_reading_rest WHERE at < %s", [at - timedelta(days=keep)])
