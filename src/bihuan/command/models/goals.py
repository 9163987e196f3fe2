"""The goals of a year: a dated set, each with its figure, its rule and its post (M198)."""

from django.db import models

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
