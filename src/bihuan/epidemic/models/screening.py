"""Lists of whom or what must be checked: the denominator first, then who was (M066)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.core.places.models import Place


class ScreeningList(models.Model):
    """Everybody and everything that must be checked by a moment, where the list came from, and when."""

    title = models.CharField(max_length=120)
    source = models.CharField(max_length=200)
    drawn_on = models.DateField()
    due_at = models.DateTimeField()
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=64, db_collation="C")
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=200)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(source=""), name="screeninglist_has_source"),
        )
        indexes = (
            models.Index(fields=("scope", "-id"), name="screeninglist_scope"),
            models.Index(fields=("due_at",), name="screeninglist_due"),
        )

    def __str__(self) -> str:
        return self.title


class ScreeningState(models.TextChoices):
    """What came of one line. Overdue is not stored: it is any of the open ones after the moment."""

    DUE = "due", _("待查")
    CHECKED = "checked", _("已排查")
    EXCUSED = "excused", _("免查")
    REFUSED = "refused", _("拒绝")
    NOT_FOUND = "not_found", _("未找到")


class ScreeningLine(models.Model):
    """One person by a number of the list's own, or one place by its name."""

    screening = models.ForeignKey(ScreeningList, on_delete=models.CASCADE, related_name="lines")
    code = models.CharField(max_length=40)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")  # who answers
    scope = models.CharField(max_length=64, db_collation="C")
    state = models.CharField(
        max_length=9, choices=ScreeningState.choices, default=ScreeningState.DUE
    )
    reason = models.CharField(max_length=200, blank=True)
    noted_at = models.DateTimeField(null=True)
    noted_by = models.CharField(max_length=200, blank=True)
    loop_id = models.BigIntegerField(null=True)  # of its place, once it was overdue
    expires_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("screening", "code"), name="screeningline_once"),
            models.CheckConstraint(
                condition=~Q(state__in=("excused", "refused", "not_found")) | ~Q(reason=""),
                name="screeningline_has_reason",
            ),
        )
        indexes = (models.Index(fields=("screening", "state", "id"), name="screeningline_state"),)

    def __str__(self) -> str:
        return self.code
