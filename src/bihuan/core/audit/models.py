"""Tables of the audit: entries, the head of each chain, and the outbox.

They know no other table (no foreign keys): an entry outlives whatever it speaks of.
"""

from django.db import models
from django.db.models import Q


class Entry(models.Model):
    """One act. Written once; UPDATE, DELETE and TRUNCATE are refused by trigger."""

    chain = models.CharField(max_length=40, db_collation="C")
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    actor_post_id = models.BigIntegerField(null=True)
    scope = models.CharField(max_length=64, db_collation="C", blank=True)
    action = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="entry_chain_seq")]
        indexes = [
            models.Index(fields=["subject", "id"], name="entry_subject"),
            models.Index(fields=["scope", "-id"], name="entry_scope"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class Head(models.Model):
    """The last entry of a chain: the lock its writers queue at, and the proof of its length."""

    chain = models.CharField(max_length=40, db_collation="C", primary_key=True)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.chain}#{self.seq}"


class Event(models.Model):
    """The outbox: news for other domains and for the outside, handled after commit."""

    name = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="event_waiting", condition=Q(handled_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject}"
