"""Medical institutions under daily supervision, and the checks made of them (M085)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.core.orgs.models import Org


class CheckForm(models.TextChoices):
    """Whether the institution knew: announced, unannounced, or somebody who came as a patient."""

    ANNOUNCED = "announced", _("事先通知")
    UNANNOUNCED = "unannounced", _("不打招呼")
    MYSTERY = "mystery", _("发热暗访")


class Institution(models.Model):
    """A hospital, health centre or village clinic in the rolling plan of checks."""

    org = models.OneToOneField(Org, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)  # key of the pack's institution_kind
    risk = models.CharField(max_length=16)  # key of the pack's institution_risk
    scope = models.CharField(max_length=64, db_collation="C")
    since = models.DateField()
    registered_by = models.CharField(max_length=200)

    class Meta:
        indexes = (models.Index(fields=("scope",), name="institution_scope"),)

    def __str__(self) -> str:
        return str(self.org_id)


class InstitutionCheck(models.Model):
    """One check: what it was, what it found, and the problem that it opened."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="checks")
    form = models.CharField(max_length=12, choices=CheckForm.choices)
    day = models.DateField()
    triaged = models.BooleanField(null=True)  # of a mystery fever visit alone
    passed = models.BooleanField()
    findings = models.CharField(max_length=400, blank=True)
    problem_id = models.BigIntegerField(null=True)  # the loop
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(form="mystery", triaged__isnull=False)
                | ~Q(form="mystery") & Q(triaged=None),
                name="institutioncheck_triage_asked",
            ),
            models.CheckConstraint(
                condition=Q(passed=True) & ~Q(triaged=False)
                | Q(passed=False, problem_id__isnull=False) & ~Q(findings=""),
                name="institutioncheck_failure_has_problem",
            ),
        )
        indexes = (models.Index(fields=("institution", "-day"), name="institutioncheck_last"),)

    def __str__(self) -> str:
        return f"{self.institution_id} {self.day}"
