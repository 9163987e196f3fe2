"""What people fill in about the inside of a site or hospital."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from bihuan.core.clock import local_date
from bihuan.core.packs import registry
from bihuan.web.epidemic.forms import EpidemicForm, day_field
from bihuan.web.forms import WorkForm
from bihuan.web.words import choices_of, titled


class RoundForm(WorkForm):
    """One choice and one line for each item of a checklist."""

    def __init__(self, *data: Any, items: Iterable[Mapping[str, Any]], at: datetime) -> None:
        super().__init__(*data, at=at)
        self.keys = [str(item["key"]) for item in items]
        for item in items:
            key = str(item["key"])
            self.fields[key] = forms.ChoiceField(
                label=titled(item), choices=[("yes", _("合格")), ("no", _("不合格"))],
                widget=forms.RadioSelect,
            )  # fmt: skip
            self.fields[f"note_{key}"] = forms.CharField(
                label=_("看到了什么"), max_length=200, required=False
            )

    def answers(self) -> dict[str, tuple[bool, str]]:
        """As the service takes them."""
        told = self.cleaned_data
        return {key: (told[key] == "yes", told[f"note_{key}"]) for key in self.keys}

    def lines(
        self, items: Iterable[Mapping[str, Any]]
    ) -> list[tuple[Mapping[str, Any], BoundField, BoundField]]:
        """Each item with its choice and its line, for the page."""
        return [(item, self[str(item["key"])], self[f"note_{item['key']}"]) for item in items]


class GroupForm(EpidemicForm):
    """How many of a group of staff work in a ward."""

    ward = forms.ChoiceField(label=_("病区"))
    group = forms.ChoiceField(label=_("人员组"), help_text=_("规则包定每组多少天检测一次。"))
    people = forms.IntegerField(label=_("人数"), min_value=0, max_value=10_000)

    def __init__(self, *data: Any, wards: list[str], at: datetime) -> None:
        super().__init__(*data, at=at)
        self.choose("ward", [(ward, ward) for ward in wards])
        self.choose("group", choices_of(registry.table("staff_group", at)))


class StaffTestForm(EpidemicForm):
    """How many of a group were tested on a day."""

    day = day_field(_("日期"))
    tested = forms.IntegerField(label=_("已检人数"), min_value=0, max_value=10_000)
    positive = forms.IntegerField(label=_("其中阳性"), min_value=0, max_value=10_000)

    def __init__(self, *data: Any, at: datetime) -> None:
        super().__init__(*data, at=at)
        self.fields["day"].initial = local_date(at)
