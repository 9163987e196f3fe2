"""What people fill in for gates and forecasts of arrivals."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.sensing.services.flows import DayCapacity, NewGate
from bihuan.sensing.types import GateKind
from bihuan.web.forms import DayInput, PlaceField, WorkForm

MOST = 10_000_000
NUMBER = forms.NumberInput({"inputmode": "numeric"})


class GateForm(WorkForm):
    """A gate to be registered."""

    name = forms.CharField(label=_("卡口名称"), max_length=80)
    kind = forms.ChoiceField(label=_("类别"), choices=GateKind.choices)
    place = PlaceField(label=_("所在地"), help_text=_("写名称或代码,可从列表中选。"))
    checks_per_day = forms.IntegerField(
        label=_("每日最多查验放行多少人"), min_value=0, max_value=MOST, widget=NUMBER
    )
    tests_per_day = forms.IntegerField(
        label=_("每日最多检测多少人"), min_value=0, max_value=MOST, required=False, widget=NUMBER,
        help_text=_("不在这里检测则空着"),
    )  # fmt: skip

    def given(self) -> NewGate:
        """The gate as it was filled in."""
        said = self.cleaned_data
        return NewGate(said["name"], said["kind"], said["place"], said["checks_per_day"],
                       said["tests_per_day"])  # fmt: skip


class ForecastForm(WorkForm):
    """Forecasts: pasted, or a table."""

    text = forms.CharField(
        label=_("每行:卡口、日期、人数、来源、单位"), required=False, max_length=1_000_000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_(
            "来源空着是总量;学校、企业要写单位,算在总量之内。只填人数,不填姓名、证件号、电话。"
            "同一行再报是更正,报 0 是取消。"
        ),
    )  # fmt: skip
    file = forms.FileField(label=_("或者文件(CSV 或 XLSX)"), required=False)


class DayForm(WorkForm):
    """A day on which a gate is not as usual."""

    day = forms.DateField(label=_("日期"), widget=DayInput())
    checks = forms.IntegerField(
        label=_("当日最多查验放行多少人"), min_value=0, max_value=MOST, widget=NUMBER
    )
    tests = forms.IntegerField(
        label=_("当日最多检测多少人"), min_value=0, max_value=MOST, required=False, widget=NUMBER
    )
    reason = forms.CharField(label=_("理由"), max_length=200)

    def given(self) -> DayCapacity:
        """The capacity as it was filled in."""
        return DayCapacity(**self.cleaned_data)
