"""Inspection teams and their visits; rounds of cross inspection."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from bihuan.core.orgs.models import Org, Post
from bihuan.core.places.models import Place
from bihuan.supervision.models.plans import Plan


class Team(models.Model):
    """People with a mandate of an upper node, for a scope and a time (M035)."""

    name = models.CharField(max_length=120)
    mandate = models.TextField()
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    scope = models.CharField(max_length=64, db_collation="C")
    org = models.ForeignKey(Org, on_delete=models.PROTECT)  # for whom it works, to whom it files
    leader = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    members = models.ManyToManyField(Post, related_name="teams")
    starts = models.DateField()
    ends = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("scope", "-id"), name="team_scope"),)

    def __str__(self) -> str:
        return self.name


class Round(models.Model):
    """One round of cross inspection: who inspects whom, in which links (M039)."""

    title = models.CharField(max_length=120)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    scope = models.CharField(max_length=64, db_collation="C")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    links = ArrayField(models.CharField(max_length=60))
    observer = models.ForeignKey(Org, on_delete=models.PROTECT, null=True, related_name="+")
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True)
    repeats = models.IntegerField(default=0)  # pairs that could not differ from the last round
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)

    class Meta:
        indexes = (models.Index(fields=("scope", "-id"), name="round_scope"),)

    def __str__(self) -> str:
        return self.title


class RoundPair(models.Model):
    """In a round one organisation inspects one other."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="pairs")
    inspector = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    inspected = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("round", "inspector"), name="roundpair_inspects_once"),
            models.UniqueConstraint(fields=("round", "inspected"), name="roundpair_seen_once"),
            models.CheckConstraint(
                condition=~Q(inspector=models.F("inspected")), name="roundpair_not_own"
            ),
        )

    def __str__(self) -> str:
        return f"{self.inspector_id} → {self.inspected_id}"


class Visit(models.Model):
    """A look at one unit by a team, or by the other side of a round's pair.

    `owner_org` and `issuer_org` are the inspected and the mandating organisation: the common
    rule of visibility reads them. The unit sees an announced visit at once, an unannounced one
    from the moment it begins. `answers` has one answer for each link that must be looked at.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="visits")
    pair = models.OneToOneField(RoundPair, on_delete=models.PROTECT, null=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    scope = models.CharField(max_length=64, db_collation="C")
    sector = models.CharField(max_length=40, blank=True)
    owner_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    owner_org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    issuer_org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    inspector_org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    announced = models.BooleanField()
    planned_for = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    links = ArrayField(models.CharField(max_length=60), default=list)
    answers = models.JSONField(default=dict)
    comment = models.TextField(blank=True)  # of the inspected: may comment, may not delete
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(team__isnull=False) ^ Q(pair__isnull=False), name="visit_one_mandate"
            ),
        )
        indexes = (
            models.Index(fields=("scope", "-planned_for"), name="visit_scope"),
            models.Index(fields=("inspector_org", "-planned_for"), name="visit_inspector"),
            models.Index(fields=("owner_org", "-planned_for"), name="visit_owner"),
        )

    def __str__(self) -> str:
        return f"visit {self.pk}"
