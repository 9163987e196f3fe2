"""Forecasts of heat and what they led to: a plan of checks, a task to tell the results (M132)."""

from django.db import models

from bihuan.core.loops.models import Obligation
from bihuan.core.places.models import Place
from bihuan.safety.models.plans import InspectionPlan


class Forecast(models.Model):
    """The highest temperature forecast for a place and day; what comes later takes its place.

    `plan` and `task` stand once the forecast has started the day's checks there.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    day = models.DateField()
    celsius = models.FloatField()
    source = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    plan = models.OneToOneField(
        InspectionPlan, on_delete=models.PROTECT, null=True, related_name="forecast"
    )
    task = models.ForeignKey(Obligation, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "day"), name="forecast_place_day_once"),
        )
        indexes = (models.Index(fields=("day", "scope"), name="forecast_day"),)

    def __str__(self) -> str:
        return f"{self.place_id} {self.day}: {self.celsius}"
