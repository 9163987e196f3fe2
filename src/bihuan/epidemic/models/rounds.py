"""Rounds through the checklists of a site or hospital, and how often its staff are tested."""

from django.db import models
from django.db.models import F, Q

from bihuan.epidemic.models.facilities import Facility


class Round(models.Model):
    """One pass through a checklist of a house, or of one of its wards."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="rounds")
    checklist = models.CharField(max_length=24)  # key of the pack's site_checklist
    ward = models.CharField(max_length=40, blank=True)
    edition = models.CharField(max_length=80)
    day = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        indexes = (
            models.Index(fields=("facility", "checklist", "ward", "-day"), name="round_last"),
        )

    def __str__(self) -> str:
        return f"{self.facility_id} {self.checklist} {self.day}"


class RoundItem(models.Model):
    """What a round found of one item; a failed one has words and the problem that mends it."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="items")
    item = models.CharField(max_length=24)  # key of the pack's site_check_item
    passed = models.BooleanField()
    note = models.CharField(max_length=200, blank=True)
    problem_id = models.BigIntegerField(null=True)  # the loop

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("round", "item"), name="rounditem_once"),
            models.CheckConstraint(
                condition=Q(passed=True, problem_id=None)
                | Q(passed=False, problem_id__isnull=False) & ~Q(note=""),
                name="rounditem_failure_has_problem",
            ),
        )

    def __str__(self) -> str:
        return f"{self.round_id} {self.item}"


class StaffGroup(models.Model):
    """How many people of a group work in a ward: a number, never who they are."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="staff_groups")
    ward = models.CharField(max_length=40)
    group = models.CharField(max_length=16)  # key of the pack's staff_group
    people = models.PositiveSmallIntegerField()
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("facility", "ward", "group"), name="staffgroup_once"),
        )

    def __str__(self) -> str:
        return f"{self.facility_id} {self.ward} {self.group}"


class StaffTests(models.Model):
    """How many of a group were tested on a day, and how many of these were positive."""

    staff_group = models.ForeignKey(StaffGroup, on_delete=models.CASCADE, related_name="tests")
    day = models.DateField()
    tested = models.PositiveSmallIntegerField()
    positive = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("staff_group", "day"), name="stafftests_once"),
            models.CheckConstraint(
                condition=Q(positive__lte=F("tested")), name="stafftests_positive_tested"
            ),
        )

    def __str__(self) -> str:
        return f"{self.staff_group_id} {self.day}"
