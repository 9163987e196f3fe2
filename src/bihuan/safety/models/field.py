"""The field app: devices that may work without a signal, what they sent, pieces of photos."""

from uuid import uuid4

from django.db import models

from bihuan.core.orgs.models import Account, Org, Post
from bihuan.safety.models.inspections import Checklist, Inspection
from bihuan.safety.models.registers import Establishment


class Device(models.Model):
    """A browser on which one account keeps its route. `seed` goes when it is revoked.

    The key of its local store is made from the seed and the site's secret, so that a revoked
    device can never be given it again. `digest` is of the token that the device sends.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    seed = models.UUIDField(default=uuid4, null=True)
    session = models.CharField(max_length=40, blank=True)  # ended when the device is revoked
    enrolled_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("account", "-id"), name="device_account"),
            models.Index(fields=("scope", "-id"), name="device_scope"),
        )

    def __str__(self) -> str:
        return self.name


class PhotoPart(models.Model):
    """A piece of a photo on its way, named by the digest of the whole; gone once it is evidence."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="parts")
    sha256 = models.CharField(max_length=64)
    size = models.IntegerField()  # of the whole
    start = models.IntegerField()
    data = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("device", "sha256", "start"), name="part_once"),
        )

    def __str__(self) -> str:
        return f"{self.sha256[:8]} {self.start}/{self.size}"


class FieldEntry(models.Model):
    """An inspection as a device sent it, under the key the device chose: taken once, never lost.

    What cannot be taken as it is waits for a person, with what the device saw and what is there.
    """

    key = models.UUIDField(unique=True)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="entries")
    establishment = models.ForeignKey(Establishment, on_delete=models.PROTECT, related_name="+")
    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    sector = models.CharField(max_length=40, blank=True)
    owner_org = models.ForeignKey(Org, on_delete=models.PROTECT, null=True, related_name="+")
    issuer_org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)  # of what was sent
    content = models.JSONField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10)  # taken | conflict | filed
    reason = models.CharField(max_length=60, blank=True)  # code of the refusal
    differs = models.JSONField(default=list)  # [field, seen, there]
    inspection = models.OneToOneField(
        Inspection, on_delete=models.PROTECT, null=True, related_name="entry"
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        indexes = (models.Index(fields=("issuer_org", "state", "-id"), name="field_entry_state"),)

    def __str__(self) -> str:
        return str(self.key)
