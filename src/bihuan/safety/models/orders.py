"""Stop-work orders and the signatures that restart takes (M124)."""

from django.db import models

from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.models import Org, Party, Post
from bihuan.safety.models.registers import Establishment


class StopOrder(models.Model):
    """Work stands still from `issued_at` until three parties have signed and all is checked.

    `checklist` holds the steps of the restart with what was found: {"step": …, "fine": …}.
    """

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="stop_orders"
    )
    hazard = models.ForeignKey(Obligation, on_delete=models.PROTECT, null=True, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    sector = models.CharField(max_length=40, blank=True)
    owner_org = models.ForeignKey(Org, on_delete=models.PROTECT, null=True, related_name="+")
    issuer_org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=120)  # what must stand still
    reason = models.TextField()
    basis = models.CharField(max_length=200)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=200)
    checklist = models.JSONField(default=list)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("scope", "-id"), name="stoporder_scope"),
            models.Index(
                fields=("establishment",), name="stoporder_in_force",
                condition=models.Q(lifted_at=None),
            ),
        )  # fmt: skip

    @property
    def number(self) -> str:
        """The short number people say."""
        return f"TG-{self.issued_at.year}-{self.pk:06d}"

    def __str__(self) -> str:
        return self.number


class RestartSignature(models.Model):
    """One party's signature under a restart; each party once, each person once."""

    order = models.ForeignKey(StopOrder, on_delete=models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=12, choices=Party.choices)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    person_id = models.BigIntegerField()
    signed_at = models.DateTimeField()
    signed_by = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("order", "party"), name="restart_party_once"),
            models.UniqueConstraint(fields=("order", "person_id"), name="restart_person_once"),
        )

    def __str__(self) -> str:
        return f"{self.party} of {self.order_id}"
