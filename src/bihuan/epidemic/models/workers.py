"""Whoever works in a site or hospital, by its own staff number: modules passed, shifts by zone."""

from django.db import models
from django.db.models import F, Q

from bihuan.epidemic.models.facilities import Facility
from bihuan.epidemic.models.zones import Zone


class Worker(models.Model):
    """Somebody by the staff number of their house. There is no name, here or in the vault."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="workers")
    code = models.CharField(max_length=20)
    kind = models.CharField(max_length=16)  # key of the pack's staff_kind
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, null=True, related_name="workers")
    since = models.DateField()
    left_on = models.DateField(null=True)
    by = models.CharField(max_length=200)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("facility", "code"), name="worker_once"),)

    def __str__(self) -> str:
        return self.code


class WorkerModule(models.Model):
    """A training module that somebody passed, and the last day on which that counts."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="modules")
    module = models.CharField(max_length=24)  # key of the pack's training_module
    passed_on = models.DateField()
    valid_until = models.DateField()
    edition = models.CharField(max_length=80)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("worker", "module", "passed_on"), name="workermodule_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("passed_on")), name="workermodule_period"
            ),
        )

    def __str__(self) -> str:
        return f"{self.worker_id} {self.module}"


class Shift(models.Model):
    """Somebody at work in a zone; whoever lacks a module of it has none."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="shifts")
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_period"),
        )
        indexes = (models.Index(fields=("zone", "starts_at"), name="shift_zone"),)

    def __str__(self) -> str:
        return f"{self.worker_id} {self.starts_at}"
