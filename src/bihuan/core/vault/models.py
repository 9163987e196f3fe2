"""Tables of the vault: in a schema of their own, without a key to any table outside.

Only `services` opens them. Nothing outside holds more than a pseudonym.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Collection(models.Model):
    """The people of one purpose, with the key that opens them. No key, no people."""

    name = models.CharField(max_length=40, unique=True)  # "event:12"
    wrapped_key = models.BinaryField()  # sealed under the site's vault key; empty once destroyed
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = '"vault"."collection"'

    def __str__(self) -> str:
        return self.name


class Sealed(models.Model):
    """One person: sealed fields, the marks under which they can be found, and when they go."""

    pseudonym = models.CharField(max_length=16, unique=True)
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE)
    content = models.BinaryField()
    marks = ArrayField(models.CharField(max_length=24))  # keyed hashes, of no use outside
    scope = models.CharField(max_length=64, db_collation="C")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = '"vault"."sealed"'
        indexes = (
            GinIndex(fields=("marks",), name="sealed_marks"),
            models.Index(fields=("expires_at",), name="sealed_expiry"),
        )

    def __str__(self) -> str:
        return self.pseudonym


class Reading(models.Model):
    """Who read whom, when, for what. Kept for the person as long as the person is kept."""

    pseudonym = models.CharField(max_length=16)
    at = models.DateTimeField()
    reader = models.CharField(max_length=200)
    reader_person_id = models.BigIntegerField()
    reader_post_id = models.BigIntegerField()
    scope = models.CharField(max_length=64, db_collation="C")
    purpose = models.CharField(max_length=40)
    reason = models.CharField(max_length=400, blank=True)  # of an emergency
    review_due_at = models.DateTimeField(null=True)  # set for an emergency
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.CharField(max_length=200, blank=True)
    finding = models.CharField(max_length=12, blank=True)

    class Meta:
        db_table = '"vault"."reading"'
        indexes = (
            models.Index(fields=("pseudonym", "at"), name="reading_person"),
            models.Index(fields=("reader_post_id", "at"), name="reading_reader"),
            models.Index(
                fields=("review_due_at",), name="reading_open",
                condition=models.Q(review_due_at__isnull=False, reviewed_at__isnull=True),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.purpose} {self.pseudonym}"
