"""Sensors, their alarms and what was shut down; readings lie in daily partitions."""

from django.db import models

from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.models import Org, Post
from bihuan.safety.models.registers import Establishment
from bihuan.safety.types import AlarmKind


class Sensor(models.Model):
    """One measuring point; `authority` is the post that may shut down behind it.

    `last_at`, `last_value` follow every reading; no index holds them, so they cost no index write.
    """

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="sensors"
    )
    scope = models.CharField(max_length=64, db_collation="C")
    sector = models.CharField(max_length=40, blank=True)
    owner_org = models.ForeignKey(Org, on_delete=models.PROTECT, null=True, related_name="+")
    issuer_org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    measure = models.CharField(max_length=20)  # the unit of measure: % LEL, kPa, ℃
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    silent_seconds = models.IntegerField()
    authority = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    last_at = models.DateTimeField(null=True)
    last_value = models.FloatField(null=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("scope", "-id"), name="sensor_scope"),)

    @property
    def subject(self) -> str:
        """How audit names it."""
        return f"sensor:{self.pk}"

    def __str__(self) -> str:
        return self.code


class Alarm(models.Model):
    """A value beyond its threshold, or silence; owed as a task, acknowledged against a clock."""

    sensor = models.ForeignKey(Sensor, on_delete=models.PROTECT, related_name="alarms")
    scope = models.CharField(max_length=64, db_collation="C")
    sector = models.CharField(max_length=40, blank=True)
    owner_org = models.ForeignKey(Org, on_delete=models.PROTECT, null=True, related_name="+")
    issuer_org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=AlarmKind.choices)
    value = models.FloatField(null=True)  # none for silence
    read_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    acknowledge_by = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=200, blank=True)
    escalated_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)  # back within limits, or heard again
    ended_at = models.DateTimeField(null=True)
    task = models.OneToOneField(
        Obligation, on_delete=models.PROTECT, null=True, related_name="alarm"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("sensor", "kind"), condition=models.Q(ended_at=None), name="alarm_one_open"
            ),
        )
        indexes = (
            models.Index(fields=("scope", "-id"), name="alarm_scope"),
            models.Index(fields=("scope",), name="alarm_stands",
                         condition=models.Q(ended_at=None)),
            models.Index(fields=("ended_at",), name="alarm_ended",
                         condition=models.Q(ended_at__isnull=False)),
            models.Index(
                fields=("acknowledge_by",), name="alarm_waiting",
                condition=models.Q(acknowledged_at=None, escalated_at=None),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"alarm {self.pk}"


class ShutdownAct(models.Model):
    """A line of the shutdown log: asked, shut or reopened, by whom and by which authority."""

    alarm = models.ForeignKey(Alarm, on_delete=models.PROTECT, related_name="shutdown_acts")
    deed = models.CharField(max_length=8)  # ask | shut | reopen
    text = models.CharField(max_length=200)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.deed} of {self.alarm_id}"
