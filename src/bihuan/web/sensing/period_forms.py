"""What people fill in for a festival or key period."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bihuan.core.loops.models import Domain
from bihuan.core.orgs.models import Sector
from bihuan.core.packs import registry
from bihuan.core.places.models import Level
from bihuan.sensing.rules.periods import DESK, OWN
from bihuan.sensing.services.periods import NewPeriod, Wanted
from bihuan.web.forms import DayInput, WorkForm
from bihuan.web.sensing.words import EVERY, OWN_DESK, OWN_PLACE
from bihuan.web.words import choices_of

LEVELS = (Level.CITY, Level.COUNTY, Level.TOWNSHIP, Level.COMMUNITY)


class PeriodForm(WorkForm):
    """A key period; what is left empty comes from the template of its kind."""

    kind = forms.ChoiceField(label=_("类别"))
    title = forms.CharField(
        label=_("名称"), max_length=80, required=False, help_text=_("不填则为年份加类别")
    )
    first = forms.DateField(label=_("首日"), widget=DayInput())
    last = forms.DateField(label=_("末日"), widget=DayInput())
    lead_days = forms.IntegerField(
        label=_("提前多少天开始准备"), required=False, min_value=0, help_text=_("不填则按模板")
    )
    ends = forms.DateField(
        label=_("措施最后一天"), widget=DayInput(), required=False,
        help_text=_("次日早上全部失效并开始复盘;不填则按模板"),
    )  # fmt: skip

    def __init__(self, *data: Any, at: datetime) -> None:
        super().__init__(*data, at=at)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices_of(registry.table("period_kind", at))

    def given(self) -> NewPeriod:
        """The period as it was filled in."""
        return NewPeriod(**self.cleaned_data)


class MeasureForm(WorkForm):
    """One measure of a draft."""

    text = forms.CharField(label=_("做什么"), max_length=200, widget=forms.Textarea({"rows": 2}))
    criterion = forms.CharField(label=_("怎样算办结"), max_length=200)
    owner = forms.ChoiceField(label=_("谁承办"))
    level = forms.ChoiceField(label=_("哪一级"))
    offset = forms.IntegerField(
        label=_("哪一天前办结"), help_text=_("距首日的天数:首日前 3 天写 -3,首日写 0")
    )
    domain = forms.ChoiceField(label=_("领域"), choices=Domain.choices)

    def __init__(self, *data: Any, at: datetime, **options: Any) -> None:
        super().__init__(*data, at=at, **options)
        owner, level = self.fields["owner"], self.fields["level"]
        assert isinstance(owner, forms.ChoiceField)
        assert isinstance(level, forms.ChoiceField)
        owner.choices = owners().items()
        told = [(one.value, str(EVERY) % {"level": one.label}) for one in LEVELS]
        level.choices = [(OWN, OWN_PLACE), *told]

    def given(self) -> Wanted:
        """The measure as it was filled in."""
        return Wanted(**self.cleaned_data)


def owners() -> dict[str, str]:
    """Who may owe a measure, by key, in the reader's language. One query."""
    name = "name_en" if get_language() == "en" else "name"
    told = dict(Sector.objects.order_by("pk").values_list("code", name))
    return {DESK: str(OWN_DESK), **told}
