"""Cases and how they were classified, with dates."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models

from bihuan.core.places.models import Place
from bihuan.epidemic.models.events import Event
from bihuan.epidemic.types import FoundIn, Origin


def number_of(pk: int, reported_at: datetime) -> str:
    """The number people say of a case."""
    return f"BL-{reported_at.year}-{pk:06d}"


class Case(models.Model):
    """One case of one event, by pseudonym. `kind` is the class a person gave it last."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="cases")
    pseudonym = models.CharField(max_length=16, unique=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    kind = models.CharField(max_length=24)
    age_band = models.CharField(max_length=8)
    findings = ArrayField(models.CharField(max_length=40), default=list)
    answers = models.JSONField(default=dict)  # of the pack's questions
    onset = models.DateField(null=True)
    diagnosed_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    report_due_at = models.DateTimeField(null=True)  # null: of no statutory class on its day
    report_rule = models.CharField(max_length=120, blank=True)
    late_reason = models.CharField(max_length=400, blank=True)
    isolated_at = models.DateTimeField(null=True)
    treated_at = models.DateTimeField(null=True)
    origin = models.CharField(max_length=16, choices=Origin.choices, default=Origin.UNKNOWN)
    found_in = models.CharField(max_length=16, choices=FoundIn.choices)
    source = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="onward")
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged"
    )
    reporter_org_id = models.BigIntegerField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=("scope", "-id"), name="case_scope"),
            models.Index(fields=("event", "onset"), name="case_event"),
            models.Index(fields=("expires_at",), name="case_expiry"),
        )

    @property
    def number(self) -> str:
        """The number people say."""
        return number_of(self.pk, self.reported_at)

    def __str__(self) -> str:
        return self.number


class CaseClass(models.Model):
    """One classification: what a person decided, and what the pack proposed then."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="classes")
    at = models.DateTimeField()
    kind = models.CharField(max_length=24)
    proposed = models.CharField(max_length=24, blank=True)
    edition = models.CharField(max_length=80)
    met = ArrayField(models.CharField(max_length=40), default=list)
    reason = models.CharField(max_length=400, blank=True)
    by = models.CharField(max_length=200)

    class Meta:
        indexes = (models.Index(fields=("case", "at"), name="caseclass_case"),)

    def __str__(self) -> str:
        return f"{self.kind} of {self.case_id}"


class CaseSource(models.Model):
    """Who was held to be the source of a case from a moment on; None: taken back then."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="sources")
    source = models.BigIntegerField(null=True)  # number of a case, which may be forgotten earlier
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("case", "-at"), name="casesource_case"),)

    def __str__(self) -> str:
        return f"{self.case_id} by {self.source}"


class CaseMerge(models.Model):
    """From when until when a file was part of another; earlier pictures show both apart."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="merges")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)  # taken back

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("case",), condition=models.Q(until=None), name="casemerge_open_once"
            ),
        )
        indexes = (models.Index(fields=("case", "since"), name="casemerge_case"),)

    def __str__(self) -> str:
        return f"{self.case_id} since {self.since}"


class CaseCorrection(models.Model):
    """What stood on the card of a case until it was corrected; earlier pictures show it still."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="corrections")
    at = models.DateTimeField()
    onset = models.DateField(null=True)
    found_in = models.CharField(max_length=16)
    origin = models.CharField(max_length=16)
    age_band = models.CharField(max_length=8)

    class Meta:
        indexes = (models.Index(fields=("at",), name="casecorrection_at"),)

    def __str__(self) -> str:
        return f"card of {self.case_id} until {self.at}"


class NotSame(models.Model):
    """Two records somebody looked at and found to be different people: never proposed again."""

    one = models.CharField(max_length=16)
    other = models.CharField(max_length=16)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("one", "other"), name="notsame_once"),)

    def __str__(self) -> str:
        return f"{self.one} is not {self.other}"
