"""Findings from outside: a numbered list that only its issuer closes (M037)."""

from django.db import models
from django.db.models import Q

from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.models import Org
from bihuan.core.places.models import Place


class ExternalList(models.Model):
    """A list of findings as an outside team handed it over, with the day of the answer."""

    issuer = models.CharField(max_length=120)
    document = models.CharField(max_length=120, blank=True)
    received_on = models.DateField()
    answer_by = models.DateField()
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    scope = models.CharField(max_length=64, db_collation="C")
    org = models.ForeignKey(Org, on_delete=models.PROTECT)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)

    class Meta:
        indexes = (models.Index(fields=("scope", "-id"), name="externallist_scope"),)

    def __str__(self) -> str:
        return f"{self.issuer} {self.document}"


class ExternalItem(models.Model):
    """One numbered finding. Verified here it is answered; the issuer's record closes it."""

    parent = models.ForeignKey(ExternalList, on_delete=models.PROTECT, related_name="items")
    number = models.IntegerField()
    problem = models.OneToOneField(Obligation, on_delete=models.PROTECT)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=200, blank=True)
    acceptance = models.CharField(max_length=200, blank=True)  # the issuer's document
    accepted_at = models.DateTimeField(null=True)
    recorded_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("parent", "number"), name="externalitem_once"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True)
                | (Q(answered_at__isnull=False) & ~Q(acceptance="")),
                name="externalitem_answered_before_accepted",
            ),
        )

    def __str__(self) -> str:
        return f"{self.parent_id}#{self.number}"
