"""What people fill in for judgements and reports."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.core.places.models import Place
from bihuan.epidemic.services.reports import NewReport
from bihuan.web.forms import MomentField, WorkForm
from bihuan.web.table import FilterForm
from bihuan.web.words import titled


class WhereForm(FilterForm):
    """Of which place."""

    place = forms.CharField(label=_("地点编码"), max_length=12)


class JudgementForm(WorkForm):
    """A written judgement."""

    known_at = MomentField(label=_("截至"))
    text = forms.CharField(label=_("研判意见"), widget=forms.Textarea({"rows": 5}), max_length=4000)


class ReportForm(WorkForm):
    """A report: the figures are there already, only what nobody has entered yet is asked."""

    known_at = MomentField(label=_("截至"))
    late_reason = forms.CharField(label=_("迟报原因"), max_length=400, required=False)

    def __init__(
        self, *data: Any, asks: list[dict[str, Any]], at: datetime, **options: Any
    ) -> None:
        super().__init__(*data, at=at, **options)
        for row in asks:
            self.fields[row["key"]] = forms.CharField(
                label=titled(row), widget=forms.Textarea({"rows": 3}), max_length=2000
            )
        self.order_fields(["known_at", *(row["key"] for row in asks), "late_reason"])
        self.asked = [row["key"] for row in asks]

    def given(self, event_id: int, place: Place, kind: str) -> NewReport:
        """As the service takes it."""
        told = self.cleaned_data
        return NewReport(event_id, place, kind, told["known_at"],
                         {key: told[key] for key in self.asked}, told["late_reason"])  # fmt: skip
