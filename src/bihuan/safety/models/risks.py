"""Risks: objects of an establishment, their units, events and control measures."""

from django.db import models

from bihuan.core.loops.models import Obligation
from bihuan.safety.models.registers import Establishment
from bihuan.safety.types import Colour, Defence


class RiskObject(models.Model):
    """Something dangerous at an establishment; with substances it may be a major hazard source.

    `substances` are lines of {"key", "quantity"}; S, R and the level are kept as exact text.
    """

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="risk_objects"
    )
    name = models.CharField(max_length=120)
    substances = models.JSONField(default=list)
    people = models.IntegerField(default=0)
    ratio = models.CharField(max_length=60, blank=True)  # S, as a fraction
    value = models.CharField(max_length=60, blank=True)  # R, as a fraction
    level = models.SmallIntegerField(null=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class RiskEvent(models.Model):
    """What may happen in a unit of an object, graded by a method of the pack."""

    object = models.ForeignKey(RiskObject, on_delete=models.PROTECT, related_name="events")
    unit = models.CharField(max_length=120)
    name = models.CharField(max_length=120)
    method = models.CharField(max_length=20)
    factors = models.JSONField(default=dict)
    score = models.CharField(max_length=20, blank=True)
    inherent = models.CharField(max_length=8, choices=Colour.choices)
    rated = models.CharField(max_length=8, choices=Colour.choices)  # while every control holds
    residual = models.CharField(max_length=8, choices=Colour.choices)
    graded_at = models.DateTimeField()
    graded_by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class Measure(models.Model):
    """A control measure; it counts while its training, inspection or calibration is not overdue."""

    event = models.ForeignKey(RiskEvent, on_delete=models.PROTECT, related_name="measures")
    kind = models.CharField(max_length=10, choices=Defence.choices)
    layer = models.CharField(max_length=60)
    text = models.CharField(max_length=200)
    valid_to = models.DateField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=200, blank=True)
    task = models.ForeignKey(Obligation, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.text
