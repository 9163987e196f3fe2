"""Independent registers and the candidates for a blind spot that they show (M040)."""

from django.db import models
from django.db.models import Q

from bihuan.core.orgs.models import Org, Venue
from bihuan.core.places.models import Place
from bihuan.supervision.types import Decision, Source


class Register(models.Model):
    """One comparison of an outside register with the supervised places of a kind."""

    source = models.CharField(max_length=12, choices=Source.choices)
    kind = models.CharField(max_length=40)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    scope = models.CharField(max_length=64, db_collation="C")
    org = models.ForeignKey(Org, on_delete=models.PROTECT)
    as_of = models.DateField()
    rows = models.IntegerField()
    supervised = models.IntegerField()  # places on the list when it was compared
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)

    class Meta:
        indexes = (models.Index(fields=("scope", "-id"), name="register_scope"),)

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.as_of}"


class Candidate(models.Model):
    """An object of a register that nobody supervises, until a person decides."""

    register = models.ForeignKey(Register, on_delete=models.CASCADE, related_name="candidates")
    name = models.CharField(max_length=120)
    key = models.CharField(max_length=120)
    address = models.CharField(max_length=200, blank=True)
    decision = models.CharField(max_length=12, choices=Decision.choices, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("register", "key"), name="candidate_once"),
            models.CheckConstraint(
                condition=Q(decision="") ^ Q(decided_at__isnull=False),
                name="candidate_decisions_are_dated",
            ),
        )

    def __str__(self) -> str:
        return self.name
