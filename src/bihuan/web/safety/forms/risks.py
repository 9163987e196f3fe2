"""Risks, their grading and their controls."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bihuan.safety.selectors.risks import Factor, Scale
from bihuan.safety.services.risks import NewEvent, NewMeasure
from bihuan.safety.types import Colour, Defence
from bihuan.web.forms import WorkForm
from bihuan.web.messages import words
from bihuan.web.supervision.forms import day_field, lines_of
from bihuan.web.words import titled

# A name and its tonnes, with or without a sign between them and a unit behind.
STORED = re.compile(r"(?P<name>.*?\S)[\s:,;]+(?P<tonnes>[0-9.]+)\s*(?:t|吨)?")


class ObjectForm(WorkForm):
    """A risk object; its substances make it a major hazard source or not."""

    name = forms.CharField(
        label=_("风险对象"), max_length=120, help_text=_("危险在哪里。例:液氨储罐、涂装车间")
    )
    substances = forms.CharField(
        label=_("危险化学品"), required=False, widget=forms.Textarea({"rows": 3}),
        help_text=_("每行一种,写名称和吨数。例:氨 20"),
    )  # fmt: skip
    people = forms.IntegerField(label=_("500 米内常住人口"), required=False, min_value=0)

    def __init__(self, *data: Any, listed: Sequence[Mapping[str, Any]], **options: Any) -> None:
        super().__init__(*data, **options)
        self.listed = listed
        self.keys = {
            row[name].casefold(): row["key"]
            for row in listed
            for name in ("key", "title", "title_en")
        }

    def clean_substances(self) -> dict[str, str]:
        """Tonnes by substance."""
        found = {}
        for line in lines_of(self.cleaned_data["substances"]):
            said = STORED.fullmatch(line)
            key = self.keys.get(said["name"].casefold()) if said else None
            if said is None or key is None:
                raise ValidationError(words("risk.substance", value=line))
            found[key] = said["tonnes"]
        return found


class FactorField(forms.ChoiceField):
    """A factor of a method: its values with what each means."""

    def __init__(self, factor: Factor) -> None:
        english = (get_language() or "").startswith("en")
        steps = [
            (value, f"{value} {told_en if english else told}".strip())
            for value, told, told_en in factor.steps
        ]
        super().__init__(label=titled(factor), choices=[("", "—"), *steps])


class EventForm(WorkForm):
    """What may happen, graded by the factors of one method."""

    unit = forms.CharField(
        label=_("风险单元"), max_length=120, help_text=_("在哪一部分。例:储罐、卸车台")
    )
    name = forms.CharField(
        label=_("风险事件"), max_length=120, help_text=_("会发生什么。例:泄漏、坍塌")
    )
    method = forms.ChoiceField(widget=forms.HiddenInput)
    rated = forms.ChoiceField(
        label=_("管控后风险"), choices=Colour.choices,
        help_text=_("管控措施都有效时还剩多大风险;不能重于固有风险。"),
    )  # fmt: skip

    def __init__(
        self, *data: Any, scales: Sequence[Scale], method: str = "", **options: Any
    ) -> None:
        super().__init__(*data, **options)
        asked = self.data.get("method", "") if self.is_bound else method
        self.scales = scales
        self.scale = next((one for one in scales if one.key == asked), scales[0])
        field = self.fields["method"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.key, titled(one)) for one in scales]
        field.initial = self.scale.key
        for factor in self.scale.factors:
            self.fields[factor.name] = FactorField(factor)
        self.order_fields((*(name for name in self.fields if name != "rated"), "rated"))

    def given(self) -> NewEvent:
        """As the service takes it."""
        said = self.cleaned_data
        factors = {one.name: said[one.name] for one in self.scale.factors}
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
