"""What was judged and reported of a situation: versions that are added and never changed."""

from django.db import models
from django.db.models import F, Q

from bihuan.core.places.models import Place
from bihuan.epidemic.models.events import Event


class Judgement(models.Model):
    """A written judgement of a day. Another person signs it; a change is another version."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="judgements")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    day = models.DateField()
    version = models.PositiveIntegerField()
    text = models.TextField()
    known_at = models.DateTimeField()  # the figures it rests on are those known then
    written_at = models.DateTimeField()
    written_by_id = models.BigIntegerField()  # a person
    written_by = models.CharField(max_length=200)
    signed_at = models.DateTimeField(null=True)
    signed_by_id = models.BigIntegerField(null=True)
    signed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("event", "place", "day", "version"), name="judgement_version"
            ),
            models.CheckConstraint(
                condition=Q(signed_by_id=None) | ~Q(signed_by_id=F("written_by_id")),
                name="judgement_four_eyes",
            ),
        )

    def __str__(self) -> str:
        return f"{self.event_id} {self.day} v{self.version}"


class SituationReport(models.Model):
    """One report as it went out: content, sum and lateness stay as they were."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="reports")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    kind = models.CharField(max_length=16)  # key of the pack's event_report
    day = models.DateField()
    version = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    edition = models.CharField(max_length=80)
    due_at = models.DateTimeField()
    due_rule = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    late_minutes = models.PositiveIntegerField(default=0)
    late_reason = models.CharField(max_length=400, blank=True)
    judgement = models.ForeignKey(Judgement, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("event", "place", "kind", "day", "version"), name="sitreport_version"
            ),
            models.CheckConstraint(
                condition=Q(late_minutes=0) | ~Q(late_reason=""), name="sitreport_late_reasoned"
            ),
        )
        indexes = (models.Index(fields=("scope", "-id"), name="sitreport_scope"),)

    @property
    def number(self) -> str:
        """The number people say."""
        return f"YB-{self.made_at.year}-{self.pk:06d}"

    def __str__(self) -> str:
        return self.number
