"""Isolation sites and hospitals: what proves them safe, their rooms and beds, their wards."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bihuan.core.orgs.models import Org
from bihuan.core.places.models import Place


class FacilityKind(models.TextChoices):
    """What a facility is for."""

    SITE = "site", _("集中隔离点")
    HOSPITAL = "hospital", _("定点医院")


class Facility(models.Model):
    """An isolation site or a designated hospital. Where it stands follows from its last step."""

    kind = models.CharField(max_length=8, choices=FacilityKind.choices)
    name = models.CharField(max_length=120)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")  # whose posts run it
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    departments = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    activation_hours = models.PositiveSmallIntegerField()  # from the order to the first guest
    safety_number = models.CharField(max_length=40, blank=True)  # of the register of work safety
    registered_at = models.DateTimeField()
    registered_by = models.CharField(max_length=200)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("org", "name"), name="facility_once"),)
        indexes = (models.Index(fields=("scope", "kind"), name="facility_scope"),)

    def __str__(self) -> str:
        return self.name


class FacilityStep(models.Model):
    """reserved, ready, active, draining, cleaned: the last one by a moment is where it stands."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        indexes = (models.Index(fields=("facility", "-at"), name="facilitystep_last"),)

    def __str__(self) -> str:
        return f"{self.facility_id} {self.step}"


class FacilityProof(models.Model):
    """A check of a kind on a day; how long it counts is a rule. Never changed, only renewed."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="proofs")
    kind = models.CharField(max_length=12)
    day = models.DateField()
    reference = models.CharField(max_length=120)  # number of the inspection or document
    evidence_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(reference=""), name="facilityproof_referred"),
        )
        indexes = (models.Index(fields=("facility", "kind", "-day"), name="facilityproof_last"),)

    def __str__(self) -> str:
        return f"{self.facility_id} {self.kind} {self.day}"


class RoomKind(models.TextChoices):
    """General kinds of rooms and beds; those kept for an age are the pack's `bed_line`."""

    SINGLE = "single", _("单人间")
    FAMILY = "family", _("家庭间")
    ACCESSIBLE = "accessible", _("无障碍间")
    ORDINARY = "ordinary", _("普通床")
    NEGATIVE = "negative", _("负压床")
    ICU = "icu", _("重症床")


class Room(models.Model):
    """A room of a site, or the beds of one kind in a ward; `convert_hours` 0: usable now."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="rooms")
    code = models.CharField(max_length=20)
    ward = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=12, choices=RoomKind.choices)
    zone = models.ForeignKey("Zone", on_delete=models.PROTECT, null=True, related_name="rooms")
    beds = models.PositiveSmallIntegerField()
    convert_hours = models.PositiveSmallIntegerField(default=0)
    converted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("facility", "code"), name="room_once"),
            models.CheckConstraint(condition=Q(beds__gt=0), name="room_has_beds"),
        )

    def __str__(self) -> str:
        return self.code


class WardFile(models.Model):
    """An infection inside a hospital: who was exposed, what is done; the ward admits nobody."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="ward_files")
    ward = models.CharField(max_length=40)
    found = models.CharField(max_length=8)  # staff | patient
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=200)
    listed_due_at = models.DateTimeField()
    listed_at = models.DateTimeField(null=True)
    staff = ArrayField(models.CharField(max_length=20), default=list)  # the hospital's own codes
    patients = ArrayField(models.BigIntegerField(), default=list)  # charges in the ward then
    inpatients = ArrayField(models.CharField(max_length=20), default=list)  # the hospital's codes
    measures = models.CharField(max_length=400, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.CharField(max_length=200, blank=True)
    finding = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("facility", "ward"), condition=Q(reviewed_at=None), name="wardfile_open_once"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None)
                | Q(listed_at__isnull=False, reviewed_at__gte=F("listed_at")),
                name="wardfile_reviewed_when_listed",
            ),
        )  # fmt: skip

    @property
    def exposed_patients(self) -> int:
        """Patients on the file: people in care, and others by the hospital's codes."""
        return len(self.patients) + len(self.inpatients)

    def __str__(self) -> str:
        return f"{self.facility_id} {self.ward}"
