"""Risks, their grading and their controls."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bihuan.safety.services.risks import NewEvent, NewMeasure
from bihuan.safety.types import Colour, Defence
from bihuan.web.forms import WorkForm
from bihuan.web.messages import words
from bihuan.web.supervision.forms import day_field, lines_of

FACTORS = ("l", "e", "c", "s")


class ObjectForm(WorkForm):
    """A risk object; its substances make it a major hazard source or not."""

    name = forms.CharField(label=_("风险对象"), max_length=120)
    substances = forms.CharField(
        label=_("危险化学品"), required=False, widget=forms.Textarea({"rows": 3}),
        help_text=_("每行一种:代码 空格 吨数。例:ammonia 20"),
    )  # fmt: skip
    people = forms.IntegerField(label=_("500 米内常住人口"), required=False, min_value=0)

    def clean_substances(self) -> dict[str, str]:
        """Tonnes by substance."""
        found = {}
        for line in lines_of(self.cleaned_data["substances"]):
            key, _space, quantity = line.partition(" ")
            if not quantity.strip():
                raise ValidationError(words("risk.substance", value=line))
            found[key] = quantity.strip()
        return found


class EventForm(WorkForm):
    """What may happen, graded by a method."""

    unit = forms.CharField(label=_("风险单元"), max_length=120)
    name = forms.CharField(label=_("风险事件"), max_length=120)
    method = forms.ChoiceField(label=_("方法"))
    l = forms.CharField(label=_("L 可能性"), required=False, max_length=5)  # noqa: E741
    e = forms.CharField(label=_("E 暴露频繁程度"), required=False, max_length=5)
    c = forms.CharField(label=_("C 后果"), required=False, max_length=5)
    s = forms.CharField(label=_("S 严重性(LS 法、矩阵)"), required=False, max_length=5)
    rated = forms.ChoiceField(label=_("管控后风险"), choices=Colour.choices)

    def __init__(self, *data: Any, methods: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*data, **options)
        field = self.fields["method"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = methods

    def given(self) -> NewEvent:
        """As the service takes it."""
        said = self.cleaned_data
        factors = {name: said[name].strip() for name in FACTORS if said[name].strip()}
        return NewEvent(said["unit"], said["name"], said["method"], factors, said["rated"])


class MeasureForm(WorkForm):
    """A control measure."""

    kind = forms.ChoiceField(label=_("人防物防技防"), choices=Defence.choices)
    layer = forms.CharField(label=_("防护层"), max_length=60, help_text=_("例:围堰、报警、值守"))
    text = forms.CharField(label=_("管控措施"), max_length=200)
    valid_to = day_field(_("培训、检验、标定有效期至"), required=False)

    def given(self) -> NewMeasure:
        """As the service takes it."""
        return NewMeasure(**self.cleaned_data)
