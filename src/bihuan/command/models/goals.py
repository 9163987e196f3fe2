"""The goals of a year: a dated set, each with its figure, its rule and its post (M198)."""

from django.db import models
from django.db.models import Q

from bihuan.core.orgs.models import Post
from bihuan.core.places.models import Place


class GoalSet(models.Model):
    """The goals a place set itself for a time; a later set for the same days takes its place."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    title = models.CharField(max_length=120)
    source = models.CharField(max_length=200)
    starts = models.DateField()
    ends = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=200)

    class Meta:
        indexes = (models.Index(fields=("scope", "-id"), name="goal_set_scope"),)

    def __str__(self) -> str:
        return self.title


class Goal(models.Model):
    """One goal. Without a rule, a figure where the rule asks for one, or a post it is undefined."""

    goal_set = models.ForeignKey(GoalSet, on_delete=models.CASCADE, related_name="goals")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    rule = models.CharField(max_length=40, blank=True)  # key of the pack's goal_rule
    most = models.FloatField(null=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("goal_set", "position"), name="goal_position_once"),
        )

    def __str__(self) -> str:
        return self.name


class GoalReport(models.Model):
    """A figure that no counter has: the responsible post told it, as of a day, with what it rests on.

    Lines are added, never changed.
    """

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="reports")
    value = models.FloatField()
    day = models.DateField()
    basis = models.CharField(max_length=200)
    evidence_id = models.BigIntegerField()
    file_name = models.CharField(max_length=200, blank=True)  # of the document, where there is one
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(value__gte=0) & ~Q(basis=""), name="goal_report_rests_on_something"
            ),
        )
        indexes = (models.Index(fields=("goal", "-day", "-id"), name="goal_report_last"),)

    def __str__(self) -> str:
        return f"{self.goal_id} {self.day}"
