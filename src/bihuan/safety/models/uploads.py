"""An uploaded table on its way into a register: its bytes, its rows that wait, what was refused."""

from django.db import models

from bihuan.core.orgs.models import Post
from bihuan.core.places.models import Place
from bihuan.safety.models.registers import Kind


class Upload(models.Model):
    """A table of establishments of a kind, or without a kind of sensors; acted on once.

    Reading makes `UploadRow`s of it, acting takes them away again: whatever is cut short goes on
    where it stopped. The figures are those of the preview until it is acted on.
    """

    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, null=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    file_name = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    run = models.IntegerField(default=0)  # of the readers the last one to begin; others give up
    size = models.BigIntegerField(default=0)  # bytes of the file
    passed = models.BigIntegerField(default=0)  # of them read so far
    read_at = models.DateTimeField(null=True)  # every row is checked
    added = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    same = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    fault = models.CharField(max_length=60, blank=True)  # why the file as a whole cannot be read
    confirmed_at = models.DateTimeField(null=True)  # somebody looked at the preview and said yes
    written = models.IntegerField(default=0)  # rows written so far
    acted_at = models.DateTimeField(null=True)

    @property
    def busy(self) -> bool:
        """Whether the worker reads or writes it now."""
        if self.fault or self.acted_at is not None:
            return False
        return self.read_at is None or self.confirmed_at is not None

    @property
    def percent(self) -> int:
        """How far the reading is, or once it was confirmed the writing."""
        done, whole = (self.passed, self.size)
        if self.confirmed_at is not None:
            done, whole = (self.written, self.added + self.changed)
        return min(100, round(100 * done / whole)) if whole else 0

    def __str__(self) -> str:
        return self.file_name


class UploadPart(models.Model):
    """A piece of the file, as it came."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    number = models.IntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("upload", "number"), name="uploadpart_once"),
        )

    def __str__(self) -> str:
        return f"{self.upload_id}/{self.number}"


class UploadRow(models.Model):
    """A row that can be taken and waits to be written; `data` holds what has no column here."""

    upload = models.ForeignKey(
        Upload, on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="rows"
    )
    number = models.IntegerField()  # of the line in its sheet
    sheet = models.CharField(max_length=120)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    scope = models.CharField(max_length=64, db_collation="C")
    data = models.JSONField()
    parent = models.BigIntegerField(null=True)  # the establishment of a sensor
    known = models.BigIntegerField(null=True)  # the row of the register that it speaks of
    differs = models.BooleanField(null=True)

    class Meta:
        indexes = (models.Index(fields=("upload", "id"), name="uploadrow_upload"),)

    def __str__(self) -> str:
        return f"{self.sheet} {self.number}"


class UploadRefusal(models.Model):
    """A row that was left out, and why."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, db_index=False)
    sheet = models.CharField(max_length=120)
    row = models.IntegerField()
    column = models.CharField(max_length=60)
    value = models.CharField(max_length=200)
    code = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=("upload", "id"), name="uploadrefusal_upload"),)

    def __str__(self) -> str:
        return f"{self.row} {self.column} {self.code}"
