"""Sensors and what is done about an alarm."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.safety.services.sensors import NewSensor
from bihuan.web.forms import WorkForm
from bihuan.web.supervision.forms import PostField, ScopedForm
from bihuan.web.table import FilterForm


class SensorFilter(FilterForm):
    """Narrows the list of sensors."""

    text = forms.CharField(label=_("编号或名称"))
    establishment = forms.CharField(widget=forms.HiddenInput)


class SensorForm(ScopedForm):
    """A measuring point with its thresholds."""

    code = forms.CharField(
        label=_("编号"), max_length=40, help_text=_("设备上报时用的编号,全系统唯一。")
    )
    name = forms.CharField(label=_("名称"), max_length=120, help_text=_("例:三号罐区可燃气体"))
    measure = forms.CharField(label=_("计量单位"), max_length=20, help_text=_("例:%LEL、kPa、℃"))
    high = forms.FloatField(label=_("上限(达到即报警)"), required=False)
    low = forms.FloatField(label=_("下限(达到即报警)"), required=False)
    silent_seconds = forms.IntegerField(
        label=_("多少秒无读数即报警"), required=False, min_value=1,
        help_text=_("不填按规则包,缺省 600 秒。"),
    )  # fmt: skip
    authority_id = PostField(label=_("有权切断的岗位"), required=False)

    def given(self) -> NewSensor:
        """As the service takes it."""
        return NewSensor(**self.cleaned_data)


class ShutdownForm(WorkForm):
    """A line of the shutdown log."""

    deed = forms.ChoiceField(
        label=_("处置"),
        choices=[("ask", _("请求切断")), ("shut", _("已切断")), ("reopen", _("恢复"))],
    )
    text = forms.CharField(label=_("切断了什么、依据什么"), max_length=200)

    def given(self) -> dict[str, Any]:
        """As the service takes it."""
        return dict(self.cleaned_data)
