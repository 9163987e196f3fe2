"""A file of the three lists between its preview and its act."""

from django.db import models
from django.db.models import Q


class ListImport(models.Model):
    """An uploaded file of the three lists. Previewed first; acted on once, by the same post."""

    post_id = models.BigIntegerField()
    org_id = models.BigIntegerField()
    scope = models.CharField(max_length=64, db_collation="C")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()
    created_at = models.DateTimeField()
    acted_at = models.DateTimeField(null=True)
    added = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("org_id", "sha256"),
                condition=Q(acted_at__isnull=False),
                name="listimport_acted_once",
            ),
        )

    def __str__(self) -> str:
        return self.file_name
