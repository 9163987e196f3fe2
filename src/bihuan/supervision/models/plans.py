"""Supervision plans: a cube of places × links × steps, and what was found in its cells."""

from django.db import models
from django.db.models import F, Q

from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.models import Org, Venue
from bihuan.core.places.models import Place
from bihuan.supervision.types import Outcome


class Plan(models.Model):
    """What is to be looked at in a period: every site × every step (M034).

    `cells` and `filled` are kept by `services.plans` in the transaction that changes them.
    A plan that names a `first` is its second pass, by other people (M036).
    """

    title = models.CharField(max_length=120)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    scope = models.CharField(max_length=64, db_collation="C")
    sector = models.CharField(max_length=40, blank=True)
    org = models.ForeignKey(Org, on_delete=models.PROTECT)
    first = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="passes")
    starts = models.DateField()
    ends = models.DateField()
    cells = models.IntegerField(default=0)
    filled = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="plan_ends_later"),
            models.CheckConstraint(
                condition=Q(filled__gte=0, filled__lte=F("cells")), name="plan_filled_in_cells"
            ),
        )
        indexes = (models.Index(fields=("scope", "-id"), name="plan_scope"),)

    def __str__(self) -> str:
        return self.title


class PlanStep(models.Model):
    """One step of the process in one link of the chain: a column of the cube."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="steps")
    position = models.SmallIntegerField()
    link = models.CharField(max_length=60)
    name = models.CharField(max_length=80)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("plan", "link", "name"), name="planstep_once"),
        )

    def __str__(self) -> str:
        return f"{self.link}·{self.name}"


class PlanSite(models.Model):
    """One place to be looked at: a row of the cube, with the count of its filled cells."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="sites")
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT)
    name = models.CharField(max_length=120)
    scope = models.CharField(max_length=64, db_collation="C")
    filled = models.IntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("plan", "venue"), name="plansite_once"),)
        indexes = (models.Index(fields=("plan", "scope"), name="plansite_scope"),)

    def __str__(self) -> str:
        return self.name


class Result(models.Model):
    """One look at one cell. Never changed: a later look is another row, `first` fills the cell."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="results")
    site = models.ForeignKey(PlanSite, on_delete=models.PROTECT, related_name="results")
    step = models.ForeignKey(PlanStep, on_delete=models.PROTECT)
    scope = models.CharField(max_length=64, db_collation="C")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    first = models.BooleanField()
    existed = models.BooleanField(null=True)  # a gap of a second pass: was it there at the first?
    note = models.CharField(max_length=400, blank=True)
    problem = models.ForeignKey(Obligation, on_delete=models.PROTECT, null=True)
    team = models.CharField(max_length=120)
    person_id = models.BigIntegerField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("site", "step"), condition=Q(first=True), name="result_fills_once"
            ),
        )
        indexes = (
            models.Index(fields=("plan", "scope"), name="result_plan"),
            models.Index(fields=("site", "step"), name="result_cell"),
        )

    def __str__(self) -> str:
        return f"{self.site_id}/{self.step_id} {self.outcome}"
