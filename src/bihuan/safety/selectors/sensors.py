"""Sensors and alarms, as lists and pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count as Counted
from django.db.models import F, Max, Q, QuerySet

from bihuan.core.errors import Invalid, NotFound
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.safety.models import Alarm, Sensor

PAGE = 50
SHOWN = 50  # alarms on the live page
DAY = timedelta(days=1)  # how long an alarm that ended stays there


def fetch_sensor(*, sensor_id: int, by: Actor) -> Sensor:
    """The one door to a sensor. Raises NotFound("sensor.not_found")."""
    rows = Sensor.objects.select_related("establishment__venue", "authority")
    row = rows.filter(sight(by), pk=sensor_id).first()
    if row is None:
        raise NotFound("sensor.not_found", id=sensor_id)
    return row


def fetch_alarm(*, alarm_id: int, by: Actor, lock: bool = False) -> Alarm:
    """The one door to an alarm. Raises NotFound("alarm.not_found")."""
    rows = Alarm.objects.select_related(
        "sensor__establishment__venue", "sensor__authority", "task__owner_post"
    )
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(sight(by), pk=alarm_id).first()
    if row is None:
        raise NotFound("alarm.not_found", id=alarm_id)
    return row


def sensors(
    *, by: Actor, text: str = "", establishment: str = "", after: str = "", size: int = PAGE
) -> tuple[Sequence[Sensor], str]:
    """Sensors the post may see, newest first, and the key that goes on. One query."""
    rows = Sensor.objects.filter(sight(by), closed_at=None)
    if text:
        rows = rows.filter(Q(code=text) | Q(name__icontains=text))
    if establishment.isdecimal():
        rows = rows.filter(establishment=int(establishment))
    if after:
        if not after.isdecimal():
            raise Invalid("page.bad_key", field="after")
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.select_related("establishment__venue").order_by("-pk")[: size + 1])
    return found[:size], str(found[size - 1].pk) if len(found) > size else ""


@dataclass(frozen=True, slots=True)
class Board:
    """The alarms of an area at a moment. `mark` changes with everything that the board shows."""

    rows: tuple[Alarm, ...]
    standing: int
    unacknowledged: int
    mark: str


def _shown(by: Actor, at: datetime) -> QuerySet[Alarm]:
    """What stands, and what ended within a day: by two indexes, however many there have been."""
    return Alarm.objects.filter(sight(by), Q(ended_at=None) | Q(ended_at__gt=at - DAY))


def board_mark(*, by: Actor, at: datetime) -> str:
    """What tells one state of the board from another. One query."""
    last = _shown(by, at).aggregate(
        newest=Max("pk"), ack=Max("acknowledged_at"), over=Max("escalated_at"),
        clear=Max("cleared_at"), end=Max("ended_at"), n=Counted("pk"),
        calm=Counted("pk", filter=Q(cleared_at__isnull=False, ended_at=None)),
    )  # fmt: skip
    return ".".join(
        str(value.timestamp() if isinstance(value, datetime) else value or 0)
        for value in last.values()
    )


def board(*, by: Actor, at: datetime) -> Board:
    """The alarms that stand, the newest first, then those that ended last. Three queries."""
    mark = board_mark(by=by, at=at)
    told = Alarm.objects.filter(sight(by), ended_at=None).aggregate(
        n=Counted("pk"), unheard=Counted("pk", filter=Q(acknowledged_at=None))
    )
    rows = _shown(by, at).select_related("sensor__establishment__venue")
    rows = rows.order_by(F("ended_at").desc(nulls_first=True), "-pk")[:SHOWN]
    return Board(tuple(rows), told["n"], told["unheard"], mark)


def recent(sensor: Sensor, *, at: datetime, hours: int = 1) -> list[tuple[datetime, float]]:
    """The readings of the last hours, the newest first, at most 360. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT at, value FROM safety_reading WHERE sensor_id = %s AND at > %s AND at <= %s"
            " ORDER BY at DESC LIMIT 360",
            [sensor.pk, at - timedelta(hours=hours), at],
        )
        return [(moment, value) for moment, value in cursor.fetchall()]
