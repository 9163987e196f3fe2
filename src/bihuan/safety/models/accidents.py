"""Accidents: what happened, what each source knows, what was told to whom."""

from django.db import models

from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.models import Org, Party, Post
from bihuan.core.places.models import Place
from bihuan.safety.models.registers import Establishment, Statement
from bihuan.safety.types import AccidentClass, AccidentKind


class Accident(models.Model):
    """One accident. Class and sums follow from the figures and are recomputed with each."""

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, null=True, related_name="accidents"
    )
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    scope = models.CharField(max_length=64, db_collation="C")
    sector = models.CharField(max_length=40, blank=True)
    owner_org = models.ForeignKey(Org, on_delete=models.PROTECT, null=True, related_name="+")
    issuer_org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=AccidentKind.choices)
    what = models.CharField(max_length=200)
    where = models.CharField(max_length=200, blank=True)
    occurred_at = models.DateTimeField()
    known_at = models.DateTimeField()
    called_at = models.DateTimeField()
    called_by = models.CharField(max_length=200)
    grade = models.CharField(max_length=16, choices=AccidentClass.choices)
    deaths = models.IntegerField(default=0)
    serious = models.IntegerField(default=0)
    missing = models.IntegerField(default=0)
    loss = models.BigIntegerField(default=0)
    counts_until = models.DateTimeField()
    investigate_by = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=("scope", "-occurred_at"), name="accident_scope"),
            models.Index(fields=("scope", "sector", "-occurred_at"), name="accident_sector"),
        )

    @property
    def number(self) -> str:
        """The short number people say."""
        return f"SG-{self.called_at.year}-{self.pk:06d}"

    @property
    def subject(self) -> str:
        """How audit names it."""
        return f"accident:{self.pk}"

    def __str__(self) -> str:
        return self.number


class Figure(models.Model):
    """What one source knows at one moment. Lines are added, never changed."""

    accident = models.ForeignKey(Accident, on_delete=models.PROTECT, related_name="figures")
    source = models.CharField(max_length=60)
    deaths = models.IntegerField()
    serious = models.IntegerField()
    missing = models.IntegerField()
    loss = models.BigIntegerField()
    as_of = models.DateTimeField()
    counts = models.BooleanField()  # within the window: it moves the class
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.source} {self.deaths}/{self.serious}"


class ReportDuty(models.Model):
    """One level must report an accident to the next by a moment; owed as a task."""

    accident = models.ForeignKey(Accident, on_delete=models.PROTECT, related_name="duties")
    from_level = models.CharField(max_length=12)
    to_level = models.CharField(max_length=12)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    due_rule = models.CharField(max_length=120)
    task = models.OneToOneField(Obligation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("accident", "from_level"), name="reportduty_level_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.from_level} → {self.to_level}"


class Report(models.Model):
    """A report as it went out, with what was known then. The database refuses to change it."""

    duty = models.ForeignKey(ReportDuty, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=8)  # first | progress | final
    serial = models.SmallIntegerField()
    content = models.JSONField()
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=200)
    late_minutes = models.IntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("duty", "kind", "serial"), name="accidentreport_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.serial} of {self.duty_id}"


class Falsity(models.Model):
    """A finding that a report was false, with its reason; the report itself stays as it is."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="falsity")
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"false {self.report_id}"


class PhoneCall(models.Model):
    """A line of the telephone log: who told whom what. Lines are added, never changed."""

    accident = models.ForeignKey(Accident, on_delete=models.PROTECT, related_name="phone_calls")
    outgoing = models.BooleanField()
    level = models.CharField(max_length=12, blank=True)  # an authority that was told; empty: others
    who = models.CharField(max_length=120)
    text = models.TextField()
    called_at = models.DateTimeField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"call of {self.accident_id}"


class ReadBack(models.Model):
    """An accident read back against one party's statement of responsibility (M125).

    `statement` is the one that held when it happened; none is a finding of its own.
    """

    accident = models.ForeignKey(Accident, on_delete=models.PROTECT, related_name="read_backs")
    party = models.CharField(max_length=12, choices=Party.choices)
    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, null=True, related_name="read_backs"
    )
    kept = models.BooleanField()
    finding = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("accident", "party"), name="readback_party_once"),
        )

    def __str__(self) -> str:
        return f"{self.party} of {self.accident_id}"
