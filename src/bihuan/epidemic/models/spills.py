"""Notices outward: who must be told that exposed people of an event went there (M068)."""

from django.db import models
from django.db.models import F, Q

from bihuan.core.places.models import Place
from bihuan.epidemic.models.cases import Case
from bihuan.epidemic.models.events import Event
from bihuan.epidemic.models.federation import Peer


class Spill(models.Model):
    """One node that exposed people of an event went to: owed from the first of them, then told.

    Counts and places alone: whoever went is named by co-investigation and by the ledger of the line.
    """

    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="spills")
    incoming = models.BooleanField(default=False)  # a peer told us
    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, null=True, related_name="spills")
    wire = models.CharField(max_length=40, blank=True)  # its number on the line
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")  # to be told
    scope = models.CharField(max_length=64, db_collation="C")
    there = models.CharField(max_length=12, blank=True)  # code of the place at the peer
    sender_scope = models.CharField(max_length=64, db_collation="C", blank=True)  # "": a peer
    sender = models.CharField(max_length=200)
    title = models.CharField(max_length=120)
    disease = models.CharField(max_length=24)
    exposed = models.PositiveIntegerField(default=0)  # known now
    told = models.PositiveIntegerField(default=0)  # in the last notice
    last_exposure = models.DateField(null=True)
    detected_at = models.DateTimeField()  # the first of them was known
    due_at = models.DateTimeField()
    due_rule = models.CharField(max_length=120)
    advice = models.CharField(max_length=200, blank=True)
    late_reason = models.CharField(max_length=200, blank=True)  # of a first notice past its limit
    sent_at = models.DateTimeField(null=True)
    sent_by = models.CharField(max_length=200, blank=True)
    told_at = models.DateTimeField(null=True)  # the last notice
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=200, blank=True)
    loop_id = models.BigIntegerField(null=True)  # of the sender, once the notice was missing

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("event", "peer", "scope", "there"), condition=Q(incoming=False),
                nulls_distinct=False, name="spill_once",
            ),
            models.UniqueConstraint(
                fields=("peer", "wire"), condition=Q(incoming=True), name="spill_wire_once"
            ),
            models.CheckConstraint(
                condition=Q(incoming=True, peer__isnull=False) | Q(event__isnull=False),
                name="spill_of_event",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None)
                | Q(sent_at__isnull=False) & ~Q(acknowledged_by=""),
                name="spill_signed",
            ),
            models.CheckConstraint(condition=Q(told__lte=F("exposed")), name="spill_told_known"),
        )  # fmt: skip
        indexes = (
            models.Index(fields=("scope", "-id"), name="spill_scope"),
            models.Index(fields=("sender_scope", "-id"), name="spill_sender"),
            models.Index(fields=("due_at",), name="spill_owed", condition=Q(sent_at=None)),
        )

    @property
    def number(self) -> str:
        """The number people say."""
        return self.wire or f"WY-{self.detected_at.year}-{self.pk:06d}"

    def __str__(self) -> str:
        return self.number


class ExportedCase(models.Model):
    """A case found at the node of a notice that belongs to the event it came from."""

    spill = models.ForeignKey(Spill, on_delete=models.CASCADE, related_name="cases")
    case = models.OneToOneField(  # null: with a peer, or forgotten
        Case, on_delete=models.SET_NULL, null=True, related_name="exported"
    )
    found_at = models.DateTimeField()
    linked_at = models.DateTimeField()
    linked_by = models.CharField(max_length=200)

    class Meta:
        indexes = (models.Index(fields=("spill", "found_at"), name="exportedcase_spill"),)

    def __str__(self) -> str:
        return f"{self.case_id} of {self.spill_id}"
