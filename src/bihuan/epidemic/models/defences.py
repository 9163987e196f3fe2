"""Lines of screening of an event: what each catches of those at risk, and what leaks (M065)."""

from django.db import models
from django.db.models import Q

from bihuan.core.loops.models import Obligation
from bihuan.epidemic.models.cases import Case
from bihuan.epidemic.models.events import Event
from bihuan.epidemic.models.screening import ScreeningList


class Defence(models.Model):
    """Those at risk of an event who have to pass its lines one after the other."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="defence")
    scope = models.CharField(max_length=64, db_collation="C")
    at_risk = models.PositiveIntegerField()
    source = models.CharField(max_length=200)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=200)

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(source=""), name="defence_has_source"),)
        indexes = (models.Index(fields=("scope", "-id"), name="defence_scope"),)

    def __str__(self) -> str:
        return f"lines of {self.event_id}"


class DefenceLine(models.Model):
    """One line, in its order: what it misses, the next one meets."""

    defence = models.ForeignKey(Defence, on_delete=models.CASCADE, related_name="lines")
    order = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=24, blank=True)  # of the pack's defence_line; "": one's own
    title = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("defence", "order"), name="defenceline_order"),
            models.CheckConstraint(condition=~Q(key="", title=""), name="defenceline_named"),
        )

    def __str__(self) -> str:
        return self.key or self.title


class DefenceCount(models.Model):
    """How many a line caught on a day; a later count of the day replaces it."""

    line = models.ForeignKey(DefenceLine, on_delete=models.CASCADE, related_name="counts")
    day = models.DateField()
    caught = models.PositiveIntegerField()
    screening = models.ForeignKey(ScreeningList, on_delete=models.SET_NULL, null=True)
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=200)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("line", "day"), name="defencecount_once"),)

    def __str__(self) -> str:
        return f"{self.line_id} {self.day}: {self.caught}"


class Leak(models.Model):
    """Somebody no line caught, found by symptoms: with a review and who owes it."""

    defence = models.ForeignKey(Defence, on_delete=models.CASCADE, related_name="leaks")
    found_on = models.DateField()
    case = models.OneToOneField(Case, on_delete=models.SET_NULL, null=True, related_name="leak")
    review = models.OneToOneField(Obligation, on_delete=models.PROTECT, related_name="leak")
    line = models.ForeignKey(DefenceLine, on_delete=models.SET_NULL, null=True)  # the one to blame
    cause = models.CharField(max_length=400, blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"leak of {self.defence_id}"
