"""Hazards, orders, listings, reports from the public, near misses."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bihuan.core.loops.models import Grade
from bihuan.core.loops.services.proof import File
from bihuan.core.orgs.types import Actor
from bihuan.safety.rules.hazards import NO_CRITERION
from bihuan.safety.selectors.establishments import called
from bihuan.safety.selectors.hazards import UNGRADED, Wanted
from bihuan.safety.services.hazards import Commitments, Grading, NewHazard
from bihuan.safety.services.orders import NewOrder
from bihuan.safety.services.tips import NewTip, TipAnswer
from bihuan.safety.types import Category
from bihuan.web.forms import MomentField, WorkForm
from bihuan.web.supervision.forms import PostField, ScopedForm, day_field, lines_of
from bihuan.web.table import FilterForm
from bihuan.web.work.forms import FilesField

ANY = [("", _("全部"))]


class HazardFilter(FilterForm):
    """Narrows the list of hazards."""

    text = forms.CharField(label=_("隐患"))
    grade = forms.ChoiceField(
        label=_("级别"), choices=[*ANY, *Grade.choices, (UNGRADED, _("未定级"))]
    )
    stage = forms.ChoiceField(
        label=_("阶段"),
        choices=[*ANY, ("open", _("未销号")), ("overdue", _("已逾期")), ("closed", _("已销号")),
                 ("recheck", _("应复查"))],
    )  # fmt: skip
    sector = forms.ChoiceField(label=_("行业"))
    establishment = forms.CharField(widget=forms.HiddenInput)
    under = forms.CharField(widget=forms.HiddenInput)
    campaign = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *data: Any, sectors: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*data, **options)
        field = self.fields["sector"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*ANY, *sectors]

    def wanted(self) -> Wanted:
        """As the selectors take it."""
        return Wanted(**{name: self.said(name) for name in self.fields})


class HazardForm(WorkForm):
    """A hazard on the spot: short enough for a phone."""

    title = forms.CharField(label=_("隐患"), max_length=200)
    type_code = forms.CharField(
        label=_("类型"), required=False, max_length=60, help_text=_("同类隐患用同一个词。")
    )
    text = forms.CharField(label=_("具体情况"), required=False, widget=forms.Textarea({"rows": 2}))
    photos = FilesField(label=_("照片"), required=False)

    def given(self) -> NewHazard:
        """As the service takes it."""
        said = self.cleaned_data
        return NewHazard(said["title"], said["text"], said["type_code"])

    def proofs(self) -> tuple[File, ...]:
        """The photos handed in."""
        return tuple(File(file.name, file.chunks) for file in self.cleaned_data["photos"])


class GradeForm(ScopedForm):
    """Which criterion of its industry applies."""

    criterion = forms.ChoiceField(label=_("判定标准"), widget=forms.RadioSelect)
    interim = forms.CharField(
        label=_("临时管控措施"), required=False, widget=forms.Textarea({"rows": 2}),
        help_text=_("重大隐患自定级起就须有临时措施和责任岗位。"),
    )  # fmt: skip
    interim_post = PostField(label=_("临时措施责任岗位"), required=False)
    rehousing = forms.CharField(
        label=_("安置联系人"), required=False, max_length=200,
        help_text=_("有人住宿的,写明由谁帮助搬离和安置。"),
    )  # fmt: skip

    def __init__(self, *data: Any, criteria: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*data, **options)
        field = self.fields["criterion"]
        assert isinstance(field, forms.ChoiceField)
        none = (NO_CRITERION, _("都不适用:一般隐患"))
        field.choices = [*criteria, none]

    def given(self) -> Grading:
        """As the service takes it."""
        said = self.cleaned_data
        return Grading(said["criterion"], said["interim"], said["interim_post"], said["rehousing"])


class CommitmentForm(ScopedForm):
    """五落实."""

    measures = forms.CharField(label=_("整改措施"), widget=forms.Textarea({"rows": 2}))
    funds = forms.CharField(label=_("资金"), max_length=120)
    charged = PostField(label=_("责任人岗位"))
    finish_by = day_field(_("时限"))
    plan = forms.CharField(label=_("应急预案"), widget=forms.Textarea({"rows": 2}))

    def given(self) -> Commitments:
        """As the service takes it."""
        said = self.cleaned_data
        return Commitments(
            said["measures"], said["funds"], said["charged"], said["finish_by"], said["plan"]
        )


class OrderForm(WorkForm):
    """A stop-work order."""

    part = forms.CharField(
        label=_("停止范围"), max_length=120, help_text=_("例:全部作业、三号储罐、井下采掘")
    )
    reason = forms.CharField(label=_("事由"), widget=forms.Textarea({"rows": 2}))
    basis = forms.CharField(label=_("法律依据"), max_length=200)
    steps = forms.CharField(
        label=_("复工检查项"),
        widget=forms.Textarea({"rows": 4}),
        help_text=_("恢复之前要逐项查明什么。每行一项。"),
    )

    def given(self, hazard_id: int | None) -> NewOrder:
        """As the service takes it."""
        said = self.cleaned_data
        return NewOrder(
            said["part"], said["reason"], said["basis"], tuple(lines_of(said["steps"])), hazard_id
        )


class TipForm(WorkForm):
    """A report from the public: no name, no number, no account."""

    category = forms.ChoiceField(label=_("哪一类隐患"), choices=Category.choices)
    text = forms.CharField(
        label=_("情况"), widget=forms.Textarea({"rows": 4}), max_length=2000,
        help_text=_("只写隐患,不要写任何人的姓名、证件号或健康状况。"),
    )  # fmt: skip
    where = forms.CharField(label=_("地点"), required=False, max_length=200)
    place = forms.CharField(label=_("所在镇街"), required=False, max_length=64)
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def given(self, place_id: int | None) -> NewTip:
        """As the service takes it."""
        said = self.cleaned_data
        return NewTip(said["category"], said["text"], said["where"], place_id, said["token"])


class CodeForm(WorkForm):
    """The code that leads back to a report."""

    code = forms.CharField(label=_("查询码"), max_length=20)


class TipAnswerForm(WorkForm):
    """What was found and what is answered."""

    confirmed = forms.TypedChoiceField(
        label=_("核查结果"), coerce=lambda said: said == "yes",
        choices=[("yes", _("查实")), ("no", _("不属实"))],
    )  # fmt: skip
    answer = forms.CharField(
        label=_("答复"), widget=forms.Textarea({"rows": 3}), help_text=_("举报人凭查询码看到。")
    )
    place = forms.CharField(
        label=_("查实的场所"), required=False, max_length=120,
        help_text=_("登记的名称或证照编号。填写后，查实的举报同时登记为该处的隐患。"),
    )  # fmt: skip

    def __init__(self, *data: Any, by: Actor, placed: bool, **options: Any) -> None:
        super().__init__(*data, **options)
        self.by = by
        if placed:
            del self.fields["place"]

    def clean_place(self) -> int | None:
        """The one establishment of the area that is called so."""
        text = self.cleaned_data["place"].strip()
        if not text:
            return None
        found = called(text, by=self.by)
        if len(found) != 1:
            raise ValidationError(
                _("有几个同名的场所：请写证照编号。") if found
                else _("辖区内没有登记这个场所。无证的可以不填，或先登记。")
            )  # fmt: skip
        return found[0]

    def given(self) -> TipAnswer:
        """As the service takes it."""
        said = self.cleaned_data
        return TipAnswer(said["confirmed"], said["answer"], said.get("place"))


class NearMissForm(WorkForm):
    """What nearly happened."""

    text = forms.CharField(
        label=_("差点发生什么"), widget=forms.Textarea({"rows": 3}),
        help_text=_("不追究、不记名:报告越多,得分越高。"),
    )  # fmt: skip
    happened_at = MomentField(label=_("什么时候"), help_text=_("例:昨天 14:00"))
