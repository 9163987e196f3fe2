"""Rural road segments: how many injury crashes on which day, who looks after it, interim limits."""

from django.db import models

from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.models import Post
from bihuan.safety.models.registers import Establishment


class CrashCount(models.Model):
    """How many crashes with injured people a segment had on a day: counts alone, never who."""

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="crashes"
    )
    day = models.DateField()
    injury = models.PositiveIntegerField()
    source = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("establishment", "day"), name="crash_count_day_once"),
        )

    def __str__(self) -> str:
        return f"{self.establishment_id} {self.day}: {self.injury}"


class RoadOfficer(models.Model):
    """The post that looks after a segment; without one it is the desk of its place."""

    establishment = models.OneToOneField(
        Establishment, on_delete=models.PROTECT, related_name="road_officer"
    )
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    named_by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.establishment_id}: {self.post_id}"


class InterimLimit(models.Model):
    """A speed limit until the hazard it belongs to is gone; it holds while that is open."""

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="interim_limits"
    )
    hazard = models.OneToOneField(Obligation, on_delete=models.PROTECT, related_name="+")
    speed = models.PositiveSmallIntegerField()  # km/h
    ordered_at = models.DateTimeField()
    ordered_by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.establishment_id}: {self.speed}"
