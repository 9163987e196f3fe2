"""Briefs, obligations, problems, responsibilities, notices and the maintained counters."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from bihuan.core.loops import counters  # noqa: F401 - its tables are of this app
from bihuan.core.orgs.models import DutyLine, Org, Party, Post
from bihuan.core.places.models import Place
from bihuan.core.places.types import CITY, COUNTY

OPEN = Q(closed_at__isnull=True)


class Domain(models.TextChoices):
    """What a demand is about. A closed list; a demand may touch several."""

    COMMAND = "command", _("指挥协调")
    SENSING = "epidemic-sensing", _("监测预警")
    INVESTIGATION = "epidemic-investigation", _("流调溯源")
    TESTING = "testing", _("检测")
    CARE = "isolation-treatment", _("隔离救治")
    VACCINATION = "vaccination", _("疫苗接种")
    ENTRY = "entry", _("外防输入")
    VENUES = "key-venues", _("重点场所")
    SAFETY = "work-safety", _("安全生产")
    NATURAL = "natural-hazards", _("自然灾害")
    DRILL = "emergency-drill", _("应急演练")
    RESOURCES = "resources", _("资源保障")
    ECONOMY = "economy", _("经济社会")
    PUBLIC = "public-communication", _("宣传引导")
    SUPERVISION = "supervision", _("督导检查")
    POLITICAL = "governance-political", _("政治要求")


class FlowName(models.TextChoices):
    """The kinds of obligation."""

    RELAY = "relay", _("传达分解")
    TASK = "task", _("任务")
    PROBLEM = "problem", _("问题")
    REQUEST = "request", _("向上请示")
    SIGNAL = "signal", _("监测信号")
    INQUIRY = "inquiry", _("流调")
    NEED = "need", _("照护诉求")


class Brief(models.Model):
    """What is demanded, once, however many owe it: text, domain, criterion and where it comes from.

    `upper` is the brief it implements: following it upward answers "why?".
    """

    title = models.CharField(max_length=200)
    text = models.TextField()
    domain = models.CharField(max_length=24, choices=Domain.choices)
    domains = ArrayField(models.CharField(max_length=24), default=list)
    sector = models.CharField(max_length=40, blank=True)
    criterion = models.TextField(blank=True)
    basis = models.CharField(max_length=200, blank=True)  # document or law it rests on
    upper = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="lowers")
    repeats = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="again")
    stricter = models.TextField(blank=True)  # why it is stricter than its upper; T1
    stricter_until = models.DateField(null=True)
    consented_at = models.DateTimeField(null=True)
    consented_by = models.CharField(max_length=200, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    scope = models.CharField(max_length=64, db_collation="C")
    created_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=("upper",), name="brief_upper"),
            models.Index(fields=("scope", "-id"), name="brief_scope"),
        )

    def __str__(self) -> str:
        return self.title


PREFIXES = {"relay": "CD", "task": "RW", "problem": "WT", "request": "QS", "signal": "XH",
            "inquiry": "LD", "need": "SQ"}  # fmt: skip


def number_of(flow: str, opened_at: datetime, pk: int) -> str:
    """The short number people say of a loop: kind, year, serial."""
    return f"{PREFIXES[flow]}-{opened_at.year}-{pk:06d}"


# A hazard of work safety that is open, as the index knows it.
OPEN_HAZARD = Q(closed_at__isnull=True, flow="problem", origin__startswith="hazard:")


class Obligation(models.Model):
    """One post owes one thing at one place by one moment.

    `closed_at` is set exactly in the end states: open rows are those without it.
    `state`, and what moves with it, is written by `services.advance` alone.
    """

    flow = models.CharField(max_length=8, choices=FlowName.choices)
    brief = models.ForeignKey(Brief, on_delete=models.PROTECT, related_name="obligations")
    origin = models.CharField(max_length=40, blank=True)  # "directive:12": one key for a cascade
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="obligations")
    scope = models.CharField(max_length=64, db_collation="C")
    domain = models.CharField(max_length=24, choices=Domain.choices)
    sector = models.CharField(max_length=40, blank=True)
    owner_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="owed")
    owner_org = models.ForeignKey(
        Org, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    issuer_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="demanded")
    issuer_org = models.ForeignKey(
        Org, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    state = models.CharField(max_length=16)
    state_since = models.DateTimeField()
    version = models.IntegerField(default=0)
    opened_at = models.DateTimeField()
    assigned_at = models.DateTimeField()
    due_at = models.DateTimeField()
    due_rule = models.CharField(max_length=120)  # "pack@version/key", "stated", "promised", …
    first_due_at = models.DateTimeField()
    resume_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    submitted_by_id = models.BigIntegerField(null=True)  # a person
    submitted_org_id = models.BigIntegerField(null=True)
    asked_by_id = models.BigIntegerField(null=True)  # the person who asked to withdraw
    accepted_by_id = models.BigIntegerField(null=True)  # a person
    closed_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)  # when the clock job marked it
    level = models.SmallIntegerField(default=0)  # steps of escalation so far
    returns = models.SmallIntegerField(default=0)
    extensions = models.SmallIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("brief", "owner_post"), name="obligation_once_per_post"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) ^ Q(state__in=("closed", "withdrawn")),
                name="obligation_ends_are_dated",
            ),
            models.CheckConstraint(
                condition=Q(submitted_by_id__isnull=True)
                | Q(accepted_by_id__isnull=True)
                | ~Q(submitted_by_id=F("accepted_by_id")),
                name="obligation_four_eyes",
            ),
        )
        indexes = (
            models.Index(fields=("owner_post", "due_at"), name="obligation_mine", condition=OPEN),
            models.Index(fields=("scope", "due_at"), name="obligation_open", condition=OPEN),
            models.Index(fields=("due_at", "id"), name="obligation_due", condition=OPEN),
            models.Index(fields=("scope", "-id"), name="obligation_scope"),
            # The two levels whose rows are kept in an order of their own.
            *(models.Index(Left("scope", n), F("id").desc(), name=f"obligation_{level}")
              for level, n in (("city", CITY), ("county", COUNTY))),
            *(models.Index(Left("scope", n), "due_at", "id", name=f"obligation_{level}_due",
                           condition=OPEN) for level, n in (("city", CITY), ("county", COUNTY))),
            models.Index(fields=("origin", "scope"), name="obligation_origin"),
            models.Index(fields=("issuer_org", "submitted_at"), name="obligation_to_accept",
                         condition=Q(state="submitted")),
            models.Index(fields=("due_at",), name="obligation_falls_due",
                         condition=Q(closed_at__isnull=True, overdue_at__isnull=True)),
            models.Index(fields=("overdue_at",), name="obligation_overdue",
                         condition=Q(closed_at__isnull=True, overdue_at__isnull=False)),
            models.Index(fields=("scope", "sector", "due_at", "id"), name="obligation_hazard",
                         condition=OPEN_HAZARD),
            models.Index(fields=("parent",), name="obligation_parent",
                         condition=Q(parent__isnull=False)),
        )  # fmt: skip

    @property
    def number(self) -> str:
        """The short number people say."""
        return number_of(self.flow, self.opened_at, self.pk)

    @property
    def subject(self) -> str:
        """How audit and evidence name it."""
        return f"obligation:{self.pk}"

    def __str__(self) -> str:
        return self.number


class Watcher(models.Model):
    """A post of another body that works on a loop and may see it: a member of a visit's team."""

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="watchers")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("obligation", "post"), name="watcher_once"),)

    def __str__(self) -> str:
        return f"{self.post_id} of {self.obligation_id}"


class JointPart(models.Model):
    """Whose part of a joint task a task is: one organisation leads, the others support (M019).

    `lead` is the task of the one who leads; its own row names itself, so that there is one lead.
    """

    task = models.OneToOneField(Obligation, on_delete=models.PROTECT, primary_key=True)
    lead = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="joint_parts")
    part = models.CharField(max_length=8, choices=DutyLine.Part.choices)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(part="lead", task=F("lead")) | Q(part="support") & ~Q(task=F("lead")),
                name="jointpart_lead_is_itself",
            ),
        )

    def __str__(self) -> str:
        return f"{self.part} of {self.lead_id}"


class Grade(models.TextChoices):
    """How grave a problem is."""

    GENERAL = "general", _("一般")
    MAJOR = "major", _("重大")


class Problem(models.Model):
    """What a problem has beyond an obligation: grade, cause, origin, interim measure, gates."""

    obligation = models.OneToOneField(Obligation, on_delete=models.PROTECT, primary_key=True)
    grade = models.CharField(max_length=8, choices=Grade.choices, blank=True)
    type_code = models.CharField(max_length=60, blank=True)
    origin_kind = models.CharField(max_length=24, default="self")  # self, visit, cross, external…
    origin_name = models.CharField(max_length=120, blank=True)
    external = models.BooleanField(default=False)  # closed only by its issuer's acceptance
    answered_at = models.DateTimeField(null=True)
    interim = models.TextField(blank=True)
    interim_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    cause = models.TextField(blank=True)
    extent = models.TextField(blank=True)
    similar = models.TextField(blank=True)  # the sweep that was opened, or why none
    found_out_at = models.DateTimeField(null=True)  # gate 1
    verified_at = models.DateTimeField(null=True)  # gate 2
    recheck_at = models.DateTimeField(null=True)
    answered_for_at = models.DateTimeField(null=True)  # gate 3
    countermeasure = models.TextField(blank=True)
    figure_name = models.CharField(max_length=80, blank=True)
    figure_before = models.FloatField(null=True)
    figure_target = models.FloatField(null=True)
    figure_after = models.FloatField(null=True)
    remeasure_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(grade="major") | (~Q(interim="") & Q(interim_post__isnull=False)),
                name="problem_major_has_interim",
            ),
        )
        indexes = (
            models.Index(fields=("grade", "-obligation"), name="problem_rare_grade",
                         condition=~Q(grade="general")),
            models.Index(fields=("recheck_at",), name="problem_recheck",
                         condition=Q(recheck_at__isnull=False)),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"problem of {self.obligation_id}"


class ProblemTask(models.Model):
    """A task that serves a problem: the edge between two of the three lists."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="tasks")
    task = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="serves")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("problem", "task"), name="problemtask_once"),
        )

    def __str__(self) -> str:
        return f"{self.problem_id} ← {self.task_id}"


class RequestKind(models.TextChoices):
    """What a place tells those above it."""

    REQUEST = "request", _("请示")
    REPORT = "report", _("报告")
    FEEDBACK = "feedback", _("反映情况")


class Request(models.Model):
    """A matter that a place brings up to a desk above it, level by level or directly (M187).

    The obligation belongs to the place that asks, so that every level between sees it; its owner is
    the desk that has the matter now. `hops` counts the desks it came to, `reached_at` is when it
    came to the desk it was addressed to.
    """

    obligation = models.OneToOneField(Obligation, on_delete=models.PROTECT, primary_key=True)
    kind = models.CharField(max_length=12, choices=RequestKind.choices)
    urgent = models.BooleanField(default=False)
    addressed = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    direct = models.BooleanField()
    hops = models.SmallIntegerField(default=1)
    reached_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"request of {self.obligation_id}"


class Responsibility(models.Model):
    """Who had the duty, was it met, and what follows: the third list, and gate 3."""

    obligation = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, related_name="responsibilities"
    )
    party = models.CharField(max_length=12, choices=Party.choices)
    post = models.ForeignKey(Post, on_delete=models.PROTECT)
    scope = models.CharField(max_length=64, db_collation="C")
    duty = models.TextField()
    met = models.BooleanField(null=True)
    consequence = models.TextField(blank=True)  # or "none, because …"
    proposed_at = models.DateTimeField()
    reply = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = (models.Index(fields=("scope", "-id"), name="responsibility_scope"),)

    def __str__(self) -> str:
        return f"{self.party} of {self.obligation_id}"


class Notice(models.Model):
    """News for one post; links to its loop, or to another address of the product."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="notices")
    obligation = models.ForeignKey(Obligation, on_delete=models.CASCADE, null=True)
    kind = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("post", "-id"), name="notice_post"),)

    def __str__(self) -> str:
        return f"{self.kind} to {self.post_id}"
