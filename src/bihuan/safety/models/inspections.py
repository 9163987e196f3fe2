"""Checklists as versioned data, inspections by them, campaigns over many places."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F
from django.db.models.functions import Left

from bihuan.core.orgs.models import Org, Post, Sector
from bihuan.core.places.types import CITY, COUNTY
from bihuan.safety.models.registers import Establishment


class Checklist(models.Model):
    """One version of a checklist; a version in use is never changed, a new one is written.

    `items` are read by `rules/checklists.py`; `mark` says how sure the source is.
    """

    code = models.CharField(max_length=40)
    version = models.IntegerField()
    title = models.CharField(max_length=120)
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT)
    title_en = models.CharField(max_length=160, blank=True)
    items = models.JSONField(default=list)
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=10, blank=True)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("code", "version"), name="checklist_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class Campaign(models.Model):
    """A great inspection: a period, its sectors, the places it must see (M116).

    `total` is how many places these were when it began. A `special` one sees the units it names,
    of one sector, each by a task (M119).
    """

    title = models.CharField(max_length=120)
    sectors = ArrayField(models.CharField(max_length=40))  # codes, at least one
    scope = models.CharField(max_length=64, db_collation="C")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    starts = models.DateField()
    ends = models.DateField()
    total = models.IntegerField()
    special = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("scope", "-id"), name="campaign_scope"),)

    def __str__(self) -> str:
        return self.title


class Inspection(models.Model):
    """A look at one establishment by one version of a checklist; by itself or by an authority."""

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="inspections"
    )
    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True)
    scope = models.CharField(max_length=64, db_collation="C")
    sector = models.CharField(max_length=40, blank=True)
    owner_org = models.ForeignKey(Org, on_delete=models.PROTECT, null=True, related_name="+")
    issuer_org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    by_itself = models.BooleanField()
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    answers = models.JSONField(default=dict)  # item code → as its kind has it
    found = models.IntegerField(default=0)

    class Meta:
        indexes = (
            models.Index(fields=("scope", "-id"), name="inspection_scope"),
            models.Index(fields=("establishment", "-begun_at"), name="inspection_place"),
            models.Index(fields=("campaign", "establishment"), name="inspection_campaign"),
            # The two levels whose rows are kept in an order of their own.
            *(models.Index(Left("scope", n), F("id").desc(), name=f"inspection_{level}")
              for level, n in (("city", CITY), ("county", COUNTY))),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"inspection {self.pk}"
