"""Plans of nodes: targets of prevention and of treatment side by side (M077)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bihuan.core.places.models import Place


class PlanState(models.TextChoices):
    """Where a plan stands. The rule returns it, or another person of the level above decides."""

    DRAFT = "draft", _("草拟中")
    RETURNED = "returned", _("已退回")
    SUBMITTED = "submitted", _("待审定")
    ACCEPTED = "accepted", _("已审定")


class NodePlan(models.Model):
    """What a node means to reach in a year. A change after its acceptance asks for another one."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=PlanState.choices, default=PlanState.DRAFT)
    missing = ArrayField(
        models.CharField(max_length=24), default=list
    )  # kinds, when returned by rule
    reason = models.CharField(max_length=400, blank=True)  # when returned by a person
    written_at = models.DateTimeField()
    written_by_id = models.BigIntegerField()  # a person
    written_by = models.CharField(max_length=200)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "year"), name="nodeplan_once"),
            models.CheckConstraint(
                condition=~Q(state="accepted")
                | Q(decided_by_id__isnull=False) & ~Q(decided_by_id=F("written_by_id")),
                name="nodeplan_second_person",
            ),
        )
        indexes = (models.Index(fields=("scope", "-year"), name="nodeplan_scope"),)

    def __str__(self) -> str:
        return f"{self.place_id} {self.year}"


class PlanTarget(models.Model):
    """One target: a kind of the pack, and how much of it."""

    plan = models.ForeignKey(NodePlan, on_delete=models.CASCADE, related_name="targets")
    kind = models.CharField(max_length=24)  # key of the pack's plan_kind
    target = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("plan", "kind"), name="plantarget_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"
