"""Forms of the administration."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.core.orgs.models import OrgKind, Post, Sector
from bihuan.web.admin.words import ROLES
from bihuan.web.forms import MomentField, WorkForm
from bihuan.web.table import FilterForm

ANY = [("", _("全部"))]


class PostFilter(FilterForm):
    """Narrows the posts."""

    text = forms.CharField(label=_("岗位、姓名或拼音"), max_length=60)
    role = forms.ChoiceField(label=_("类型"), choices=[*ANY, *ROLES.items()])
    holding = forms.ChoiceField(
        label=_("任职"), choices=[*ANY, ("held", _("在任")), ("vacant", _("空缺"))]
    )


class OrgFilter(FilterForm):
    """Narrows the bodies."""

    text = forms.CharField(label=_("名称"), max_length=60)
    kind = forms.ChoiceField(label=_("类别"), choices=[*ANY, *OrgKind.choices])


class AuditFilter(FilterForm):
    """Narrows the audit."""

    subject = forms.CharField(label=_("对象,例如 obligation:12"), max_length=80)
    actor = forms.CharField(label=_("人员或岗位"), max_length=80)
    action = forms.CharField(label=_("动作代码"), max_length=80)
    since = forms.CharField(label=_("起,例如 昨天"), max_length=40)
    until = forms.CharField(label=_("止,例如 今天 14:00"), max_length=40)


class OrgForm(WorkForm):
    """A new body."""

    code = forms.CharField(label=_("地方代码"), max_length=16)
    kind = forms.ChoiceField(label=_("类别"), choices=OrgKind.choices)
    name = forms.CharField(label=_("名称"), max_length=120)
    second_name = forms.CharField(
        label=_("第二名称"), max_length=120, required=False,
        help_text=_("例如领导小组同时是指挥部:一个机构,两个名称。"),
    )  # fmt: skip
    attached = forms.BooleanField(label=_("中直驻地单位,只接受省级协调"), required=False)


class SectorsForm(WorkForm):
    """Which sectors a department runs; one that another runs passes to it."""

    sectors = forms.MultipleChoiceField(
        label=_("主管行业"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("勾选别的部门正在主管的行业,即改由本部门主管。"),
    )  # fmt: skip

    def __init__(
        self, *data: Any, others: Mapping[str, str], english: bool, **options: Any
    ) -> None:
        super().__init__(*data, **options)
        name = "name_en" if english else "name"
        field = self.fields["sectors"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [
            (code, f"{told} ({others[code]})" if code in others else told)
            for code, told in Sector.objects.order_by("code").values_list("code", name)
        ]


class NewPostForm(WorkForm):
    """A new post of a body."""

    title = forms.CharField(label=_("岗位名称"), max_length=80)
    role = forms.ChoiceField(
        label=_("类型"), choices=ROLES.items(), help_text=_("职责由类型决定。")
    )
    order = forms.IntegerField(
        label=_("顺位"), min_value=0, max_value=99, initial=0,
        help_text=_("本机构内的代理顺序,0 为首位。"),
    )  # fmt: skip
    desk = forms.BooleanField(label=_("下达到本地的要求由此岗位接收"), required=False)


class AppointForm(WorkForm):
    """Who takes the post, from when."""

    name = forms.CharField(label=_("姓名"), max_length=50)
    starts = MomentField(label=_("任职时间"), help_text=_("例如 今天、3-29。现任者到此为止。"))


class LeaveForm(WorkForm):
    """When the present holder leaves."""

    ends = MomentField(label=_("免职时间"), help_text=_("此刻起不再拥有该岗位的任何权限。"))


class PortfolioForm(WorkForm):
    """Which sectors a post leads, and who stands above it."""

    sectors = forms.MultipleChoiceField(
        label=_("分管行业"), required=False, widget=forms.CheckboxSelectMultiple
    )
    leader_id = forms.TypedChoiceField(
        label=_("上级岗位"), required=False, coerce=int, empty_value=None,
        help_text=_("逾期事项沿此上报。"),
    )  # fmt: skip

    def __init__(self, *data: Any, colleagues: tuple[Post, ...], **options: Any) -> None:
        super().__init__(*data, **options)
        choices = {
            "sectors": list(Sector.objects.order_by("code").values_list("code", "name")),
            "leader_id": [("", "—"), *((post.pk, post.title) for post in colleagues)],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]


class AbsenceForm(WorkForm):
    """When a holder is away and why."""

    starts = MomentField(label=_("开始"))
    ends = MomentField(label=_("结束"), last=True)
    reason = forms.CharField(label=_("事由"), max_length=120)


class AccountForm(WorkForm):
    """A way to sign in for the holder."""

    username = forms.CharField(label=_("用户名"), max_length=60)
    password = forms.CharField(
        label=_("初始密码"), max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("请本人首次登录后更改。"),
    )  # fmt: skip


class BoundaryForm(WorkForm):
    """A GeoJSON file and where it comes from."""

    file = forms.FileField(label=_("GeoJSON 文件"))
    source = forms.CharField(
        label=_("来源与审图号"), max_length=200, help_text=_("会显示在每张地图下方。")
    )


class PopulationForm(WorkForm):
    """How many people live in a place, of a year, by a source."""

    year = forms.IntegerField(label=_("年份"))
    value = forms.IntegerField(label=_("常住人口"))
    source = forms.CharField(label=_("来源"), max_length=200)
