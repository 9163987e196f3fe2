"""Sentinels, what they report, and the signals found in it. No table here knows a person."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from bihuan.core.loops.models import Domain, Obligation
from bihuan.core.orgs.models import Org, Post
from bihuan.core.places.models import Place
from bihuan.sensing.types import FlowSource, GateKind, Kind, Verdict


class Sentinel(models.Model):
    """A clinic, pharmacy, school or trap that owes counts every day it is in the register."""

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, null=True, related_name="+")
    streams = ArrayField(models.CharField(max_length=24))
    catchment = models.CharField(max_length=200, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("place", "name"), condition=Q(until=None), name="sentinel_once"
            ),
        )
        indexes = (models.Index(fields=("scope", "kind"), name="sentinel_scope"),)

    def __str__(self) -> str:
        return self.name


class Report(models.Model):
    """One count as it was reported. A correction is another row: what was known then stays."""

    sentinel = models.ForeignKey(Sentinel, on_delete=models.PROTECT, related_name="reports")
    stream = models.CharField(max_length=24)
    day = models.DateField()
    n = models.PositiveIntegerField()
    reported_at = models.DateTimeField()
    reporter = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("sentinel", "stream", "day", "reported_at"), name="report_once"
            ),
        )
        indexes = (
            models.Index(fields=("sentinel", "-day"), name="report_sentinel"),
            models.Index(fields=("stream", "day"), name="report_stream"),
        )

    def __str__(self) -> str:
        return f"{self.stream} {self.day} {self.n}"


class Signal(models.Model):
    """A reading that may become an event: what was seen, expected, by which rule, and the verdict.

    `history` and `parameters` are kept as they were, so that the reason can be read for ever.
    """

    alert = models.CharField(max_length=40)
    rule = models.CharField(max_length=120)  # "pack@version/alert"
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    mark = models.CharField(max_length=10)
    stream = models.CharField(max_length=24)
    method = models.CharField(max_length=16)
    parameters = models.JSONField(default=dict)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    day = models.DateField()
    last_day = models.DateField()
    observed = models.PositiveIntegerField()
    expected = models.FloatField()
    bound = models.FloatField()
    score = models.FloatField()
    history = models.JSONField(default=list)
    merged = models.PositiveSmallIntegerField(default=0)  # later findings of the same kind
    raised_at = models.DateTimeField()
    obligation = models.OneToOneField(Obligation, on_delete=models.PROTECT, related_name="signal")
    verdict = models.CharField(max_length=8, choices=Verdict.choices, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True)
    reason = models.CharField(max_length=400, blank=True)
    judged_at = models.DateTimeField(null=True)
    judged_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(verdict="", judged_at__isnull=True)
                | ~Q(verdict="") & Q(judged_at__isnull=False),
                name="signal_verdict_is_dated",
            ),
            models.UniqueConstraint(
                fields=("alert", "place"),
                condition=Q(judged_at__isnull=True),
                name="signal_one_open",
            ),
        )
        indexes = (models.Index(fields=("scope", "-raised_at"), name="signal_scope"),)

    def __str__(self) -> str:
        return f"{self.alert} {self.day}"


class Visit(models.Model):
    """A later confirmed case was at a sentinel before: did the sentinel flag it? By number alone."""

    sentinel = models.ForeignKey(Sentinel, on_delete=models.PROTECT, related_name="visits")
    case_number = models.CharField(max_length=24)
    visited_at = models.DateTimeField()
    flagged_at = models.DateTimeField(null=True)
    noted_by = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("sentinel", "case_number"), name="visit_once"),
        )

    def __str__(self) -> str:
        return f"{self.case_number} at {self.sentinel_id}"


class CaseCount(models.Model):
    """Cases of a disease in a county on a day: a number that outlives the files it came from."""

    disease = models.CharField(max_length=24)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    day = models.DateField()
    n = models.PositiveIntegerField()
    known_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("disease", "place", "day"), name="casecount_once"),
        )
        indexes = (models.Index(fields=("disease", "scope", "day"), name="casecount_scope"),)

    def __str__(self) -> str:
        return f"{self.disease} {self.day} {self.n}"


class CountFile(models.Model):
    """A file of counts between its preview and its act."""

    post_id = models.BigIntegerField()
    scope = models.CharField(max_length=64, db_collation="C")
    file_name = models.CharField(max_length=200)
    data = models.BinaryField()
    created_at = models.DateTimeField()
    acted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.file_name


class KeyPeriod(models.Model):
    """A festival or key period of a place and all below it: its measures have a first and a last day.

    `starts` is the day the lead begins, `ends` the last day on which measures hold.
    """

    kind = models.CharField(max_length=24)  # of the pack
    title = models.CharField(max_length=80)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    starts = models.DateField()
    first = models.DateField()
    last = models.DateField()
    ends = models.DateField()
    edition = models.CharField(max_length=80)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")  # who demands
    drawn_at = models.DateTimeField()
    set_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=200, blank=True)  # where it was ended before its day
    review = models.ForeignKey(Obligation, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(starts__lte=F("first"), first__lte=F("last"), last__lte=F("ends")),
                name="keyperiod_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(lapsed_at=None) | Q(review__isnull=False),
                name="keyperiod_lapsed_is_reviewed",
            ),
            models.UniqueConstraint(fields=("place", "kind", "first"), name="keyperiod_once"),
        )
        indexes = (
            models.Index(fields=("scope", "first"), name="keyperiod_scope"),
            models.Index(fields=("starts", "ends"), name="keyperiod_due",
                         condition=Q(lapsed_at=None)),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.title


class PeriodMeasure(models.Model):
    """One measure of a key period: who owes it where, and by which day before or after the first."""

    period = models.ForeignKey(KeyPeriod, on_delete=models.CASCADE, related_name="measures")
    text = models.CharField(max_length=200)
    text_en = models.CharField(max_length=200, blank=True)  # of the pack; none where it was edited
    owner = models.CharField(max_length=40)  # "desk", or the sector whose department owes it
    level = models.CharField(max_length=12)  # "own", or every place of a level below
    offset = models.SmallIntegerField()  # days from the first day; negative before it
    domain = models.CharField(max_length=24, choices=Domain.choices)
    criterion = models.CharField(max_length=200)
    mark = models.CharField(max_length=10)

    def __str__(self) -> str:
        return self.text


class PeriodTask(models.Model):
    """The task of one owner for one measure."""

    measure = models.ForeignKey(PeriodMeasure, on_delete=models.PROTECT, related_name="tasks")
    task = models.OneToOneField(Obligation, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.measure_id} {self.task_id}"


class Gate(models.Model):
    """Where people arrive: a station, an airport, a port, a motorway exit; and what it can take."""

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=GateKind.choices)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    checks_per_day = models.PositiveIntegerField()  # people who can be checked and let through
    tests_per_day = models.PositiveIntegerField(null=True)  # None: nobody is tested here
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("place", "name"), condition=Q(until=None), name="gate_once"
            ),
        )
        indexes = (models.Index(fields=("scope", "name"), name="gate_scope"),)

    def __str__(self) -> str:
        return self.name


class GateDay(models.Model):
    """What a gate can take on one day, where it is not as usual. The latest row counts."""

    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    checks = models.PositiveIntegerField()
    tests = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=200)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("gate", "day", "set_at"), name="gateday_once"),
        )

    def __str__(self) -> str:
        return f"{self.gate_id} {self.day} {self.checks}"


class Expected(models.Model):
    """How many people are expected at a gate on a day, by source. Counts only; the latest row counts.

    `total` is everybody (tickets, roads); a school or an enterprise plans for its own part of them.
    """

    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="expected")
    day = models.DateField()
    source = models.CharField(max_length=10, choices=FlowSource.choices)
    group = models.CharField(max_length=80, blank=True)  # the school or park; none for the total
    n = models.PositiveIntegerField()
    told_at = models.DateTimeField()
    told_by = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("gate", "day", "source", "group", "told_at"), name="expected_once"
            ),
            models.CheckConstraint(
                condition=Q(source="total", group="") | ~Q(source="total") & ~Q(group=""),
                name="expected_plan_has_group",
            ),
        )

    def __str__(self) -> str:
        return f"{self.gate_id} {self.day} {self.n}"
