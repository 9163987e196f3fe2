"""Fever visits: the first institution owns each of them until a receiver signed (M084)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bihuan.core.orgs.models import Org


class TestResult(models.TextChoices):
    """What the test of a visit said."""

    PENDING = "pending", _("待出结果")
    NEGATIVE = "negative", _("阴性")
    POSITIVE = "positive", _("阳性")


class VisitEnd(models.TextChoices):
    """How a visit may end with who owns it. Sending somebody away is no end: a receiver signs."""

    HOME = "home", _("离院回家")
    ADMITTED = "admitted", _("本院收治")


class FeverVisit(models.Model):
    """Somebody with fever at the door, by the institution's own visit number: never a name."""

    visit_no = models.CharField(max_length=24)
    first_org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")  # owns it now
    scope = models.CharField(max_length=64, db_collation="C")  # of the first institution
    age_band = models.CharField(max_length=8)
    arrived_at = models.DateTimeField()
    triaged_at = models.DateTimeField(null=True)
    triage = models.CharField(max_length=16, blank=True)  # key of the pack's fever_triage
    waits_at = models.CharField(max_length=60, blank=True)  # where in the institution
    tested_at = models.DateTimeField(null=True)
    result_at = models.DateTimeField(null=True)  # when the result was known
    result = models.CharField(max_length=8, choices=TestResult.choices, blank=True)
    outcome = models.CharField(max_length=8, choices=VisitEnd.choices, blank=True)
    closed_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=200)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("first_org", "visit_no"), name="fevervisit_once"),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | Q(closed_at__isnull=False) & ~Q(outcome=""),
                name="fevervisit_end_has_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="home") | Q(result__in=("negative", "positive")),
                name="fevervisit_home_after_result",
            ),
            models.CheckConstraint(
                condition=Q(triaged_at=None) | Q(triaged_at__gte=F("arrived_at")),
                name="fevervisit_triaged_after_arrival",
            ),
            models.CheckConstraint(
                condition=Q(result_at=None) | Q(result__in=("negative", "positive")),
                name="fevervisit_result_known",
            ),
        )  # fmt: skip
        indexes = (
            models.Index(fields=("org", "arrived_at"), name="fevervisit_open",
                         condition=Q(closed_at=None)),
            models.Index(fields=("scope", "-arrived_at"), name="fevervisit_scope"),
            models.Index(fields=("expires_at",), name="fevervisit_expiry"),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.visit_no


class FeverHandover(models.Model):
    """A safe transfer: offered at one time, signed at another; both are kept."""

    visit = models.ForeignKey(FeverVisit, on_delete=models.CASCADE, related_name="handovers")
    from_org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    to_org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200)  # how they travel
    offered_at = models.DateTimeField()
    offered_by = models.CharField(max_length=200)
    taken_at = models.DateTimeField(null=True)
    taken_by = models.CharField(max_length=200, blank=True)
    refused_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("visit",), condition=Q(taken_at=None, refused_at=None),
                name="feverhandover_open_once",
            ),
            models.CheckConstraint(
                condition=Q(taken_at=None) | ~Q(taken_by=""), name="feverhandover_signed"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.visit_id} to {self.to_org_id}"
