"""The checklist of a task, from which the five-part grade is computed (M046)."""

from django.db import models

from bihuan.core.loops.models import Obligation
from bihuan.supervision.types import Answer


class ChecklistStep(models.Model):
    """One step of a task's checklist and its answer.

    `every_hours` marks a step that must go on without a gap: proofs at most so far apart.
    """

    task = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="checklist")
    position = models.SmallIntegerField()
    text = models.CharField(max_length=200)
    every_hours = models.FloatField(null=True)
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True)  # of an exception, by whoever demanded
    approved_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("task", "position"), name="checkliststep_once"),
        )

    def __str__(self) -> str:
        return self.text
