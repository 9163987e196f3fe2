"""Forms, requests for figures, figures."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.supervision.services.burden import NewForm
from bihuan.web.forms import MomentField, WorkForm
from bihuan.web.supervision.forms import (
    day_field,
    lines_of,
)


class FigureForm(WorkForm):
    """A form with its figures."""

    title = forms.CharField(label=_("报表名称"), max_length=120)
    purpose = forms.CharField(label=_("用途"), max_length=200)
    expires_on = day_field(_("有效期至"))
    figures = forms.CharField(
        label=_("指标"), widget=forms.Textarea({"rows": 4}),
        help_text=_("每行一个,可写单位,例:已查渡口数(处)。"),
    )  # fmt: skip

    def given(self) -> NewForm:
        """As the service takes it."""
        said = self.cleaned_data
        split = (line.rstrip(")").partition("(") for line in lines_of(said["figures"]))
        figures = tuple((name.strip(), measure) for name, _mark, measure in split)
        return NewForm(said["title"], said["purpose"], said["expires_on"], figures)


class AskForm(WorkForm):
    """Ask places for a figure of a period."""

    figure = forms.TypedChoiceField(label=_("指标"), coerce=int)
    period = forms.CharField(label=_("时段"), max_length=20, help_text=_("例:2026-W11、2026-03"))
    places = forms.TypedMultipleChoiceField(
        label=_("向哪些地方要"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    due_at = MomentField(label=_("期限"), last=True)

    def __init__(self, *data: Any, figures: Any, places: Any, at: datetime) -> None:
        super().__init__(*data, at=at)
        for name, rows in (("figure", figures), ("places", places)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(row.pk, row.name) for row in rows]

    def given(self) -> dict[str, Any]:
        """As the service takes it."""
        said = self.cleaned_data
        return {
            "figure_id": said["figure"], "period": said["period"], "place_ids": said["places"],
            "due_at": said["due_at"],
        }  # fmt: skip


class FillForm(WorkForm):
    """The figure itself."""

    value = forms.FloatField(label=_("数值"))
