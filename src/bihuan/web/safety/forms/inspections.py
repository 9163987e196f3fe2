"""Checklists, the start of an inspection, campaigns."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.safety.services.inspections import NewCampaign
from bihuan.safety.services.specials import NewSpecial
from bihuan.web.forms import WorkForm
from bihuan.web.supervision.forms import day_field, lines_of

EVERY = "*"  # the box that means all sectors


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


class CampaignForm(WorkForm):
    """A great inspection of the sectors that are ticked, or of all."""

    title = forms.CharField(label=_("名称"), max_length=120)
    sectors = forms.MultipleChoiceField(
        label=_("行业"), widget=forms.CheckboxSelectMultiple(),
        help_text=_("只查其中几个行业时，去掉“全部行业”，再勾选。"),
    )  # fmt: skip
    starts = day_field(_("开始"))
    ends = day_field(_("结束"))

    def __init__(self, *data: Any, sectors: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*data, initial={"sectors": [EVERY]}, **options)
        self._every = tuple(code for code, _name in sectors)
        field = self.fields["sectors"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(EVERY, _("全部行业")), *sectors]

    def clean_sectors(self) -> tuple[str, ...]:
        """The codes."""
        ticked = self.cleaned_data["sectors"]
        return self._every if EVERY in ticked else tuple(ticked)

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
