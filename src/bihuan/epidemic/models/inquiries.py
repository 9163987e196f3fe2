"""Questions about one person to another side: case-bound, narrow, and gone after their time."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from bihuan.core.places.models import Place
from bihuan.epidemic.models.cases import Case
from bihuan.epidemic.models.federation import Peer


class Question(models.Model):
    """A request to another side (2.9). It holds pseudonyms; who they are is in the vault."""

    number = models.CharField(max_length=40, unique=True)  # of the asking side
    incoming = models.BooleanField()  # asked by a peer
    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, null=True, related_name="questions")
    case = models.ForeignKey(Case, on_delete=models.SET_NULL, null=True, related_name="questions")
    case_number = models.CharField(max_length=24)
    kind = models.CharField(max_length=24)  # key of the pack's co_question
    edition = models.CharField(max_length=80)
    purpose = models.CharField(max_length=24)
    basis = models.CharField(max_length=200)
    subjects = ArrayField(models.CharField(max_length=16), default=list)  # pseudonyms
    subject_count = models.PositiveIntegerField()
    window_from = models.DateTimeField(null=True)
    window_to = models.DateTimeField(null=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")  # who answers
    scope = models.CharField(max_length=64, db_collation="C")
    there = models.CharField(max_length=12, blank=True)  # code of the place at the peer
    asker_scope = models.CharField(max_length=64, db_collation="C", blank=True)
    drafted_at = models.DateTimeField()
    drafted_by_id = models.BigIntegerField(null=True)  # null: drafted at the peer
    drafted_by = models.CharField(max_length=200)
    approved_by_ids = ArrayField(models.BigIntegerField(), default=list)
    sent_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    answer = models.JSONField(default=dict)
    outcome = models.CharField(max_length=12, blank=True)  # answered | cannot | refused
    outcome_reason = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=200, blank=True)
    used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    expired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(expired_at=None) | Q(subjects=[], answer={}), name="question_forgotten"
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(answered_at__isnull=False), name="question_ended"
            ),
            models.CheckConstraint(
                condition=Q(incoming=True) | Q(drafted_by_id__isnull=False),
                name="question_has_author",
            ),
            models.CheckConstraint(
                condition=Q(incoming=False) | Q(peer__isnull=False), name="question_of_peer"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("drafted_at")), name="question_has_expiry"
            ),
        )
        indexes = (
            models.Index(fields=("scope", "-id"), name="question_scope"),
            models.Index(fields=("asker_scope", "-id"), name="question_asker"),
            models.Index(fields=("expires_at",), name="question_expiry",
                         condition=Q(expired_at=None)),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.number


class Transfer(models.Model):
    """Whose a person is between two installations: the ledger of the line (M063).

    offered → accepted → released: the giver answers until it sent the release, the taker from the
    moment it has it. Both sides keep their own row of the same number.
    """

    number = models.CharField(max_length=40, unique=True)
    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="transfers")
    incoming = models.BooleanField()
    pseudonym = models.CharField(max_length=16)  # of this side
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    offered_at = models.DateTimeField()
    offered_by = models.CharField(max_length=200)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.CharField(max_length=200, blank=True)
    refused_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)  # the giver let go; the same moment on both sides
    expires_at = models.DateTimeField()
    exposed = models.JSONField(
        default=dict
    )  # incoming: disease, exposure, risk, first and last day

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("pseudonym",), condition=Q(incoming=False, released_at=None, refused_at=None),
                name="transfer_open_once",
            ),
            models.CheckConstraint(
                condition=Q(released_at=None) | Q(accepted_at__isnull=False),
                name="transfer_taken_before_given",
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=("scope", "-id"), name="transfer_scope"),)

    def __str__(self) -> str:
        return self.number
