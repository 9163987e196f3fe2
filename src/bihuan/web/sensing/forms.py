"""What people fill in for sensing."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.core.clock import local_date
from bihuan.core.packs import registry
from bihuan.sensing.types import Count, Kind, Verdict
from bihuan.web.forms import DayInput, MomentField, PlaceField, WorkForm
from bihuan.web.words import choices_of


class CountForm(WorkForm):
    """The day's counts of every sentinel of a post; an empty box is no report, a zero is one."""

    day = forms.DateField(label=_("日期"), widget=DayInput())

    def __init__(self, *data: Any, sentinels: list[Any], at: datetime) -> None:
        super().__init__(*data, at=at)
        self.fields["day"].initial = local_date(at)
        self.sentinels = sentinels
        titles = dict(choices_of(registry.table("stream", at)))
        for sentinel in sentinels:
            for stream in sentinel.streams:
                self.fields[f"n-{sentinel.pk}-{stream}"] = forms.IntegerField(
                    label=titles.get(stream, stream), required=False,
                    min_value=0, widget=forms.NumberInput({"inputmode": "numeric"}),
                )  # fmt: skip

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The boxes of each sentinel together."""
        return [(s, [self[f"n-{s.pk}-{stream}"] for stream in s.streams]) for s in self.sentinels]

    def counts(self) -> list[Count]:
        """What was filled in."""
        day: date = self.cleaned_data["day"]
        return [
            Count(s.pk, stream, day, n)
            for s in self.sentinels
            for stream in s.streams
            if (n := self.cleaned_data.get(f"n-{s.pk}-{stream}")) is not None
        ]


class SentinelForm(WorkForm):
    """A sentinel to be registered."""

    name = forms.CharField(label=_("名称"), max_length=120)
    kind = forms.ChoiceField(label=_("类别"), choices=Kind.choices)
    place = PlaceField(label=_("所在地"), help_text=_("写名称或代码,可从列表中选。"))
    streams = forms.MultipleChoiceField(
        label=_("报什么数"), widget=forms.CheckboxSelectMultiple, choices=()
    )
    org = forms.ChoiceField(
        label=_("报告单位"), required=False, help_text=_("由该单位自己报数;空着由疾控或镇街代报。")
    )
    catchment = forms.CharField(label=_("服务范围"), max_length=200, required=False)

    def __init__(
        self, *data: Any, at: datetime, orgs: list[tuple[str, str]], english: bool = False,
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*data, at=at, **options)
        bodies = self.fields["org"]
        assert isinstance(bodies, forms.ChoiceField)
        bodies.choices = [("", "—"), *orgs]
        field = self.fields["streams"]
        assert isinstance(field, forms.MultipleChoiceField)
        said = "title_en" if english else "title"
        field.choices = [(row["key"], row[said]) for row in registry.table("stream", at)]


class VerdictForm(WorkForm):
    """The end of a signal."""

    verdict = forms.ChoiceField(
        label=_("结论"), choices=[*Verdict.choices, ("watch", _("继续观察"))]
    )
    into = forms.ChoiceField(
        label=_("并入"), required=False, help_text=_("结论是“并入其他信号”时才选。")
    )
    reason = forms.CharField(label=_("理由"), widget=forms.Textarea({"rows": 3}))

    def __init__(self, *data: Any, others: list[tuple[int, str]], at: datetime) -> None:
        super().__init__(*data, at=at)
        field = self.fields["into"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *((str(pk), words) for pk, words in others)]


class VisitForm(WorkForm):
    """A case that was at the sentinel before."""

    case_number = forms.CharField(label=_("病例编号"), max_length=24)
    visited_at = MomentField(label=_("就诊时间"))
    flagged_at = MomentField(label=_("哨点报告时间"), required=False)


MONTH = timedelta(days=30)
