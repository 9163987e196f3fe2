"""A file between its preview and its act."""

from django.db import models
from django.db.models import Q


class Upload(models.Model):
    """An uploaded table: previewed as often as one likes, acted on once."""

    kind = models.CharField(max_length=12)  # lists | external | register | venues
    given = models.JSONField(default=dict)  # what was typed beside the file
    post_id = models.BigIntegerField()
    org_id = models.BigIntegerField()
    scope = models.CharField(max_length=64, db_collation="C")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()
    created_at = models.DateTimeField()
    acted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("org_id", "kind", "sha256"),
                condition=Q(acted_at__isnull=False) & ~Q(kind="lists"),
                name="upload_acted_once",
            ),
        )

    def __str__(self) -> str:
        return self.file_name
