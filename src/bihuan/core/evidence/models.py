"""Files by their hash, and the items of evidence that use them. Nothing here is ever changed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What an item of evidence is."""

    PHOTO = "photo", _("照片")
    DOCUMENT = "document", _("文件")
    READING = "reading", _("读数")
    COUNTERSIGN = "countersign", _("会签")
    STATEMENT = "statement", _("情况说明")


class Blob(models.Model):
    """A file as it came, named by the SHA-256 of its bytes; the original is kept."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    mime = models.CharField(max_length=80)
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256


class Item(models.Model):
    """One proof for one subject ("obligation:12"). A correction is a new item, not a change."""

    subject = models.CharField(max_length=60)
    scope = models.CharField(max_length=64, db_collation="C")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, null=True, related_name="items")
    file_name = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    quantity = models.FloatField(null=True)
    measure = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    maker = models.CharField(max_length=200)
    maker_person_id = models.BigIntegerField()
    maker_post_id = models.BigIntegerField()
    maker_org_id = models.BigIntegerField()
    twin_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(blob__isnull=False) | ~Q(text="") | Q(quantity__isnull=False),
                name="item_says_something",
            ),
        )
        indexes = (
            models.Index(fields=("subject", "id"), name="item_subject"),
            models.Index(fields=("scope", "-id"), name="item_scope"),
            models.Index(fields=("blob",), name="item_blob"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
