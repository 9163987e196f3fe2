"""Leave to begin again after a stop, or as something else: one approval for both domains."""

from django.db import models

from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.models import Org
from bihuan.safety.models.registers import Establishment
from bihuan.safety.types import PermitKind


class Permit(models.Model):
    """A restart (M136) or a conversion (M135); `checks` are lines of the pack with what was found.

    A line is {"key", "title", "title_en", "domain", "fine": true | false | null}.
    """

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="permits"
    )
    scope = models.CharField(max_length=64, db_collation="C")
    sector = models.CharField(max_length=40, blank=True)
    owner_org = models.ForeignKey(Org, on_delete=models.PROTECT, null=True, related_name="+")
    issuer_org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=PermitKind.choices)
    purpose = models.CharField(max_length=120)
    checks = models.JSONField(default=list)
    new_workers = models.IntegerField(default=0)
    trained_workers = models.IntegerField(default=0)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    person_id = models.BigIntegerField()  # who asked: another person grants it
    granted_at = models.DateTimeField(null=True)
    granted_by = models.CharField(max_length=200, blank=True)
    visit = models.ForeignKey(Obligation, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = (models.Index(fields=("scope", "-id"), name="permit_scope"),)

    def __str__(self) -> str:
        return f"permit {self.pk}"
