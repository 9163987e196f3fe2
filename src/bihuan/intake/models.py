"""Documents as they came, and the drafts of demands that a person checks."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.core.evidence.models import Blob
from bihuan.core.loops.models import Domain, Obligation
from bihuan.core.orgs.models import Org, Post
from bihuan.core.places.models import Level, Place


class Document(models.Model):
    """One communiqué of an uploaded file: the original, the cleaned text, what was read from it.

    A file that holds several gives one row each, by `part`. `meeting` is the proposed record of
    the meeting until a directive is issued, with the records of those under the same headline in
    `later`; `directive` is set then, and the drafts are closed.
    """

    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    part = models.SmallIntegerField(default=0)
    title = models.CharField(max_length=200)
    issuer_org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    uploaded_at = models.DateTimeField()
    uploaded_by = models.CharField(max_length=200)
    original_text = models.TextField()
    clean_text = models.TextField()
    encoding = models.CharField(max_length=40, blank=True)
    repairs = models.JSONField(default=list)
    report = models.JSONField(default=dict)
    meeting = models.JSONField(default=dict)
    is_communique = models.BooleanField()
    reason = models.CharField(max_length=40, blank=True)
    forced_by = models.CharField(max_length=200, blank=True)  # who went on all the same
    relay = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, null=True, related_name="documents"
    )
    directive = models.OneToOneField(
        "command.Directive", on_delete=models.PROTECT, null=True, related_name="document"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("blob", "issuer_org", "relay", "part"),
                name="document_once",
                nulls_distinct=False,
            ),
        )
        indexes = (
            models.Index(fields=("scope", "-id"), name="document_scope"),
            models.Index(fields=("issuer_org", "-id"), name="document_org"),
        )  # fmt: skip

    @property
    def subject(self) -> str:
        """How audit and directives name it."""
        return f"document:{self.pk}"

    def __str__(self) -> str:
        return self.title


class Status(models.TextChoices):
    """What a person made of a draft. `merged` and `undone` are out of sight, never gone."""

    PROPOSED = "proposed", _("待核")
    KEPT = "kept", _("已核")
    REJECTED = "rejected", _("不采用")
    MERGED = "merged", _("已并入")
    UNDONE = "undone", _("已撤销")


class Draft(models.Model):
    """A demand as proposed or edited. Spans count characters, half-open; None when typed by hand.

    A draft that is not `actionable` (a political preamble) is kept as text and never a task
    unless a person says otherwise.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="drafts")
    position = models.FloatField()
    text = models.TextField()
    start = models.IntegerField(null=True)
    end = models.IntegerField(null=True)
    original_start = models.IntegerField(null=True)
    original_end = models.IntegerField(null=True)
    speaker = models.CharField(max_length=120, blank=True)
    label = models.CharField(max_length=40, blank=True)
    section = models.CharField(max_length=120, blank=True)
    domain = models.CharField(max_length=24, choices=Domain.choices)
    domains = ArrayField(models.CharField(max_length=24), default=list)
    responsible = models.CharField(max_length=400, blank=True)
    deadline_text = models.CharField(max_length=200, blank=True)
    due_at = models.DateTimeField(null=True)
    criterion = models.TextField(blank=True)
    owner_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    support_post_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    body = models.ForeignKey(Org, on_delete=models.PROTECT, null=True, related_name="+")
    direct_level = models.CharField(max_length=12, choices=Level.choices, blank=True)
    upper = models.ForeignKey(
        "command.Demand", on_delete=models.PROTECT, null=True, related_name="+"
    )
    repeats = models.ForeignKey(
        "command.Demand", on_delete=models.PROTECT, null=True, related_name="+"
    )
    stricter = models.TextField(blank=True)
    stricter_until = models.DateField(null=True)
    actionable = models.BooleanField(default=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROPOSED)

    class Meta:
        indexes = (models.Index(fields=("document", "position"), name="draft_document"),)

    def __str__(self) -> str:
        return self.text[:40]


class Edit(models.Model):
    """One step of the review: what the drafts were before it, so that it can be taken back."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="edits")
    verb = models.CharField(max_length=20)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    before = models.JSONField()
    born = ArrayField(models.BigIntegerField(), default=list)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("document", "-id"), name="edit_document"),)

    def __str__(self) -> str:
        return f"{self.verb} {self.document_id}"
