"""What a hazard has beyond a problem: where, by which criterion, who undertakes what; listings."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left

from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.models import Org, Post
from bihuan.core.places.types import CITY, COUNTY
from bihuan.safety.models.inspections import Inspection
from bihuan.safety.models.registers import Establishment


class Hazard(models.Model):
    """A safety fault of an establishment; its loop is an obligation of the flow "problem".

    The five commitments (五落实) are a gate for a major one: measures, funds, who, when, plan.
    """

    obligation = models.OneToOneField(
        Obligation, on_delete=models.PROTECT, primary_key=True, related_name="hazard"
    )
    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="hazards"
    )
    scope = models.CharField(max_length=64, db_collation="C")  # of its loop, which never moves
    criterion = models.CharField(max_length=60, blank=True)  # "none": no major criterion applies
    criterion_ref = models.CharField(max_length=120, blank=True)  # the edition it was read in
    own_find = models.BooleanField(default=False)  # the establishment found it itself
    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, null=True, related_name="hazards"
    )
    measures = models.TextField(blank=True)
    funds = models.CharField(max_length=120, blank=True)
    charged = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    finish_by = models.DateField(null=True)
    plan = models.TextField(blank=True)
    rehousing = models.CharField(max_length=200, blank=True)  # who helps whoever must move out

    class Meta:
        indexes = (
            models.Index(fields=("scope", "-obligation"), name="hazard_scope"),
            # The two levels whose rows are kept in an order of their own.
            *(models.Index(Left("scope", n), F("obligation").desc(), name=f"hazard_{level}")
              for level, n in (("city", CITY), ("county", COUNTY))),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"hazard {self.obligation_id}"


class Recheck(models.Model):
    """A look at a rectified hazard after a month; one that fails reopens the same record."""

    hazard = models.ForeignKey(Hazard, on_delete=models.PROTECT, related_name="rechecks")
    fine = models.BooleanField()
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"recheck of {self.hazard_id}"


class Listing(models.Model):
    """Listed supervision (挂牌督办) of a major hazard, with the clocks of the local pack."""

    hazard = models.ForeignKey(Hazard, on_delete=models.PROTECT, related_name="listings")
    scope = models.CharField(max_length=64, db_collation="C")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    document = models.CharField(max_length=120)
    listed_at = models.DateTimeField()
    listed_by = models.CharField(max_length=200)
    publish_by = models.DateTimeField()
    clear_by = models.DateTimeField()
    rule = models.CharField(max_length=120)
    published_at = models.DateTimeField(null=True)
    asked_until = models.DateTimeField(null=True)  # an extension that was applied for
    asked_reason = models.TextField(blank=True)
    decide_by = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("hazard",), condition=Q(removed_at=None), name="listing_one_in_force"
            ),
        )

    def __str__(self) -> str:
        return self.document


class LegalStep(models.Model):
    """The next legal step as it was drafted from the pack; a person decides."""

    hazard = models.ForeignKey(Hazard, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    article = models.CharField(max_length=200)
    drafted_at = models.DateTimeField()
    taken = models.BooleanField(null=True)
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.step} of {self.hazard_id}"


class Tip(models.Model):
    """A report from the public. Who sent it is nowhere: the code alone, as a digest, leads back."""

    digest = models.CharField(max_length=64, unique=True)
    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, null=True, related_name="tips"
    )
    scope = models.CharField(max_length=64, db_collation="C")
    task = models.OneToOneField(Obligation, on_delete=models.PROTECT, related_name="tip")
    category = models.CharField(max_length=20)
    where = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    received_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    confirmed = models.BooleanField(null=True)
    reward = models.IntegerField(default=0)
    paid_at = models.DateTimeField(null=True)  # to whoever held the code: no name of theirs
    paid_by = models.CharField(max_length=200, blank=True)  # the official
    recheck_at = models.DateTimeField(null=True)
    hazard = models.ForeignKey(Hazard, on_delete=models.PROTECT, null=True, related_name="tips")
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("scope", "-id"), name="tip_scope"),)

    def __str__(self) -> str:
        return f"tip {self.pk}"


class NearMiss(models.Model):
    """What nearly happened, told without blame and counted as good; its cause is analysed."""

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="near_misses"
    )
    scope = models.CharField(max_length=64, db_collation="C")
    text = models.TextField()
    happened_at = models.DateTimeField()
    told_at = models.DateTimeField()
    task = models.OneToOneField(Obligation, on_delete=models.PROTECT, related_name="near_miss")

    class Meta:
        indexes = (models.Index(fields=("scope", "-id"), name="nearmiss_scope"),)

    def __str__(self) -> str:
        return f"near miss {self.pk}"
