"""Forms, their figures and who was asked for them: the paper burden (M043)."""

from django.db import models
from django.db.models import Q

from bihuan.core.orgs.models import Org
from bihuan.core.places.models import Place


class Form(models.Model):
    """A form has a purpose, an owner and an end."""

    title = models.CharField(max_length=120)
    purpose = models.CharField(max_length=200)
    org = models.ForeignKey(Org, on_delete=models.PROTECT)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    scope = models.CharField(max_length=64, db_collation="C")
    expires_on = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("scope", "-id"), name="form_scope"),)

    def __str__(self) -> str:
        return self.title


class Figure(models.Model):
    """One figure has one owner and one form, whatever it is called elsewhere (`key`)."""

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="figures")
    name = models.CharField(max_length=80)
    key = models.CharField(max_length=80, unique=True)
    measure = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return self.name


class FigureAsk(models.Model):
    """One figure asked of one place for one period: once, whoever asks."""

    figure = models.ForeignKey(Figure, on_delete=models.PROTECT, related_name="asks")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    scope = models.CharField(max_length=64, db_collation="C")
    period = models.CharField(max_length=20)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    due_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    filled_at = models.DateTimeField(null=True)
    filled_by = models.CharField(max_length=200, blank=True)
    value = models.FloatField(null=True)
    seconds = models.IntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("figure", "period", "place"), name="figureask_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(filled_at__isnull=True) ^ Q(value__isnull=False),
                name="figureask_filled_has_value",
            ),
        )
        indexes = (models.Index(fields=("scope", "filled_at"), name="figureask_scope"),)

    def __str__(self) -> str:
        return f"{self.figure_id} {self.period} {self.place_id}"
