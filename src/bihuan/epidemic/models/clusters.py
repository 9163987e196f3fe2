"""Files of clusters: one place where several fell ill, with a leader and a list of what to do."""

from django.db import models
from django.db.models import Q

from bihuan.core.loops.models import Obligation
from bihuan.epidemic.models.events import Event


class Cluster(models.Model):
    """The file of a cluster. Its leader owes the loop; its cases follow from the places noted."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="clusters")
    scope = models.CharField(max_length=64, db_collation="C")
    name = models.CharField(max_length=80)  # of the place, as it was noted
    key = models.CharField(max_length=80)  # the same without regard to case
    first = models.DateField()  # onset of the first case when the file was opened
    edition = models.CharField(max_length=80)  # whose checklist it follows
    obligation = models.OneToOneField(Obligation, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=200)
    hypothesis = models.CharField(max_length=400, blank=True)
    outcome = models.CharField(max_length=24, blank=True)  # key of the pack's cluster_outcome
    outcome_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("event", "key"), name="cluster_once"),
            models.CheckConstraint(
                condition=Q(outcome="") | ~Q(outcome_reason=""), name="cluster_judged_with_reason"
            ),
        )
        indexes = (models.Index(fields=("scope", "-id"), name="cluster_scope"),)

    @property
    def number(self) -> str:
        """The number people say."""
        return f"JJ-{self.opened_at.year}-{self.pk:06d}"

    def __str__(self) -> str:
        return self.number


class ClusterStep(models.Model):
    """One line of a cluster's checklist: what was done, or why it is not needed."""

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="steps")
    key = models.CharField(max_length=24)  # row of the edition's cluster_task
    order = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, blank=True)  # "" | done | waived
    note = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField(null=True)
    by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("cluster", "key"), name="clusterstep_once"),
            models.CheckConstraint(
                condition=Q(state="", at=None) | Q(state__in=("done", "waived"), at__isnull=False),
                name="clusterstep_state",
            ),
        )

    def __str__(self) -> str:
        return f"{self.cluster_id} {self.key}"
