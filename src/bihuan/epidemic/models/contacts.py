"""Contacts: the edge to their case, the plan they are under, and the days it is kept."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left

from bihuan.core.places.models import Place
from bihuan.core.places.types import CITY, COUNTY
from bihuan.epidemic.models.cases import Case
from bihuan.epidemic.models.events import Event

MANAGED = Q(became_case__isnull=True, release_at__isnull=False)


def contact_number(found_at: datetime, pk: int) -> str:
    """The number people say of a contact."""
    return f"MJ-{found_at.year}-{pk:06d}"


class Contact(models.Model):
    """Somebody exposed to a case. The end follows from the plan: nobody has to release them."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="contacts")
    case = models.ForeignKey(  # null: taken over from another installation, which has the case
        Case, on_delete=models.PROTECT, null=True, related_name="contacts"
    )
    via = models.ForeignKey(  # a contact of this contact, where the edition traces so far
        "self", on_delete=models.PROTECT, null=True, related_name="onward"
    )
    pseudonym = models.CharField(max_length=16, unique=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    exposure = models.CharField(max_length=24)
    risk = models.CharField(max_length=16)  # plan of the edition; "none": listed only
    first_exposure = models.DateField()
    last_exposure = models.DateField()
    found_at = models.DateTimeField()
    edition = models.CharField(max_length=80)
    placed_due_at = models.DateTimeField(null=True)
    reached_at = models.DateTimeField(null=True)
    placed_at = models.DateTimeField(null=True)
    notice_at = models.DateTimeField(null=True)  # basis and end told in writing
    release_at = models.DateTimeField(null=True)
    became_case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, related_name="known_before"
    )
    checked_on = models.DateField(null=True)  # the last day of monitoring
    expires_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(last_exposure__gte=F("first_exposure")), name="contact_period"
            ),
            models.CheckConstraint(
                condition=Q(placed_at=None) | Q(release_at__isnull=False, notice_at__isnull=False),
                name="contact_placed_has_end",
            ),
        )
        indexes = (
            models.Index(fields=("scope", "release_at"), name="contact_scope"),
            models.Index(fields=("event", "-id"), name="contact_event"),
            models.Index(fields=("expires_at",), name="contact_expiry"),
            # Whoever is still managed, in the order in which their stays end: of everybody, and of
            # the two levels whose rows are kept in an order of their own.
            models.Index("release_at", "id", name="contact_open", condition=MANAGED),
            *(models.Index(Left("scope", n), "release_at", "id", name=f"contact_{level}_open",
                           condition=MANAGED) for level, n in (("city", CITY), ("county", COUNTY))),
        )  # fmt: skip

    @property
    def number(self) -> str:
        """The number people say."""
        return contact_number(self.found_at, self.pk)

    def __str__(self) -> str:
        return self.number


class ContactDay(models.Model):
    """One day of monitoring."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    symptoms = models.BooleanField()
    test = models.CharField(max_length=8, blank=True)  # "", neg, pos
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("contact", "day"), name="contactday_once"),)

    def __str__(self) -> str:
        return f"{self.contact_id} {self.day}"
