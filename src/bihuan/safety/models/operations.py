"""Dangerous operations at a site: planned, signed for, begun, stopped, ended (M120)."""

from django.db import models
from django.db.models import Q

from bihuan.core.orgs.models import Org, Party, Post
from bihuan.safety.models.orders import StopOrder
from bihuan.safety.models.registers import Establishment


class Operation(models.Model):
    """One operation of a kind of the pack's; its plan is signed before it begins."""

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="operations"
    )
    scope = models.CharField(max_length=64, db_collation="C")
    sector = models.CharField(max_length=40, blank=True)
    owner_org = models.ForeignKey(Org, on_delete=models.PROTECT, null=True, related_name="+")
    issuer_org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)  # key of the pack's dangerous_operation
    what = models.CharField(max_length=120)
    plan = models.CharField(max_length=200, blank=True)  # title and number of the plan
    day = models.DateField()
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=200)
    begun_at = models.DateTimeField(null=True)
    begun_by = models.CharField(max_length=200, blank=True)
    order = models.ForeignKey(StopOrder, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(begun_at__isnull=False),
                name="operation_begun_before_ended",
            ),
        )
        indexes = (models.Index(fields=("scope", "-id"), name="operation_scope"),)

    def __str__(self) -> str:
        return f"operation {self.pk}"


class PlanSignature(models.Model):
    """One party's signature under the plan of an operation; each party and person once."""

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=12, choices=Party.choices)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    person_id = models.BigIntegerField()
    signed_at = models.DateTimeField()
    signed_by = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("operation", "party"), name="plan_party_once"),
            models.UniqueConstraint(fields=("operation", "person_id"), name="plan_person_once"),
        )

    def __str__(self) -> str:
        return f"{self.party} of {self.operation_id}"
