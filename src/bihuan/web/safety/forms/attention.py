"""Denominators, allowances, days of risk."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.safety.services.attention import NewDay
from bihuan.safety.types import DayLevel, PerilFamily
from bihuan.web.forms import WorkForm
from bihuan.web.safety.forms import PlaceField
from bihuan.web.supervision.forms import day_field
from bihuan.web.words import measured, titled


class PlacedForm(WorkForm):
    """A form about a place of the actor's area."""

    place_id = PlaceField(label=_("地方"))

    def __init__(self, *data: Any, by: Actor, **options: Any) -> None:
        super().__init__(*data, **options)
        field = self.fields["place_id"]
        assert isinstance(field, PlaceField)
        field.scope = by.scope


class DenominatorForm(PlacedForm):
    """How many a place has of what accidents are counted against."""

    key = forms.ChoiceField(label=_("分母"))
    year = forms.IntegerField(label=_("年份"), min_value=2000, max_value=2100)
    value = forms.IntegerField(label=_("数量"), min_value=1)
    source = forms.CharField(label=_("来源"), max_length=120, help_text=_("例:2025 年统计年鉴"))

    def __init__(self, *data: Any, by: Actor, at: datetime, **options: Any) -> None:
        super().__init__(*data, by=by, at=at, **options)
        rows = registry.table("denominator", at, scope=by.scope)
        field = self.fields["key"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(row["key"], f"{titled(row)} ({measured(row)})") for row in rows]


class AllowanceForm(PlacedForm):
    """A yearly target."""

    year = forms.IntegerField(label=_("年份"), min_value=2000, max_value=2100)
    measure = forms.ChoiceField(
        label=_("指标"), choices=[("deaths", _("死亡人数")), ("accidents", _("事故起数"))]
    )
    most = forms.IntegerField(label=_("不超过"), min_value=0)


class DayForm(PlacedForm):
    """A day's risk of one family, and the staff it needs."""

    day = day_field(_("日期"))
    family = forms.ChoiceField(label=_("风险"), choices=PerilFamily.choices)
    level = forms.ChoiceField(label=_("程度"), choices=DayLevel.choices)
    staff = forms.IntegerField(label=_("需要人数"), min_value=0)
    on_hand = forms.IntegerField(
        label=_("可用人数"), required=False, min_value=0, help_text=_("这一天总共有多少人可用。")
    )
    source = forms.CharField(label=_("来源"), required=False, max_length=120)

    def given(self) -> NewDay:
        """As the service takes it."""
        return NewDay(**self.cleaned_data)
