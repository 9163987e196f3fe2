"""What people fill in for routes. Forms read; services decide."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.core.clock import local_date
from bihuan.core.orgs.models import Post
from bihuan.safety.services.plans import MOST_CHECKS, NewPlan, NewStaffing
from bihuan.web.field.words import PHASES
from bihuan.web.forms import WorkForm
from bihuan.web.safety.forms.inspections import SectorForm
from bihuan.web.supervision.forms import PostsField, ScopedForm, day_field, lines_of
from bihuan.web.templatetags.field import titled


class StopForm(WorkForm):
    """Which checklist, which day, who."""

    checklist_id = forms.TypedChoiceField(label=_("检查表"), coerce=int)
    day = day_field(_("日期"))
    post_id = forms.TypedChoiceField(label=_("检查人"), coerce=int)

    def __init__(
        self, *data: Any, at: datetime, lists: Sequence[Any], posts: Sequence[Post],
        own: int, usual: int | None = None,
    ) -> None:  # fmt: skip
        known = {"day": local_date(at), "post_id": own, "checklist_id": usual}
        super().__init__(*data, at=at, initial=known)
        checklist, post = self.fields["checklist_id"], self.fields["post_id"]
        assert isinstance(checklist, forms.ChoiceField)
        assert isinstance(post, forms.ChoiceField)
        checklist.choices = [(row.pk, titled(row)) for row in lists]
        others = [(row.pk, f"{row.title} · {row.org.name}") for row in posts if row.pk != own]
        post.choices = [(own, _("我自己")), *others]


class FormUpload(SectorForm):
    """An XLSForm workbook and the sector it is for."""

    sector = forms.ChoiceField(label=_("行业"))
    file = forms.FileField(label=_("XLSForm 文件(.xlsx)"))


class PlanForm(ScopedForm):
    """How many checks in which time, by whom."""

    title = forms.CharField(label=_("名称"), max_length=120)
    starts = day_field(_("开始"))
    ends = day_field(_("结束"))
    checks = forms.IntegerField(label=_("检查次数"), min_value=1, max_value=MOST_CHECKS)
    post_ids = PostsField(
        label=_("检查人"), required=False,
        help_text=_("每行一个岗位;不填由本岗位检查。就近分派。"),
    )  # fmt: skip

    def given(self) -> NewPlan:
        """As the service takes it."""
        return NewPlan(**self.cleaned_data)


class HeatForm(WorkForm):
    """What is forecast for which day."""

    celsius = forms.FloatField(label=_("预报最高气温(℃)"))
    day = day_field(_("日期"))
    source = forms.CharField(label=_("来源"), max_length=120, required=False)


class StaffingForm(WorkForm):
    """Posts, and who is there."""

    posts = forms.IntegerField(label=_("编制"), min_value=0)
    present = forms.IntegerField(label=_("在岗"), min_value=0)
    licensed = forms.IntegerField(label=_("持执法证"), min_value=0)
    trained = forms.IntegerField(label=_("一年内受训"), min_value=0)

    def given(self) -> NewStaffing:
        """As the service takes it."""
        return NewStaffing(**self.cleaned_data)


class PhaseForm(WorkForm):
    """A phase and its days."""

    kind = forms.ChoiceField(label=_("阶段"), choices=list(PHASES.items()))
    starts = day_field(_("开始"))
    ends = day_field(_("结束"))


class HandOutForm(ScopedForm):
    """Who inspects the places of a campaign."""

    post_ids = PostsField(
        label=_("检查岗位"), required=False,
        help_text=_("每行一个岗位，就近分派；不填则由各场所所在镇街的值班岗位检查。按工作日排到结束之日。"),
    )  # fmt: skip


class TopicForm(WorkForm):
    """A topic and the types of hazard that are its problems."""

    title = forms.CharField(label=_("专题"), max_length=120)
    types = forms.CharField(
        label=_("隐患类型"), widget=forms.Textarea({"rows": 4}), help_text=_("每行一个类型。"),
    )  # fmt: skip

    def clean_types(self) -> list[str]:
        """The lines."""
        return lines_of(self.cleaned_data["types"])


class MeasureForm(WorkForm):
    """A rule or system, and the hazard it came out of."""

    topic_id = forms.TypedChoiceField(label=_("专题"), coerce=int)
    title = forms.CharField(label=_("制度措施"), max_length=200)
    number = forms.CharField(label=_("源自隐患(编号)"), max_length=40, required=False)

    def __init__(self, *data: Any, topics: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*data, **options)
        field = self.fields["topic_id"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = topics
