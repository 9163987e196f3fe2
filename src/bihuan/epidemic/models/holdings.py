"""What a hospital has to treat with: oxygen, staff by kind, devices, medicines."""

from django.db import models
from django.db.models import Q

from bihuan.epidemic.models.facilities import Facility


class Holding(models.Model):
    """How much of something there was when it was counted. Never changed, only counted again."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="holdings")
    resource = models.CharField(max_length=24)  # key of the pack's care_resource
    quantity = models.FloatField()
    per_day = models.FloatField(null=True)  # of what is used up: use of a day as it was counted
    note = models.CharField(max_length=120, blank=True)  # source of the oxygen, place of the stock
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(quantity__gte=0) & (Q(per_day=None) | Q(per_day__gte=0)),
                name="holding_not_negative",
            ),
        )
        indexes = (models.Index(fields=("facility", "resource", "-at"), name="holding_last"),)

    def __str__(self) -> str:
        return f"{self.facility_id} {self.resource}"
