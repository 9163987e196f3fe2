"""Records of the national dual-prevention exchange, as they came and as they go out."""

from django.db import models

from bihuan.safety.models.registers import Establishment


class ExchangeRecord(models.Model):
    """One record under its own identifier; `thing` is the row of ours that it stands for.

    `data` keeps every field that the record had, so that what comes in goes out again.
    """

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="exchange_records"
    )
    kind = models.CharField(max_length=10)  # unit | event | measure | task | check | hazard
    uuid = models.CharField(max_length=36)
    data = models.JSONField(default=dict)
    thing = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("establishment", "kind", "uuid"), name="exchange_record_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"
