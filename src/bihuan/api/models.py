"""Answers already given: a repeated request with the same key gets the same answer."""

from django.db import models


class Answered(models.Model):
    """One answered request. `caller` is the digest of its credential."""

    caller = models.CharField(max_length=64)
    key = models.CharField(max_length=80)
    request = models.CharField(max_length=64)  # digest of method, path and body
    status = models.SmallIntegerField(default=0)
    body = models.BinaryField(default=b"")
    headers = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("caller", "key"), name="answered_once"),)
        indexes = (models.Index(fields=("at",), name="answered_at"),)

    def __str__(self) -> str:
        return self.key
