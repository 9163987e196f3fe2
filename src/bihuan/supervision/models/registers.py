"""Independent registers and the candidates for a blind spot that they show (M040)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.core.orgs.models import Org, Venue
from bihuan.core.places.models import Place


class Source(models.TextChoices):
    """Where a register comes from."""

    LICENCE = "licence", _("证照登记")
    TAX = "tax", _("税务登记")
    POWER = "power", _("用电户")
    MAP = "map", _("地图兴趣点")
    COMPLAINT = "complaint", _("投诉举报")


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


class Decision(models.TextChoices):
    """How a candidate ends."""

    ADDED = "added", _("纳入监管")
    CLOSED = "closed", _("已停业")
    ELSEWHERE = "elsewhere", _("属其他辖区")
    OUT_OF_SCOPE = "out_of_scope", _("不属监管范围")


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
