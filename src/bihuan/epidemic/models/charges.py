"""People in care: what they need, where they stay, and who answers for them at each moment."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bihuan.core.orgs.models import Org
from bihuan.core.places.models import Place
from bihuan.epidemic.models.cases import Case
from bihuan.epidemic.models.contacts import Contact
from bihuan.epidemic.models.events import Event
from bihuan.epidemic.models.facilities import Facility, Room


class NeedFor(models.TextChoices):
    """What somebody should have by the rule of the day."""

    ISOLATION = "isolation", _("集中隔离")
    BED = "bed", _("住院")
    ICU = "icu", _("重症")
    NONE = "none", _("居家")


class Outcome(models.TextChoices):
    """How care ended."""

    RELEASED = "released", _("解除")
    CURED = "cured", _("治愈")
    DIED = "died", _("死亡")


class Charge(models.Model):
    """One person in the flow of care, by pseudonym: a case or a contact."""

    pseudonym = models.CharField(max_length=16, unique=True)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="charges")
    case = models.OneToOneField(Case, on_delete=models.CASCADE, null=True, related_name="charge")
    contact = models.OneToOneField(
        Contact, on_delete=models.CASCADE, null=True, related_name="charge"
    )
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    chain = models.BigIntegerField()  # root case
    age_band = models.CharField(max_length=8)
    flags = ArrayField(models.CharField(max_length=12), default=list)
    carer = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="cared")
    severity = models.CharField(max_length=16, blank=True)
    need = models.CharField(max_length=12, choices=NeedFor.choices)
    need_since = models.DateTimeField()
    need_rule = models.CharField(max_length=120)  # edition and row that ask for it
    advised = models.CharField(max_length=12, choices=NeedFor.choices)  # what the rule proposed
    deviation = models.CharField(max_length=400, blank=True)
    decided_by = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    closed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(case__isnull=False) | Q(contact__isnull=False), name="charge_of_somebody"
            ),
            models.CheckConstraint(
                condition=Q(need=F("advised")) | ~Q(deviation=""), name="charge_deviation_reasoned"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | Q(closed_at__isnull=False) & ~Q(outcome=""),
                name="charge_end_has_outcome",
            ),
        )  # fmt: skip
        indexes = (
            models.Index(fields=("scope", "need_since"), name="charge_open",
                         condition=Q(closed_at=None)),
            models.Index(fields=("expires_at",), name="charge_expiry"),
        )  # fmt: skip

    @property
    def number(self) -> str:
        """The number people say."""
        return f"SZ-{self.opened_at.year}-{self.pk:06d}"

    def __str__(self) -> str:
        return self.number


class Custody(models.Model):
    """Who answers for somebody, from a moment on until the next one took over: a ledger.

    Each line but the first begins where the line before ended (`prev_ends_at`, a foreign key of
    the database onto this table): no gap and no overlap can be written.
    """

    charge = models.ForeignKey(Charge, on_delete=models.CASCADE, related_name="custody")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, null=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    prev_ends_at = models.DateTimeField(null=True)
    given_by = models.CharField(max_length=200)
    taken_by = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="custody_period"
            ),
            models.CheckConstraint(
                condition=Q(prev_ends_at=None) | Q(prev_ends_at=F("starts_at")),
                name="custody_no_gap",
            ),
            models.UniqueConstraint(fields=("charge", "ends_at"), name="custody_end_once"),
            models.UniqueConstraint(fields=("charge", "prev_ends_at"), name="custody_next_once"),
            models.UniqueConstraint(
                fields=("charge",), condition=Q(ends_at=None), name="custody_one_owner"
            ),
            models.UniqueConstraint(
                fields=("charge",), condition=Q(prev_ends_at=None), name="custody_one_beginning"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.charge_id} with {self.org_id}"


class Handover(models.Model):
    """Offered by who answers now, signed by who takes over; until then nothing changes hands."""

    charge = models.ForeignKey(Charge, on_delete=models.CASCADE, related_name="handovers")
    to_org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, null=True, related_name="+")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    offered_at = models.DateTimeField()
    offered_by = models.CharField(max_length=200)
    taken_at = models.DateTimeField(null=True)
    taken_by = models.CharField(max_length=200, blank=True)
    refused_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("charge",), condition=Q(taken_at=None, refused_at=None),
                name="handover_open_once",
            ),
            models.CheckConstraint(
                condition=Q(taken_at=None) | ~Q(taken_by=""), name="handover_signed_twice"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.charge_id} to {self.to_org_id}"


class Stay(models.Model):
    """Somebody in a room or bed: basis and end in writing before it begins (E7)."""

    charge = models.ForeignKey(Charge, on_delete=models.CASCADE, related_name="stays")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="stays")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="stays")
    basis = models.CharField(max_length=400)
    notice_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)  # null: by the release rule of the case
    left_at = models.DateTimeField(null=True)  # when it was found to have ended

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("charge",), condition=Q(left_at=None), name="stay_one_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="stay_has_basis"),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(ends_at__isnull=False), name="stay_left_has_end"
            ),
        )
        indexes = (
            models.Index(fields=("facility", "room"), name="stay_inside",
                         condition=Q(left_at=None)),
            models.Index(fields=("ends_at",), name="stay_due", condition=Q(left_at=None)),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.charge_id} in {self.room_id}"


class Extension(models.Model):
    """A stay became longer: why, on what basis, from when until when."""

    stay = models.ForeignKey(Stay, on_delete=models.CASCADE, related_name="extensions")
    before = models.DateTimeField()
    after = models.DateTimeField()
    reason = models.CharField(max_length=400)
    basis = models.CharField(max_length=400)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(basis="") & Q(after__gt=F("before")),
                name="extension_reasoned",
            ),
        )

    def __str__(self) -> str:
        return f"{self.stay_id} until {self.after}"


class Vital(models.Model):
    """One observation: what was measured, the points it gave, whether it raised the alert."""

    charge = models.ForeignKey(Charge, on_delete=models.CASCADE, related_name="vitals")
    at = models.DateTimeField()
    spo2 = models.PositiveSmallIntegerField(null=True)
    rr = models.PositiveSmallIntegerField(null=True)
    temp = models.FloatField(null=True)
    drowsy = models.BooleanField(default=False)
    tested = models.BooleanField(default=False)
    ct = models.FloatField(null=True)  # of a positive test
    points = models.PositiveSmallIntegerField()
    triggers = ArrayField(models.CharField(max_length=12), default=list)
    alert = models.BooleanField()
    by = models.CharField(max_length=200)

    class Meta:
        indexes = (models.Index(fields=("charge", "at"), name="vital_charge"),)

    def __str__(self) -> str:
        return f"{self.charge_id} {self.points}"


class Need(models.Model):
    """What a guest asked for or complained of; the clock is the loop's, the words stay here."""

    stay = models.ForeignKey(Stay, on_delete=models.CASCADE, related_name="needs")
    kind = models.CharField(max_length=12)
    text = models.CharField(max_length=400)
    at = models.DateTimeField()
    obligation_id = models.BigIntegerField(null=True)  # null: nobody there to owe it
    answer = models.CharField(max_length=400, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} of {self.stay_id}"
