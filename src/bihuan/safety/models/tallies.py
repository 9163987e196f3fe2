"""How many establishments of each kind, sector and colour a place has; kept by the database."""

from django.db import models


class PlaceTally(models.Model):
    """Counters of a place and everything below it, never recounted.

    Buckets: `venue` (key places), `closed` (establishments that are), the five colours (those
    that are not, `ungraded` among them), `surveyed`; `hazard` (open ones, of no kind).
    """

    path = models.CharField(max_length=64, db_collation="C")
    kind = models.CharField(max_length=40)
    sector = models.CharField(max_length=40)
    bucket = models.CharField(max_length=8)
    n = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("path", "kind", "sector", "bucket"), name="placetally_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.path} {self.kind} {self.bucket} {self.n}"


class PlaceTallyChange(models.Model):
    """What statements changed since the counters were last folded; written by trigger."""

    scope = models.CharField(max_length=64, db_collation="C")
    kind = models.CharField(max_length=40)
    sector = models.CharField(max_length=40)
    bucket = models.CharField(max_length=8)
    delta = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("scope",), name="placetallychange_scope"),)

    def __str__(self) -> str:
        return f"{self.scope} {self.bucket} {self.delta:+d}"
