"""What people fill in to answer a relay and to record a meeting."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.command.services.ready import shares_of
from bihuan.command.types import DemandRow, Form, MeetingInput
from bihuan.core.loops.models import Domain, RequestKind
from bihuan.core.loops.services import Matter
from bihuan.core.loops.types import BriefInput, Share
from bihuan.web.forms import DayInput, MomentField, WorkForm
from bihuan.web.intake.forms import SUPPORT_HINT, PostsField, lines
from bihuan.web.table import FilterForm

Choices = Sequence[tuple[Any, Any]]


class DirectiveFilter(FilterForm):
    """Narrows the list of directives."""

    side = forms.ChoiceField(
        label=_("方向"),
        choices=[("", _("全部")), ("received", _("上级下达给我们的")), ("issued", _("我们下达的"))],
    )
    text = forms.CharField(label=_("标题"))


class TaskForm(WorkForm):
    """A local task that answers an upper demand."""

    title = forms.CharField(label=_("任务"), max_length=200)
    text = forms.CharField(label=_("内容"), widget=forms.Textarea(attrs={"rows": 3}))
    owner_post_id = forms.TypedChoiceField(label=_("责任岗位(牵头)"), coerce=int)
    support_post_ids = PostsField(label=_("配合岗位"), help_text=SUPPORT_HINT)
    due_at = MomentField(
        label=_("期限"), required=False, last=True, help_text=_("不填则按规则包的默认时限。")
    )
    criterion = forms.CharField(
        label=_("验收标准"), widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("做到什么算完成。"),
    )  # fmt: skip
    stricter = forms.CharField(
        label=_("严于上级的理由"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("只在比上级要求更严时填写;24 小时内上级不同意即失效。"),
    )  # fmt: skip
    stricter_until = forms.DateField(label=_("从严措施截止日"), required=False, widget=DayInput())

    def __init__(self, *data: Any, posts: Choices, **options: Any) -> None:
        super().__init__(*data, **options)
        for name, none in (("owner_post_id", [("", "—")]), ("support_post_ids", [])):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField | forms.MultipleChoiceField)
            field.choices = [*none, *posts]

    def shares(self) -> list[Share]:
        """Who leads, and who supports."""
        said = self.cleaned_data
        return shares_of(said["owner_post_id"], said["support_post_ids"])

    @staticmethod
    def initial_of(row: DemandRow) -> dict[str, Any]:
        """A task starts from the words of the demand."""
        return {"title": row.title, "text": row.text, "criterion": row.criterion,
                "due_at": row.due_at}  # fmt: skip

    def brief(self, *, domain: str) -> BriefInput:
        """As the service takes it."""
        said = self.cleaned_data
        return BriefInput(
            title=said["title"], text=said["text"], domain=domain, criterion=said["criterion"],
            stricter=said["stricter"], stricter_until=said["stricter_until"],
        )  # fmt: skip


class NoneHereForm(WorkForm):
    """Why a demand has nothing to do here."""

    reason = forms.CharField(label=_("为什么本地不涉及"), widget=forms.Textarea(attrs={"rows": 2}))


class MatterForm(WorkForm):
    """A matter to be brought up to a place above."""

    kind = forms.ChoiceField(label=_("类型"), choices=RequestKind.choices)
    place_id = forms.TypedChoiceField(label=_("报到哪一级"), coerce=int)
    direct = forms.BooleanField(
        label=_("直达,不经中间各级"), required=False,
        help_text=_("用于紧急事项;中间各级同时收到抄送。不选则逐级转报。"),
    )  # fmt: skip
    urgent = forms.BooleanField(
        label=_("紧急"), required=False, help_text=_("紧急事项的答复时限更短,见现行规则。")
    )
    title = forms.CharField(label=_("事由"), max_length=200)
    text = forms.CharField(label=_("内容"), widget=forms.Textarea(attrs={"rows": 4}))
    domain = forms.ChoiceField(label=_("领域"), choices=Domain.choices)

    def __init__(self, *data: Any, above: Choices, **options: Any) -> None:
        super().__init__(*data, **options)
        field = self.fields["place_id"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = above

    def matter(self) -> Matter:
        """As the service takes it."""
        return Matter(**self.cleaned_data)


class MeetingForm(WorkForm):
    """A meeting held, or a decision taken without one."""

    title = forms.CharField(label=_("会议名称"), max_length=200)
    form = forms.ChoiceField(
        label=_("形式"), choices=Form.choices,
        help_text=_("“传达学习”只算传达,不算作出决定。"),
    )  # fmt: skip
    held_at = MomentField(label=_("召开时间"), help_text=_("如 今天 14:00。"))
    chair = forms.CharField(label=_("主持"), required=False, max_length=200)
    speakers = forms.CharField(
        label=_("讲话"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("每行一人。"),
    )  # fmt: skip
    attendees = forms.CharField(
        label=_("出席"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每行一人。"),
    )  # fmt: skip
    attendees_complete = forms.BooleanField(label=_("名单完整"), required=False, initial=True)
    body_ids = forms.TypedMultipleChoiceField(
        label=_("套开的机构会议"), required=False, coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    agenda = forms.CharField(
        label=_("议题和决定"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    video = forms.CharField(
        label=_("分会场(视频接入)"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("每行一个。"),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("分会场(电话接入)"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("每行一个。"),
    )  # fmt: skip

    def __init__(self, *data: Any, bodies: Choices, **options: Any) -> None:
        super().__init__(*data, **options)
        field = self.fields["body_ids"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = bodies

    def meeting(self, *, relay_id: int | None) -> MeetingInput:
        """As the service takes it."""
        said = self.cleaned_data
        branches = [(name, "video") for name in lines(said["video"])]
        branches += [(name, "phone") for name in lines(said["phone"])]
        return MeetingInput(
            title=said["title"], form=said["form"], held_at=said["held_at"], chair=said["chair"],
            speakers=lines(said["speakers"]), attendees=lines(said["attendees"]),
            attendees_complete=said["attendees_complete"], body_ids=tuple(said["body_ids"]),
            agenda=said["agenda"], relay_id=relay_id, branches=tuple(branches),
        )  # fmt: skip


class PlenaryForm(WorkForm):
    """The next plenary session of a body of the place."""

    body_id = forms.TypedChoiceField(label=_("机构"), coerce=int)
    planned_for = MomentField(label=_("召开时间"), help_text=_("例:3-29 9:00、明天 14:00"))

    def __init__(self, *data: Any, bodies: Choices, **options: Any) -> None:
        super().__init__(*data, **options)
        field = self.fields["body_id"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = bodies
