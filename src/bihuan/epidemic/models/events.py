"""Events: one outbreak of one disease at one place."""

from django.db import models

from bihuan.core.places.models import Place


class Event(models.Model):
    """An outbreak under response. Its number names the vault's collection of its people."""

    title = models.CharField(max_length=120)
    disease = models.CharField(max_length=24)  # code of the disease list
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    origin = models.CharField(max_length=40, blank=True)  # "signal:12"
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=200)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("scope", "-id"), name="event_scope"),)

    @property
    def collection(self) -> str:
        """How the vault names the people of the event."""
        return f"event:{self.pk}"

    def __str__(self) -> str:
        return self.title
