"""Who inspects which place on which day, plans that say so, and the people there are for it."""

from django.db import models

from bihuan.core.orgs.models import Org, Post
from bihuan.core.places.models import Place
from bihuan.safety.models.inspections import Campaign, Checklist, Inspection
from bihuan.safety.models.registers import Establishment


class InspectionPlan(models.Model):
    """A plan of inspections: part aimed at where hazards are expected, part spread evenly.

    `cells` are the aimed-at cells [problem, month, sector, weight] as they were when planned.
    """

    title = models.CharField(max_length=120)
    scope = models.CharField(max_length=64, db_collation="C")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    starts = models.DateField()
    ends = models.DateField()
    share = models.IntegerField()  # per cent of the checks that are aimed
    cells = models.JSONField(default=list)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)

    class Meta:
        indexes = (models.Index(fields=("scope", "-id"), name="inspection_plan_scope"),)

    def __str__(self) -> str:
        return self.title


class JointVisit(models.Model):
    """One visit instead of several to a place on a day (M005): offered, then agreed to.

    The stops that joined it are done by the post that goes; each keeps the office that asked.
    """

    establishment = models.ForeignKey(Establishment, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    goes = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    offered_by = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)  # by the first other office

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("establishment", "day"), name="joint_visit_once"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.establishment_id}"


class Assignment(models.Model):
    """A stop of somebody's route: a place, a checklist, a day. Done when it has its inspection.

    `asked_by` is the office that wants it, which need not be that of the post that goes. `look`
    names what another domain owed there and a joint visit took along (`core.orgs.looks`).
    """

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    joint = models.ForeignKey(JointVisit, on_delete=models.PROTECT, null=True, related_name="stops")
    look = models.CharField(max_length=60, blank=True)
    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="assignments"
    )
    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, related_name="+")
    plan = models.ForeignKey(
        InspectionPlan, on_delete=models.PROTECT, null=True, related_name="stops"
    )
    day = models.DateField()
    position = models.IntegerField(default=0)
    aimed = models.BooleanField(default=False)
    expected = models.FloatField(null=True)  # hazards expected there when it was planned
    inspection = models.ForeignKey(
        Inspection, on_delete=models.SET_NULL, null=True, related_name="stops"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("asked_by", "post", "establishment", "checklist", "day", "look"),
                name="assignment_asked_once",
            ),
        )
        indexes = (
            models.Index(fields=("post", "day", "position"), name="assignment_route"),
            models.Index(fields=("look",), name="assignment_look", condition=~models.Q(look="")),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.establishment_id}"


class Staffing(models.Model):
    """The safety supervision staff of a place: posts, present, licensed, trained this year."""

    place = models.OneToOneField(Place, on_delete=models.PROTECT, related_name="+")
    posts = models.IntegerField()
    present = models.IntegerField()
    licensed = models.IntegerField(default=0)
    trained = models.IntegerField(default=0)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.present} of {self.posts}"


class Phase(models.Model):
    """A phase of a campaign of several years (M117)."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="phases")
    kind = models.CharField(max_length=16)  # start | attack | consolidate
    starts = models.DateField()
    ends = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("campaign", "kind"), name="phase_kind_once"),
        )

    def __str__(self) -> str:
        return self.kind


class Topic(models.Model):
    """A special topic of a campaign: the hazards of these types are its list of problems."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="topics")
    title = models.CharField(max_length=120)
    types = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.title


class SystemMeasure(models.Model):
    """The other list of a topic: a rule or system that came out of a hazard."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="measures")
    title = models.CharField(max_length=200)
    hazard = models.ForeignKey(
        "safety.Hazard", on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.title
