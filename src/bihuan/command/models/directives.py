"""Meetings, directives, their demands, and how a node answers each demand of a relay."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from bihuan.command.types import Came, Form, Joined
from bihuan.core.loops.models import Brief, Obligation
from bihuan.core.orgs.models import Org, Post
from bihuan.core.places.models import Level, Place


class Meeting(models.Model):
    """One physical meeting, whose sessions may be those of several bodies (M006, M008).

    `report` is the situation report with the figures of `cutoff`; it is frozen with the minutes.
    A meeting of the form `study` is communication: it never counts as a decision (M007).
    """

    title = models.CharField(max_length=200)
    form = models.CharField(max_length=12, choices=Form.choices)
    held_at = models.DateTimeField()
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    scope = models.CharField(max_length=64, db_collation="C")
    issuer_org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    bodies = models.ManyToManyField(Org, related_name="sessions")
    chair = models.CharField(max_length=200, blank=True)
    speakers = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    attendees = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    attendees_complete = models.BooleanField(default=True)
    agenda = models.TextField(blank=True)
    relays_text = models.CharField(max_length=400, blank=True)  # as the text names what it relays
    relay = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, null=True, related_name="meetings"
    )
    cutoff = models.DateTimeField()
    report = models.JSONField(default=dict)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)

    class Meta:
        indexes = (models.Index(fields=("scope", "-held_at"), name="meeting_scope"),)

    @property
    def number(self) -> str:
        """The short number people say."""
        return f"HY-{self.recorded_at.year}-{self.pk:06d}"

    def __str__(self) -> str:
        return self.title


class Branch(models.Model):
    """A branch venue of a meeting, and whether it is connected."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="branches")
    name = models.CharField(max_length=120)
    joined = models.CharField(max_length=8, choices=Joined.choices)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("meeting", "name"), name="branch_once"),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Plenary(models.Model):
    """A numbered plenary session of a body in a year: called, held by a meeting, closed (M004).

    It is closed by a person, once the roll is taken and every demand of earlier sessions that is
    overdue has been explained.
    """

    body = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="plenaries")
    year = models.SmallIntegerField()
    number = models.SmallIntegerField()
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    scope = models.CharField(max_length=64, db_collation="C")
    planned_for = models.DateTimeField()
    called_at = models.DateTimeField()
    called_by = models.CharField(max_length=200)
    meeting = models.OneToOneField(
        Meeting, on_delete=models.PROTECT, null=True, related_name="plenary"
    )
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("body", "year", "number"), name="plenary_number"),
        )
        indexes = (models.Index(fields=("scope", "-planned_for"), name="plenary_scope"),)

    @property
    def subject(self) -> str:
        """How the audit names it."""
        return f"plenary:{self.pk}"

    def __str__(self) -> str:
        return f"{self.body_id} {self.year}/{self.number}"


class Seat(models.Model):
    """A member organisation on the roll of a plenary session, and whether it came."""

    plenary = models.ForeignKey(Plenary, on_delete=models.CASCADE, related_name="seats")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    came = models.CharField(max_length=8, choices=Came.choices, default=Came.OPEN)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("plenary", "org"), name="seat_once"),)

    def __str__(self) -> str:
        return f"{self.plenary_id} {self.org_id}"


class Directive(models.Model):
    """What a node demands of those below it. `brief` is what every relay of it owes.

    `origin` is one key for the whole cascade: a directive that hands down another's relay keeps
    the origin of the first. `sent_at` is empty until every obligation of it is there.
    """

    title = models.CharField(max_length=200)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True)
    source = models.CharField(max_length=40, blank=True)  # "document:12"
    issuer_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    issuer_org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    scope = models.CharField(max_length=64, db_collation="C")
    brief = models.OneToOneField(Brief, on_delete=models.PROTECT, related_name="directive")
    relay = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, null=True, related_name="directives"
    )
    origin = models.CharField(max_length=40)
    place_ids = ArrayField(models.BigIntegerField(), default=list)  # the chosen child nodes
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=200)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("scope", "-id"), name="directive_scope"),
            models.Index(fields=("origin",), name="directive_origin"),
            models.Index(fields=("issuer_org", "-id"), name="directive_issuer"),
            models.Index(fields=("relay",), name="directive_relay"),
        )

    @property
    def number(self) -> str:
        """The short number people say."""
        return f"ZL-{self.issued_at.year}-{self.pk:06d}"

    @property
    def subject(self) -> str:
        """How audit and documents name it."""
        return f"directive:{self.pk}"

    def __str__(self) -> str:
        return self.number


class Demand(models.Model):
    """One demand of a directive: unique by its place in it, never by its printed number (2.24).

    `body` is the body whose ledger shows it and `body_ordinal` its number there (M006).
    Posts in `support_post_ids` support the owner: the task is a joint one (M019).
    `direct_level` sends it straight to every place of a level, with a copy to those between (M187).
    """

    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="demands")
    ordinal = models.SmallIntegerField()
    label = models.CharField(max_length=40, blank=True)
    section = models.CharField(max_length=120, blank=True)
    speaker = models.CharField(max_length=120, blank=True)
    responsible = models.CharField(max_length=400, blank=True)
    deadline_text = models.CharField(max_length=200, blank=True)
    due_at = models.DateTimeField(null=True)
    brief = models.OneToOneField(Brief, on_delete=models.PROTECT, related_name="demand")
    said_in = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, related_name="said"
    )  # of several meetings under one headline; else the directive's
    owner_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    support_post_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    body = models.ForeignKey(Org, on_delete=models.PROTECT, null=True, related_name="demands")
    body_ordinal = models.SmallIntegerField(null=True)
    direct_level = models.CharField(max_length=12, choices=Level.choices, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("directive", "ordinal"), name="demand_once"),
        )
        indexes = (models.Index(fields=("body", "-id"), name="demand_body"),)

    def __str__(self) -> str:
        return f"{self.directive_id}/{self.ordinal}"


class Explanation(models.Model):
    """Why a demand of an earlier session is overdue, told to a plenary session."""

    plenary = models.ForeignKey(Plenary, on_delete=models.CASCADE, related_name="explanations")
    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    signed_by = models.CharField(max_length=200)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("plenary", "demand"), name="explanation_once"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.plenary_id} {self.demand_id}"


class NoneHere(models.Model):
    """A node's signed word that a demand has nothing to do here, and why.

    The other answer, local tasks, needs no row: they name the demand as their upper.
    """

    relay = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="none_here")
    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="none_here")
    scope = models.CharField(max_length=64, db_collation="C")
    reason = models.TextField()
    signed_by = models.CharField(max_length=200)
    signed_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("relay", "demand"), condition=models.Q(revoked_at=None),
                name="nonehere_once",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.relay_id}: {self.demand_id}"


class Receipt(models.Model):
    """A person has read a directive: communication, never completion."""

    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="receipts")
    person_id = models.BigIntegerField()
    name = models.CharField(max_length=200)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    scope = models.CharField(max_length=64, db_collation="C")
    read_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("directive", "person_id"), name="receipt_once"),
        )
        indexes = (models.Index(fields=("directive", "scope"), name="receipt_directive"),)

    def __str__(self) -> str:
        return f"{self.name} {self.directive_id}"


class Figures(models.Model):
    """The figures of a cascade too large to be counted at every reading, as of `at`.

    Kept by the worker; a cascade without a row here is counted live.
    """

    directive = models.OneToOneField(Directive, on_delete=models.PROTECT, related_name="figures")
    at = models.DateTimeField()
    levels = models.JSONField()
    nodes = models.JSONField()
    progress = models.JSONField()

    def __str__(self) -> str:
        return f"{self.directive_id} {self.at:%F %R}"
