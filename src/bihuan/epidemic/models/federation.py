"""Other installations, and what travels between them: numbered, signed, kept until acknowledged."""

from django.db import models
from django.db.models import F, Q


class SiteKey(models.Model):
    """A key pair of this installation; the one without an end is in use."""

    public = models.CharField(max_length=64, unique=True)  # Ed25519, hexadecimal
    box = models.CharField(max_length=64)  # X25519: what others seal for us
    private = models.BinaryField()  # both secrets, sealed under the site's key
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("ends_at",), condition=Q(ends_at=None), nulls_distinct=False,
                name="sitekey_one",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.public[:12]


class Peer(models.Model):
    """Another installation we have an agreement with. Two people let it in."""

    code = models.CharField(max_length=24, unique=True)  # how it names itself
    title = models.CharField(max_length=80)
    address = models.URLField(max_length=200)
    agreement = models.CharField(max_length=120)
    public = models.CharField(max_length=64)
    box = models.CharField(max_length=64)
    sent = models.PositiveIntegerField(default=0)  # number of the last message to it
    taken = models.PositiveIntegerField(default=0)  # number of the last message of it applied
    added_at = models.DateTimeField()
    added_by_id = models.BigIntegerField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by_id = models.BigIntegerField(null=True)
    suspended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(confirmed_by_id=None) | ~Q(confirmed_by_id=F("added_by_id")),
                name="peer_second_person",
            ),
            models.CheckConstraint(condition=~Q(agreement=""), name="peer_has_agreement"),
        )

    @property
    def fingerprint(self) -> str:
        """The key as two people read it to each other over the telephone."""
        return " ".join(self.public[at : at + 4] for at in range(0, 32, 4)).upper()

    def __str__(self) -> str:
        return self.code


class OutMessage(models.Model):
    """A message to a peer: signed once, sent until it is acknowledged."""

    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="outbox")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    envelope = models.JSONField()
    at = models.DateTimeField()
    next_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("peer", "seq"), name="outmessage_once"),)
        indexes = (
            models.Index(fields=("next_at",), name="outmessage_due",
                         condition=Q(acknowledged_at=None)),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.seq} to {self.peer_id}"


class InMessage(models.Model):
    """A message of a peer, taken in its order and once; its sum says whether a repeat is the same."""

    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="inbox")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    applied_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("peer", "seq"), name="inmessage_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.seq} of {self.peer_id}"
