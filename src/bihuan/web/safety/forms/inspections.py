"""Checklists, the start of an inspection, campaigns."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.safety.services.inspections import NewCampaign
from bihuan.safety.services.specials import NewSpecial
from bihuan.web.forms import WorkForm
from bihuan.web.supervision.forms import day_field, lines_of


class SectorForm(WorkForm):
    """A form that names a sector."""

    def __init__(self, *data: Any, sectors: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*data, **options)
        field = self.fields["sector"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = sectors


class ChecklistForm(SectorForm):
    """A checklist: an item a line, with the type of its hazard after a bar."""

    code = forms.CharField(label=_("代码"), max_length=40, help_text=_("小写字母、数字和下划线。"))
    title = forms.CharField(label=_("名称"), max_length=120)
    sector = forms.ChoiceField(label=_("行业"))
    items = forms.CharField(
        label=_("检查项"), widget=forms.Textarea({"rows": 10}),
        help_text=_("每行一项;竖线后写隐患类型。例:安全出口畅通 | 出口堵塞"),
    )  # fmt: skip

    def lines(self) -> list[tuple[str, str]]:
        """Items with their types."""
        cut = (line.partition("|") for line in lines_of(self.cleaned_data["items"]))
        return [(text.strip(), kind.strip()) for text, _bar, kind in cut]


class CampaignForm(SectorForm):
    """A great inspection."""

    title = forms.CharField(label=_("名称"), max_length=120)
    sector = forms.ChoiceField(label=_("行业"))
    starts = day_field(_("开始"))
    ends = day_field(_("结束"))

    def given(self) -> NewCampaign:
        """As the service takes it."""
        return NewCampaign(**self.cleaned_data)


class SpecialForm(WorkForm):
    """A special inspection over named units of the national system."""

    title = forms.CharField(label=_("名称"), max_length=120)
    starts = day_field(_("开始"))
    ends = day_field(_("结束"))
    establishment_ids = forms.TypedMultipleChoiceField(
        label=_("检查单位(垂直管理,由本级统筹)"), coerce=int,
        widget=forms.CheckboxSelectMultiple(),
    )  # fmt: skip

    def __init__(self, *data: Any, units: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*data, **options)
        field = self.fields["establishment_ids"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = units

    def given(self) -> NewSpecial:
        """As the service takes it."""
        said = self.cleaned_data
        return NewSpecial(said["title"], said["starts"], said["ends"],
                          tuple(said["establishment_ids"]))  # fmt: skip
