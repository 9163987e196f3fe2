"""The call, what a source knows, a report, a finding."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.core.orgs.types import Actor
from bihuan.safety.rules.accidents import Harm
from bihuan.safety.services.accidents import Call, Content, Details
from bihuan.safety.services.aftermath import Called, Lesson
from bihuan.safety.types import AccidentKind
from bihuan.web.forms import MomentField, WorkForm
from bihuan.web.safety.forms import PlaceField
from bihuan.web.safety.words import LEVELS
from bihuan.web.supervision.forms import PostField, ScopedForm

COUNTS = ("deaths", "serious", "missing", "loss")


class HarmFields(WorkForm):
    """How bad it is; empty means none known."""

    deaths = forms.IntegerField(label=_("死亡"), required=False, min_value=0)
    serious = forms.IntegerField(label=_("重伤"), required=False, min_value=0)
    missing = forms.IntegerField(label=_("失联"), required=False, min_value=0)
    loss = forms.IntegerField(label=_("直接经济损失(元)"), required=False, min_value=0)

    def harm(self) -> Harm:
        """As the rules take it."""
        return Harm(*(self.cleaned_data.get(name) or 0 for name in COUNTS))


class CallForm(HarmFields):
    """Three fields start the clock: what, where, how bad. The rest may wait."""

    what = forms.CharField(label=_("发生了什么"), max_length=200)
    where = forms.CharField(label=_("在哪里"), max_length=200)
    kind = forms.ChoiceField(label=_("类别"), choices=AccidentKind.choices)
    place = PlaceField(label=_("所在地"), required=False, help_text=_("不填即为您所在的地方。"))
    occurred_at = MomentField(label=_("发生时间"), required=False, help_text=_("不填即为现在。"))
    known_at = MomentField(label=_("知道的时间"), required=False, help_text=_("不填即为现在。"))
    field_order = ("what", "where", *COUNTS, "kind", "place", "occurred_at", "known_at")

    def __init__(self, *data: Any, by: Actor, **options: Any) -> None:
        super().__init__(*data, **options)
        place = self.fields["place"]
        assert isinstance(place, PlaceField)
        place.scope = by.scope

    def given(self, establishment_id: int | None) -> Call:
        """As the service takes it."""
        said = self.cleaned_data
        return Call(
            said["what"], said["where"], self.harm(), said["kind"], said["place"],
            establishment_id, said["occurred_at"], said["known_at"],
        )  # fmt: skip


class CorrectForm(WorkForm):
    """What the call left out. When it was known is not asked: the clocks ran from it."""

    what = forms.CharField(label=_("发生了什么"), max_length=200)
    where = forms.CharField(label=_("在哪里"), max_length=200, required=False)
    kind = forms.ChoiceField(
        label=_("类别"), choices=AccidentKind.choices,
        help_text=_("交通和火灾事故的伤亡补报期较短,等级随之重算。"),
    )  # fmt: skip
    occurred_at = MomentField(label=_("发生时间"), help_text=_("例:昨天 14:00"))

    def given(self) -> Details:
        """As the service takes it."""
        return Details(**self.cleaned_data)


class FigureForm(HarmFields):
    """What one source knows, and as of when."""

    source = forms.CharField(label=_("来源"), max_length=60, help_text=_("例:医院、消防、公安"))
    as_of = MomentField(label=_("截至"), required=False, help_text=_("不填为现在。例:今天 14:00"))
    field_order = ("source", *COUNTS, "as_of")


FIRST = [("first", _("初报"))]
LATER = [("progress", _("续报")), ("final", _("终报"))]


class ReportForm(WorkForm):
    """What article 12 asks beyond the figures; `sent`: the first one is out."""

    kind = forms.ChoiceField(label=_("报告种类"), choices=[*FIRST, *LATER])
    scene = forms.CharField(
        label=_("现场情况"), required=False, widget=forms.Textarea({"rows": 2}),
        help_text=_("初报必填。"),
    )  # fmt: skip
    course = forms.CharField(label=_("简要经过"), widget=forms.Textarea({"rows": 3}))
    measures = forms.CharField(label=_("已采取的措施"), widget=forms.Textarea({"rows": 2}))
    aftermath = forms.CharField(
        label=_("善后与恢复"), required=False, widget=forms.Textarea({"rows": 2}),
        help_text=_("终报必填。"),
    )  # fmt: skip
    other = forms.CharField(label=_("其他情况"), required=False, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *data: Any, sent: bool, **options: Any) -> None:
        super().__init__(*data, **options)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = LATER if sent else FIRST
        if sent:  # the first report told what the scene was
            del self.fields["scene"]

    def given(self) -> Content:
        """As the service takes it."""
        said = self.cleaned_data
        return Content(**{name: said[name] for name in said if name != "kind"})


class PhoneForm(WorkForm):
    """A line of the telephone log."""

    outgoing = forms.TypedChoiceField(
        label=_("去电或来电"), coerce=lambda said: said == "out",
        choices=[("out", _("去电")), ("in", _("来电"))],
    )  # fmt: skip
    level = forms.ChoiceField(label=_("对方层级"), required=False, choices=[("", "—")])
    who = forms.CharField(label=_("对方单位和人"), max_length=120)
    text = forms.CharField(label=_("内容"), max_length=500)
    called_at = MomentField(label=_("通话时间"), help_text=_("例:今天 14:00"))

    def __init__(self, *data: Any, **options: Any) -> None:
        super().__init__(*data, **options)
        field = self.fields["level"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *LEVELS.items()]

    def given(self) -> Called:
        """As the service takes it."""
        return Called(**self.cleaned_data)


class ReadBackForm(WorkForm):
    """Whether a party kept what it had signed."""

    kept = forms.TypedChoiceField(
        label=_("责任履行"), coerce=lambda said: said == "yes",
        choices=[("no", _("未履行到位")), ("yes", _("已履行"))],
    )  # fmt: skip
    finding = forms.CharField(
        label=_("对照责任书的认定"), widget=forms.Textarea({"rows": 3}),
        help_text=_("逐条对照:哪一条做到了,哪一条没有,依据是什么。"),
    )  # fmt: skip


class LessonForm(ScopedForm):
    """A lesson that becomes a task."""

    title = forms.CharField(label=_("要改什么"), max_length=200)
    text = forms.CharField(label=_("具体要求"), widget=forms.Textarea({"rows": 3}))
    criterion = forms.CharField(label=_("完成标准"), max_length=200)
    post_id = PostField(label=_("责任岗位"))

    def given(self) -> Lesson:
        """As the service takes it."""
        return Lesson(**self.cleaned_data)
