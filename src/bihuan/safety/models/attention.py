"""What the attention watch counts against: denominators, allowances, days of compound risk."""

from django.db import models

from bihuan.core.loops.models import Obligation
from bihuan.core.places.models import Place
from bihuan.safety.types import DayLevel, PerilFamily


class Denominator(models.Model):
    """How many there are of what accidents are counted against. Lines are added, never changed."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    key = models.CharField(max_length=20)  # of the pack
    year = models.SmallIntegerField()
    value = models.BigIntegerField()
    source = models.CharField(max_length=120)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        indexes = (models.Index(fields=("key", "year", "place", "-at"), name="denominator_last"),)

    def __str__(self) -> str:
        return f"{self.key} {self.year}"


class Allowance(models.Model):
    """The yearly target of a place: at most so many deaths or accidents. The last line holds."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    year = models.SmallIntegerField()
    measure = models.CharField(max_length=10)  # deaths | accidents
    most = models.IntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        indexes = (models.Index(fields=("year", "place", "measure", "-at"), name="allowance_last"),)

    def __str__(self) -> str:
        return f"{self.measure} {self.year}"


class DayRisk(models.Model):
    """The level of one family of risk in a place on a day, and the staff that it needs."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    day = models.DateField()
    family = models.CharField(max_length=10, choices=PerilFamily.choices)
    level = models.CharField(max_length=8, choices=DayLevel.choices)
    staff = models.IntegerField(default=0)
    source = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "day", "family"), name="dayrisk_family_once"),
        )
        indexes = (models.Index(fields=("scope", "day"), name="dayrisk_scope"),)

    def __str__(self) -> str:
        return f"{self.family} {self.day}"


class DayStaff(models.Model):
    """Staff on hand in a place on a day; the joint plan that a compound day asks."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    day = models.DateField()
    on_hand = models.IntegerField(null=True)
    task = models.OneToOneField(Obligation, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("place", "day"), name="daystaff_once"),)

    def __str__(self) -> str:
        return f"staff {self.day}"
