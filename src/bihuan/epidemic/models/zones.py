"""Zones inside a site, and what happened there."""

from django.db import models
from django.db.models import F, Q

from bihuan.epidemic.models.facilities import Facility


class Zone(models.Model):
    """A part of a house that is clean, a buffer or contaminated; the pack says what that asks."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="zones")
    kind = models.CharField(max_length=16)  # key of the pack's site_zone
    name = models.CharField(max_length=40)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("facility", "name"), name="zone_once"),)

    def __str__(self) -> str:
        return self.name


class Incident(models.Model):
    """Something that went wrong in a house: answered by its clock, closed by somebody else."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="incidents")
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, null=True, related_name="incidents")
    kind = models.CharField(max_length=16)  # key of the pack's incident_kind
    text = models.CharField(max_length=400)
    happened_at = models.DateTimeField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    due_at = models.DateTimeField()
    due_rule = models.CharField(max_length=120)
    loop_id = models.BigIntegerField(null=True)  # null: nobody there to owe it
    answer = models.CharField(max_length=400, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=200, blank=True)
    finding = models.CharField(max_length=400, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(happened_at__lte=F("at")), name="incident_happened_before"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None)
                | Q(answered_at__isnull=False) & ~Q(finding="") & ~Q(closed_by=F("answered_by")),
                name="incident_closed_by_another",
            ),
        )
        indexes = (
            models.Index(
                fields=("facility", "-id"), name="incident_open", condition=Q(closed_at=None)
            ),
        )

    def __str__(self) -> str:
        return f"{self.facility_id} {self.kind}"
