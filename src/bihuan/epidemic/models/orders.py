"""Control orders: what is restricted, where, on what basis, until when; and appeals."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from bihuan.core.places.models import Place
from bihuan.epidemic.models.events import Event


class ControlOrder(models.Model):
    """A measure of the menu over the smallest area, with an end that comes without any act."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="orders")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    level = models.CharField(max_length=24)  # grade of the edition
    unit = models.CharField(max_length=24)
    area = models.CharField(max_length=200)
    measures = ArrayField(models.CharField(max_length=40))
    basis = models.CharField(max_length=400)
    edition = models.CharField(max_length=80)
    reason = models.CharField(max_length=400)
    larger_reason = models.CharField(max_length=400, blank=True)
    expert_note = models.CharField(max_length=400, blank=True)
    services = ArrayField(models.CharField(max_length=40))
    help_line = models.CharField(max_length=80)
    exceptions = models.CharField(max_length=400)
    households = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)
    enterprises = models.PositiveIntegerField(default=0)
    last_case = models.DateField()
    outline = models.JSONField(null=True)  # GeoJSON geometry, where one was drawn or imported
    drafted_at = models.DateTimeField()
    drafted_by_id = models.BigIntegerField()  # a person
    signed_at = models.DateTimeField(null=True)
    signed_by_id = models.BigIntegerField(null=True)
    signed_by = models.CharField(max_length=200, blank=True)
    ends_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(signed_by_id=None) | ~Q(signed_by_id=F("drafted_by_id")),
                name="order_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(basis="") & ~Q(help_line="") & ~Q(exceptions=""),
                name="order_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None) | Q(ends_at__gt=F("signed_at")), name="order_has_end"
            ),
        )
        indexes = (models.Index(fields=("scope", "ends_at"), name="order_scope"),)

    @property
    def number(self) -> str:
        """The number people say."""
        return f"GK-{self.drafted_at.year}-{self.pk:06d}"

    def __str__(self) -> str:
        return self.number


class Appeal(models.Model):
    """Somebody asks to be excepted, or contests an order. Answered by somebody not involved."""

    order = models.ForeignKey(ControlOrder, on_delete=models.PROTECT, related_name="appeals")
    code = models.CharField(max_length=16, unique=True)  # with it the answer is read
    text = models.TextField()
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=("due_at",), name="appeal_open", condition=Q(answered_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"appeal of {self.order_id}"
