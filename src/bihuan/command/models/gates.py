"""What a unit keeps of its own people and gates (M017): by its own staff numbers, for itself alone.

No name, and no health of anybody. Above the unit only the counts are read.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from bihuan.command.types import ActKind
from bihuan.core.orgs.models import Org


class UnitRoll(models.Model):
    """The staff of a unit by the numbers that the unit itself gave them."""

    org = models.OneToOneField(Org, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    numbers = ArrayField(models.CharField(max_length=20), default=list)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200)

    class Meta:
        indexes = (models.Index(fields=("scope",), name="unit_roll_scope"),)

    def __str__(self) -> str:
        return f"roll of {self.org_id}"


class UnitDay(models.Model):
    """A unit's declarations of a day as counts; which numbers are missing only until `expires_at`.

    `ill` is how many told of an illness: a number, never who.
    """

    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    day = models.DateField()
    staff = models.PositiveIntegerField()
    declared = models.PositiveIntegerField()
    ill = models.PositiveIntegerField(default=0)
    missing = ArrayField(models.CharField(max_length=20), default=list)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("org", "day"), name="unit_day_once"),
            models.CheckConstraint(
                condition=Q(declared__lte=F("staff"), ill__lte=F("staff")),
                name="unit_day_within_staff",
            ),
        )
        indexes = (models.Index(fields=("day", "scope"), name="unit_day_scope"),)

    def __str__(self) -> str:
        return f"{self.org_id} {self.day}: {self.declared}/{self.staff}"


class Entrance(models.Model):
    """An entrance of a unit."""

    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    name = models.CharField(max_length=60)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("org", "name"), name="entrance_name_once"),)

    def __str__(self) -> str:
        return self.name


class EntranceDay(models.Model):
    """Who is on duty at an entrance on a day, by staff number, and how many visitors came."""

    entrance = models.ForeignKey(Entrance, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    on_duty = models.CharField(max_length=20)
    visitors = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("entrance", "day"), name="entrance_day_once"),
        )

    def __str__(self) -> str:
        return f"{self.entrance_id} {self.day}"


class UnitAct(models.Model):
    """Staff trained, or offered a vaccination: how many, never who."""

    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    kind = models.CharField(max_length=10, choices=ActKind.choices)
    day = models.DateField()
    topic = models.CharField(max_length=120)
    n = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        indexes = (models.Index(fields=("org", "-day"), name="unit_act_org"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.n}"
