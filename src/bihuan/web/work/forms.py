"""What people fill in for a move, a proof, a gate or a slot. Forms read; they decide nothing."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.core.loops.models import Domain, FlowName, Grade
from bihuan.core.loops.services.proof import File, Proof
from bihuan.core.loops.types import Filter, MoveInput
from bihuan.core.orgs.models import Party
from bihuan.web.forms import DayInput, MomentField, WorkForm
from bihuan.web.table import FilterForm
from bihuan.web.words import STATES

Choices = Sequence[tuple[str, Sequence[tuple[int, str]]]]
ANY = [("", _("全部"))]


def offer(form: forms.Form, posts: Choices, *names: str) -> None:
    """Fill the selects of posts that a form has, grouped by place."""
    for name in names:
        field = form.fields.get(name)
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "—"), *posts]


class DeskFilter(FilterForm):
    """Narrows the lists of My work."""

    stage = forms.ChoiceField(label=_("时限"), choices=[*ANY, ("overdue", _("已逾期"))])
    flow = forms.ChoiceField(label=_("类别"), choices=[*ANY, *FlowName.choices])
    domain = forms.ChoiceField(label=_("领域"), choices=[*ANY, *Domain.choices])
    text = forms.CharField(label=_("标题"))

    def wanted(self) -> Filter:
        """As the selectors take it."""
        said = {name: self.said(name) for name in ("stage", "flow", "domain", "text")}
        return Filter(**said)


class LoopFilter(FilterForm):
    """Narrows the list of all loops."""

    stage = forms.ChoiceField(
        label=_("阶段"),
        choices=[*ANY, ("open", _("未办结")), ("overdue", _("已逾期")), ("closed", _("已办结"))],
    )
    state = forms.ChoiceField(
        label=_("状态"), choices=[*ANY, *((name, words[0]) for name, words in STATES.items())]
    )
    flow = forms.ChoiceField(label=_("类别"), choices=[*ANY, *FlowName.choices])
    domain = forms.ChoiceField(label=_("领域"), choices=[*ANY, *Domain.choices])
    text = forms.CharField(label=_("标题"))
    under = forms.CharField(widget=forms.HiddenInput)
    origin = forms.CharField(widget=forms.HiddenInput)

    def wanted(self) -> Filter:
        """As the selectors take it."""
        return Filter(**{name: self.said(name) for name in self.fields})


class ManyFiles(forms.FileInput):
    """A control for several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; empty when none was chosen."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The files chosen, as a list. An empty file is for the service to refuse by name."""
        del initial  # proofs are added, never replaced
        return [file for file in (data or []) if file]


class ProofForm(WorkForm):
    """Photos, documents, a reading or words."""

    photos = FilesField(
        label=_("照片或文件"), required=False,
        help_text=_("可多选。JPEG、PNG、WebP、PDF、DOCX、XLSX、TXT、CSV,每个不超过 20 MB。"),
    )  # fmt: skip
    text = forms.CharField(
        label=_("情况说明"), required=False, widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip
    quantity = forms.FloatField(label=_("读数"), required=False)
    measure = forms.CharField(label=_("单位"), required=False, max_length=40)
    made_at = MomentField(label=_("形成时间"), required=False, help_text=_("不填即为现在。"))
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)

    def given(self) -> Proof:
        """As the service takes it."""
        said = self.cleaned_data
        return Proof(
            files=tuple(File(file.name, file.chunks) for file in said["photos"]),
            text=said["text"], quantity=said["quantity"], measure=said["measure"],
            made_at=said["made_at"], lon=said["lon"], lat=said["lat"],
        )  # fmt: skip


# What each move asks for; moves that are not named ask for nothing.
ASKS: dict[str, tuple[str, ...]] = {
    "return": ("note",), "ask_withdraw": ("note",), "refuse_withdraw": ("note",),
    "reopen": ("note",), "answer": ("note",), "extend": ("until", "note"), "pause": ("until", "note"),
    "grade": ("grade", "interim", "interim_post"),
    "assign": ("owner_post", "interim", "interim_post"), "close": ("external_accepted",),
}  # fmt: skip


class MoveForm(WorkForm):
    """What one move asks for."""

    note = forms.CharField(label=_("理由"), widget=forms.Textarea({"rows": 3}))
    until = MomentField(label=_("新的期限"), last=True, help_text=_("例:3-29、明天 18:00"))
    grade = forms.ChoiceField(label=_("级别"), choices=Grade.choices)
    owner_post = forms.TypedChoiceField(label=_("承办岗位"), coerce=int)
    interim = forms.CharField(
        label=_("临时管控措施"), required=False, widget=forms.Textarea({"rows": 2}),
        help_text=_("重大问题在整改完成之前必须有临时措施及责任岗位。"),
    )  # fmt: skip
    interim_post = forms.TypedChoiceField(
        label=_("临时措施责任岗位"), coerce=int, empty_value=None, required=False
    )
    external_accepted = forms.BooleanField(label=_("交办方已验收同意销号"), required=False)

    def __init__(self, *data: Any, move: str, posts: Choices = (), **options: Any) -> None:
        super().__init__(*data, **options)
        asked = ASKS.get(move, ())
        self.fields = {name: self.fields[name] for name in asked}
        if move == "pause":
            self.fields["until"].label = _("暂停到")
        if move == "answer":
            self.fields["note"].label = _("答复内容")
        offer(self, posts, "owner_post", "interim_post")

    def given(self) -> MoveInput:
        """As the service takes it."""
        said = dict(self.cleaned_data)
        for name in ("owner_post", "interim_post"):
            if name in said:
                said[f"{name}_id"] = said.pop(name) or None
        return MoveInput(**said)


class HandDownForm(WorkForm):
    """A part of a task for a post below."""

    owner_post = forms.TypedChoiceField(label=_("承办岗位"), coerce=int)
    title = forms.CharField(label=_("要做什么"), max_length=200)
    text = forms.CharField(label=_("要求"), widget=forms.Textarea({"rows": 3}))
    criterion = forms.CharField(label=_("验收标准"), help_text=_("做到什么算完成。"))
    due_at = MomentField(label=_("期限"), required=False, last=True,
                         help_text=_("不填按规则包的默认时限。"))  # fmt: skip

    def __init__(self, *data: Any, posts: Choices = (), **options: Any) -> None:
        super().__init__(*data, **options)
        offer(self, posts, "owner_post")


class GateForm(WorkForm):
    """Gate 1 and the problem–countermeasure pair."""

    cause = forms.CharField(label=_("起因"), required=False, widget=forms.Textarea({"rows": 2}))
    extent = forms.CharField(label=_("范围"), required=False, widget=forms.Textarea({"rows": 2}))
    similar = forms.CharField(
        label=_("同类排查"), required=False, widget=forms.Textarea({"rows": 2}),
        help_text=_("已对哪些同类地方排查;不适用的写明理由。"),
    )  # fmt: skip
    type_code = forms.CharField(label=_("问题类型"), required=False, max_length=60)
    countermeasure = forms.CharField(
        label=_("对策"), required=False, widget=forms.Textarea({"rows": 2})
    )
    figure_name = forms.CharField(label=_("衡量指标"), required=False, max_length=80)
    figure_before = forms.FloatField(label=_("整改前"), required=False)
    figure_target = forms.FloatField(label=_("目标"), required=False)
    figure_after = forms.FloatField(label=_("整改后"), required=False)
    remeasure_on = forms.DateField(label=_("复测日期"), required=False, widget=DayInput())


class ResponsibilityForm(WorkForm):
    """Who had the duty."""

    party = forms.ChoiceField(label=_("责任方"), choices=Party.choices)
    post = forms.TypedChoiceField(label=_("岗位"), coerce=int)
    duty = forms.CharField(label=_("应尽的职责"), widget=forms.Textarea({"rows": 2}))

    def __init__(self, *data: Any, posts: Choices = (), **options: Any) -> None:
        super().__init__(*data, **options)
        offer(self, posts, "post")


class ReplyForm(WorkForm):
    """The answer of the post concerned."""

    reply = forms.CharField(label=_("申辩"), widget=forms.Textarea({"rows": 3}))


class DecisionForm(WorkForm):
    """Whether the duty was met, and what follows."""

    met = forms.TypedChoiceField(
        label=_("是否尽责"), coerce=lambda said: said == "yes",
        choices=[("no", _("未尽责")), ("yes", _("已尽责"))],
    )  # fmt: skip
    consequence = forms.CharField(
        label=_("处理结果"), help_text=_("例:提醒、通报、约谈、移交有权机关;不处理的写明理由。")
    )


class SlotForm(WorkForm):
    """Who stands in one of the four slots."""

    party = forms.ChoiceField(label=_("责任方"), choices=Party.choices)
    post = forms.TypedChoiceField(label=_("岗位"), coerce=int, empty_value=None, required=False)
    text = forms.CharField(label=_("或公示的个人义务"), required=False, max_length=200)

    def __init__(self, *data: Any, posts: Choices = (), **options: Any) -> None:
        super().__init__(*data, **options)
        offer(self, posts, "post")


class ServeForm(WorkForm):
    """A task that serves the problem, by its number."""

    number = forms.CharField(label=_("任务编号"), help_text=_("例:RW-2026-000123"))
