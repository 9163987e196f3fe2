"""Register sensors; acknowledge an alarm, ask for a shutdown, shut, reopen (M123)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.safety.models import Alarm, Sensor, ShutdownAct
from bihuan.safety.rules.sensors import DEEDS, may_do
from bihuan.safety.selectors.establishments import fetch_establishment
from bihuan.safety.selectors.sensors import fetch_alarm


@dataclass(frozen=True, slots=True)
class NewSensor:
    """A measuring point; without seconds of its own the pack says when it is silent."""

    code: str
    name: str
    measure: str
    low: float | None = None
    high: float | None = None
    silent_seconds: int | None = None
    authority_id: int | None = None


@transaction.atomic
def register_sensor(*, establishment_id: int, given: NewSensor, by: Actor, at: datetime) -> Sensor:
    """Write a sensor down: from now on its silence is an alarm. Locks the place.

    Raises NotFound, NotAllowed, Invalid("sensor.incomplete" | "sensor.limits"),
    Conflict("sensor.exists").
    """
    place = fetch_establishment(establishment_id=establishment_id, by=by, lock=True)
    if place.owner_org_id != by.org_id and not by.has("task.assign"):
        raise NotAllowed("not_allowed", duty="task.assign")
    for name in ("code", "name", "measure"):
        if not getattr(given, name).strip():
            raise Invalid("sensor.incomplete", field=name)
    if given.low is None and given.high is None:
        raise Invalid("sensor.limits", field="high")
    if given.low is not None and given.high is not None and given.low >= given.high:
        raise Invalid("sensor.limits", field="low")
    code = given.code.strip()[:40]
    if Sensor.objects.filter(code=code).exists():
        raise Conflict("sensor.exists", sensor=code)
    if (
        given.authority_id is not None
        and not Post.objects.filter(pk=given.authority_id, valid_to=None).exists()
    ):
        raise NotFound("post.not_found", id=given.authority_id)
    pack = registry.value("sensor.silent_seconds", at, scope=place.scope).value
    row = Sensor.objects.create(
        establishment=place, scope=place.scope, sector=place.sector,
        owner_org_id=place.owner_org_id, issuer_org_id=by.org_id, code=code,
        name=given.name.strip()[:120], measure=given.measure.strip()[:20], low=given.low,
        high=given.high, silent_seconds=given.silent_seconds or int(pack),
        authority_id=given.authority_id, created_at=at,
    )  # fmt: skip
    record(action="sensor.register", subject=place.subject, by=by, at=at, scope=place.scope,
           facts={"code": code, "low": given.low, "high": given.high})  # fmt: skip
    return row


@transaction.atomic
def acknowledge(*, alarm_id: int, by: Actor, at: datetime) -> Alarm:
    """Say that somebody is on it: the clock of escalation stops. Locks the alarm.

    Raises NotFound, NotAllowed, Conflict("alarm.acknowledged").
    """
    row = fetch_alarm(alarm_id=alarm_id, by=by, lock=True)
    if not by.has("evidence.add"):
        raise NotAllowed("not_allowed", duty="evidence.add")
    if row.acknowledged_at is not None:
        raise Conflict("alarm.acknowledged")
    row.acknowledged_at, row.acknowledged_by = at, by.name
    if row.cleared_at is not None:
        row.ended_at = at
    row.save(update_fields=["acknowledged_at", "acknowledged_by", "ended_at"])
    seconds = round((at - row.raised_at).total_seconds())
    record(action="alarm.acknowledge", subject=row.sensor.subject, by=by, at=at, scope=row.scope,
           facts={"alarm": row.pk, "seconds": seconds})  # fmt: skip
    return row


@transaction.atomic
def shutdown(*, alarm_id: int, deed: str, text: str, by: Actor, at: datetime) -> ShutdownAct:
    """Ask for a shutdown, shut, or reopen; a line of the log each. Locks the alarm.

    Raises NotFound, NotAllowed("not_allowed" | "shutdown.authority"), Invalid("shutdown.deed" |
    "loop.no_reason"), MoveBlocked("shutdown.not_calm").
    """
    row = fetch_alarm(alarm_id=alarm_id, by=by, lock=True)
    if not by.has("evidence.add"):
        raise NotAllowed("not_allowed", duty="evidence.add")
    if deed not in DEEDS:
        raise Invalid("shutdown.deed", field="deed")
    if not text.strip():
        raise Invalid("loop.no_reason", field="text")
    sensor = row.sensor
    if not may_do(
        deed,
        authority=sensor.authority_id,
        owner_org=sensor.owner_org_id,
        post=by.post_id,
        org=by.org_id,
    ):
        raise NotAllowed("shutdown.authority")
    if deed == "reopen" and row.cleared_at is None:
        raise MoveBlocked("shutdown.not_calm")
    done = ShutdownAct.objects.create(
        alarm=row, deed=deed, text=text.strip()[:200], post_id=by.post_id, at=at, by=by.name
    )
    record(action="alarm.shutdown", subject=sensor.subject, by=by, at=at, scope=row.scope,
           facts={"deed": deed, "text": done.text})  # fmt: skip
    return done
