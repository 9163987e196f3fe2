"""The reserve: who is trained and can be called, against what the planning scenario needs (M064)."""

from django.db import models
from django.db.models import Q

from bihuan.core.orgs.models import Org
from bihuan.core.places.models import Place


class Reserve(models.Model):
    """One trained person of a body, by the body's own code: it knows who that is."""

    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="reserves")
    scope = models.CharField(max_length=64, db_collation="C")
    skill = models.CharField(max_length=16)  # key of the pack's reserve_skill
    code = models.CharField(max_length=20)
    trained_on = models.DateField()
    call_up_minutes = models.PositiveIntegerField()
    available = models.BooleanField(default=True)
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=200)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("org", "skill", "code"), condition=Q(left_at=None), name="reserve_once"
            ),
        )
        indexes = (models.Index(fields=("scope", "skill"), name="reserve_scope"),)

    def __str__(self) -> str:
        return f"{self.skill} {self.code}"


class ReserveTarget(models.Model):
    """How many of a skill a place needs, and has every day. Another figure is another row.

    It rests on the planning scenario alone: no row is written because nobody was called.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    skill = models.CharField(max_length=16)
    need = models.PositiveIntegerField()
    core = models.PositiveIntegerField()
    scenario = models.CharField(max_length=200)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(scenario=""), name="reservetarget_has_scenario"),
        )
        indexes = (models.Index(fields=("place", "skill", "-id"), name="reservetarget_last"),)

    def __str__(self) -> str:
        return f"{self.place_id} {self.skill} {self.need}"
