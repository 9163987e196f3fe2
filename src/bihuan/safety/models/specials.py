"""The units a special inspection names, each with its task (M119)."""

from django.db import models

from bihuan.core.loops.models import Obligation
from bihuan.safety.models.inspections import Campaign, Inspection
from bihuan.safety.models.registers import Establishment


class CampaignUnit(models.Model):
    """A unit of a special inspection: the task that went to it, the look that is its result."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="units")
    establishment = models.ForeignKey(Establishment, on_delete=models.PROTECT, related_name="+")
    task = models.OneToOneField(Obligation, on_delete=models.PROTECT, related_name="+")
    result = models.ForeignKey(
        Inspection, on_delete=models.SET_NULL, null=True, related_name="results"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("campaign", "establishment"), name="campaign_unit_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.establishment_id}"
