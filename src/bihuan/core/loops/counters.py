"""Counters of loops, kept by the database, and the results of the nightly checks."""

from django.db import models


class Tally(models.Model):
    """Counters of a place and everything below it, kept by the database, never recounted."""

    path = models.CharField(max_length=64, db_collation="C")
    flow = models.CharField(max_length=8)
    domain = models.CharField(max_length=24)
    bucket = models.CharField(max_length=12)  # open, submitted, overdue, closed, late, withdrawn
    n = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("path", "flow", "domain", "bucket"), name="tally_once"),
        )

    def __str__(self) -> str:
        return f"{self.path} {self.bucket} {self.n}"


class TallyChange(models.Model):
    """What statements changed since the counters were last folded; written by trigger."""

    scope = models.CharField(max_length=64, db_collation="C")
    flow = models.CharField(max_length=8)
    domain = models.CharField(max_length=24)
    bucket = models.CharField(max_length=12)
    delta = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("scope",), name="tallychange_scope"),)

    def __str__(self) -> str:
        return f"{self.scope} {self.bucket} {self.delta:+d}"


class Check(models.Model):
    """The result of one nightly run of one invariant."""

    name = models.CharField(max_length=60)
    at = models.DateTimeField()
    broken = models.IntegerField()
    examples = models.JSONField(default=list)

    class Meta:
        indexes = (models.Index(fields=("name", "-at"), name="check_name"),)

    def __str__(self) -> str:
        return f"{self.name} {self.broken}"
