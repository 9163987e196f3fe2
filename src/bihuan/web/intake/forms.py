"""What people fill in to upload, review and send. Forms read; they decide nothing."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from bihuan.command.types import Form
from bihuan.core.loops.models import Domain
from bihuan.core.places.models import Level
from bihuan.core.places.types import PlaceRow
from bihuan.intake.types import DraftChange, DraftRow, Likeness, Minutes
from bihuan.web.forms import DayInput, MomentField, WorkForm

Choices = Sequence[tuple[Any, Any]]


def typed(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with; None while it is only asked for."""
    return request.POST if request.method == "POST" else None


def attached(request: HttpRequest) -> "MultiValueDict[str, UploadedFile[Any]] | None":
    """The files a form was sent with."""
    return request.FILES if request.method == "POST" else None


def lines(text: str) -> tuple[str, ...]:
    """The names that were typed, one a line or with the Chinese list comma between."""
    parts = (part.strip() for part in text.replace("、", "\n").splitlines())
    return tuple(part for part in parts if part)


SUPPORT_HINT = _("联合任务:牵头岗位负总责,各配合岗位各有一份,全部办结才算完成。可多选。")


class PostsField(forms.TypedMultipleChoiceField):
    """Several posts from one list; none when nobody was chosen."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False, coerce=int, empty_value=[],
            widget=forms.SelectMultiple(attrs={"size": 5}), **options,
        )  # fmt: skip


class UploadForm(WorkForm):
    """A file, or pasted text."""

    file = forms.FileField(
        label=_("文件"), required=False, help_text=_("支持 .txt、.html、.docx 和文字版 PDF。")
    )
    text = forms.CharField(
        label=_("或直接粘贴文字"), required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )  # fmt: skip

    def content(self) -> tuple[bytes, str]:
        """The bytes and the name of what was given."""
        file = self.cleaned_data["file"]
        if file is not None:
            return file.read(), file.name
        return self.cleaned_data["text"].encode(), ""


class DraftForm(WorkForm):
    """Every field of a draft."""

    text = forms.CharField(label=_("要求"), widget=forms.Textarea(attrs={"rows": 4}))
    domain = forms.ChoiceField(label=_("领域"), choices=Domain.choices)
    owner_post_id = forms.TypedChoiceField(
        label=_("本级责任岗位"), required=False, coerce=int, empty_value=None,
        help_text=_("选了岗位,下达时即成为该岗位的任务;不选则只逐级传达。"),
    )  # fmt: skip
    support_post_ids = PostsField(label=_("配合岗位"), help_text=SUPPORT_HINT)
    responsible = forms.CharField(label=_("原文责任主体"), required=False, max_length=400)
    deadline_text = forms.CharField(label=_("原文时限"), required=False, max_length=200)
    due_at = MomentField(
        label=_("办结期限"), required=False, last=True, help_text=_("如 3-29、明天 18:00。")
    )
    criterion = forms.CharField(
        label=_("验收标准"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("做到什么算完成。任务没有它不能开始。"),
    )  # fmt: skip
    speaker = forms.CharField(label=_("讲话人"), required=False, max_length=120)
    label = forms.CharField(label=_("编号"), required=False, max_length=40)
    body_id = forms.TypedChoiceField(
        label=_("记入哪个机构的台账"), required=False, coerce=int, empty_value=None
    )
    direct_level = forms.ChoiceField(
        label=_("紧急直达"), required=False,
        help_text=_("直接下达到该级每一个地方,中间各级同时收到抄送。"),
    )  # fmt: skip
    upper_id = forms.TypedChoiceField(
        label=_("落实上级哪一条"), required=False, coerce=int, empty_value=None
    )
    repeats_id = forms.TypedChoiceField(
        label=_("重申以前哪一条"), required=False, coerce=int, empty_value=None
    )
    stricter = forms.CharField(
        label=_("严于上级的理由"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("只在比上级要求更严时填写;24 小时内上级不同意即失效。"),
    )  # fmt: skip
    stricter_until = forms.DateField(label=_("从严措施截止日"), required=False, widget=DayInput())
    actionable = forms.BooleanField(
        label=_("是需要办理的要求"), required=False,
        help_text=_("学习贯彻一类的表述只存档,不形成任务。"),
    )  # fmt: skip

    def __init__(
        self, *data: Any, posts: Choices, bodies: Choices, levels: Iterable[str],
        uppers: Sequence[Likeness], earlier: Choices, **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*data, **options)
        none = [("", "—")]
        self._offer("owner_post_id", [*none, *posts])
        self._offer("support_post_ids", posts)
        self._offer("body_id", [*none, *bodies])
        self._offer("direct_level", [*none, *((level, Level(level).label) for level in levels)])
        self._offer(
            "upper_id", [*none, *((u.demand_id, f"{u.ordinal}. {u.title}") for u in uppers)]
        )
        self._offer("repeats_id", [*none, *earlier])
        if not earlier:
            del self.fields["repeats_id"]
        if not uppers:
            for name in ("upper_id", "stricter", "stricter_until"):
                del self.fields[name]

    def _offer(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField | forms.MultipleChoiceField)
        field.choices = choices

    @staticmethod
    def initial_of(row: DraftRow) -> dict[str, Any]:
        """What the fields hold before anything is typed."""
        told = {name: getattr(row, name) for name in (
            "text", "domain", "owner_post_id", "support_post_ids", "responsible", "deadline_text", "due_at",
            "criterion", "speaker", "label", "body_id", "direct_level", "stricter",
            "stricter_until", "actionable",
        )}  # fmt: skip
        suggested = row.upper or row.may_implement
        return told | {
            "upper_id": suggested.demand_id if suggested else None,
            "repeats_id": row.repeats.demand_id if row.repeats else None,
        }

    def change(self) -> DraftChange:
        """As the service takes it."""
        return DraftChange(**self.cleaned_data)


class MinutesForm(WorkForm):
    """The record of a meeting."""

    title = forms.CharField(label=_("会议名称"), max_length=200)
    form = forms.ChoiceField(label=_("形式"), choices=Form.choices)
    held_at = MomentField(label=_("召开时间"), required=False)
    chair = forms.CharField(label=_("主持"), required=False, max_length=200)
    speakers = forms.CharField(
        label=_("讲话"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("每行一人。"),
    )  # fmt: skip
    attendees = forms.CharField(
        label=_("出席"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("每行一人。"),
    )  # fmt: skip
    attendees_complete = forms.BooleanField(
        label=_("名单完整"), required=False, help_text=_("名单以“等”结尾的不完整。")
    )
    body_ids = forms.TypedMultipleChoiceField(
        label=_("套开的机构会议"), required=False, coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    relays_text = forms.CharField(label=_("传达的上级会议"), required=False, max_length=400)

    def __init__(self, *data: Any, bodies: Choices, **options: Any) -> None:
        super().__init__(*data, **options)
        field = self.fields["body_ids"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = bodies

    @staticmethod
    def initial_of(told: Minutes) -> dict[str, Any]:
        """What the fields hold before anything is typed."""
        return {
            "title": told.title, "form": told.form, "held_at": told.held_at, "chair": told.chair,
            "speakers": "\n".join(told.speakers), "attendees": "\n".join(told.attendees),
            "attendees_complete": told.attendees_complete, "body_ids": list(told.body_ids),
            "relays_text": told.relays_text,
        }  # fmt: skip

    def minutes(self) -> Minutes:
        """As the service takes it."""
        said = self.cleaned_data
        return Minutes(
            title=said["title"], form=said["form"], held_at=said["held_at"], chair=said["chair"],
            speakers=lines(said["speakers"]), attendees=lines(said["attendees"]),
            attendees_complete=said["attendees_complete"], body_ids=tuple(said["body_ids"]),
            relays_text=said["relays_text"],
        )  # fmt: skip


class SendForm(WorkForm):
    """The title of the directive and the nodes that receive it."""

    title = forms.CharField(label=_("指令标题"), max_length=200)
    places = forms.TypedMultipleChoiceField(
        label=_("传达到"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *data: Any, children: Sequence[PlaceRow], **options: Any) -> None:
        super().__init__(*data, **options)
        field = self.fields["places"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(place.id, place.name) for place in children]
