"""Line lists that come as files, what became of their rows, and where cases were."""

from django.db import models
from django.db.models import F, Q

from bihuan.core.places.models import Place
from bihuan.epidemic.models.cases import Case
from bihuan.epidemic.models.events import Event
from bihuan.epidemic.types import Setting


class LineList(models.Model):
    """A file of cases between its preview and its end. What it says is sealed, then dropped."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="lists")
    post_id = models.BigIntegerField()
    org_id = models.BigIntegerField()
    scope = models.CharField(max_length=64, db_collation="C")
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()  # sealed under the event's key; empty once taken or forgotten
    mapping = models.JSONField(default=dict)  # field → heading
    given = models.JSONField(default=dict)  # what was chosen beside the file
    report = models.JSONField(default=dict)  # what became of it
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    begun_at = models.DateTimeField(null=True)
    acted_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("event", "-id"), name="linelist_event"),)

    def __str__(self) -> str:
        return self.file_name


class LineRow(models.Model):
    """A row of a list and the case it became: the same row never makes a second case."""

    line_list = models.ForeignKey(LineList, on_delete=models.CASCADE, related_name="rows")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()  # of the row in its file
    key = models.CharField(max_length=24)  # a keyed hash of what the row says
    label = models.CharField(max_length=40, blank=True)  # how the list calls its case
    source_label = models.CharField(max_length=40, blank=True)  # whom it names as the source
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="lines")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("event", "key"), name="linerow_once"),)
        indexes = (models.Index(fields=("event", "label"), name="linerow_label"),)

    def __str__(self) -> str:
        return f"{self.line_list_id}:{self.number}"


class SavedMapping(models.Model):
    """How a body reads lists with certain headings: proposed the next time."""

    org_id = models.BigIntegerField()
    heads = models.CharField(max_length=64)  # hash of the headings in order
    mapping = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("org_id", "heads"), name="savedmapping_once"),
        )

    def __str__(self) -> str:
        return f"{self.org_id}:{self.heads[:8]}"


class CasePlace(models.Model):
    """Where a case was and when: what joins cases to clusters. A place, never a company kept."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="places")
    name = models.CharField(max_length=80)
    setting = models.CharField(max_length=16, choices=Setting.choices)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    first = models.DateField()
    last = models.DateField()
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="caseplace_period"),
            models.UniqueConstraint(fields=("case", "name", "first"), name="caseplace_once"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.first}"
