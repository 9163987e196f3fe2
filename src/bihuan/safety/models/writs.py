"""Legal documents as they were issued: rectification, re-check, stop-work, restart."""

from django.db import models

from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.models import Org
from bihuan.safety.models.orders import StopOrder
from bihuan.safety.models.registers import Establishment
from bihuan.safety.types import WritKind


class Writ(models.Model):
    """A document with its number, law, deadline and appeal. The database refuses to change it.

    `content` is everything its paper says, so that the same paper can be printed at any time.
    """

    kind = models.CharField(max_length=10, choices=WritKind.choices)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    serial = models.IntegerField()
    number = models.CharField(max_length=160)
    establishment = models.ForeignKey(Establishment, on_delete=models.PROTECT, related_name="writs")
    hazard = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, null=True, related_name="writs"
    )
    order = models.ForeignKey(StopOrder, on_delete=models.PROTECT, null=True, related_name="writs")
    scope = models.CharField(max_length=64, db_collation="C")
    sector = models.CharField(max_length=40, blank=True)
    owner_org = models.ForeignKey(Org, on_delete=models.PROTECT, null=True, related_name="+")
    issuer_org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField(default=dict)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("org", "kind", "year", "serial"), name="writ_number_once"
            ),
        )
        indexes = (models.Index(fields=("establishment", "-id"), name="writ_place"),)

    def __str__(self) -> str:
        return self.number
