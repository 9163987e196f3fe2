"""What people fill in about sites, beds and people in care."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bihuan.core.clock import local_date
from bihuan.core.orgs.models import Org
from bihuan.core.packs import registry
from bihuan.epidemic.services.facilities import NewFacility
from bihuan.epidemic.services.institutions import NewCheck
from bihuan.epidemic.services.reserves import NewReserve
from bihuan.epidemic.services.stays import Observed
from bihuan.epidemic.types import AGES
from bihuan.web.care.words import FORMS, KINDS, NEEDS_FOR, ROOMS
from bihuan.web.epidemic.forms import EpidemicForm, age_field, day_field
from bihuan.web.forms import WorkForm
from bihuan.web.words import choices_of


class FacilityForm(EpidemicForm):
    """A site or hospital; the choices of who runs it come from the view."""

    kind = forms.ChoiceField(label=_("类别"), choices=list(KINDS.items()))
    name = forms.CharField(label=_("名称"), max_length=120)
    org = forms.ChoiceField(label=_("运行单位"), help_text=_("在住人员只对该单位的照护岗位可见。"))
    activation_hours = forms.IntegerField(
        label=_("启用所需小时"), min_value=0, max_value=240, initial=24
    )
    departments = forms.MultipleChoiceField(
        label=_("专科"), widget=forms.CheckboxSelectMultiple, required=False
    )
    safety_number = forms.CharField(
        label=_("安全生产登记号"),
        max_length=40,
        required=False,
        help_text=_("隔离点也是安全监管对象。"),
    )

    def __init__(self, *data: Any, orgs: list[tuple[str, str]], at: datetime) -> None:
        super().__init__(*data, at=at)
        self.choose("org", list(orgs))
        self.choose("departments", choices_of(registry.table("department", at)))

    def given(self) -> NewFacility:
        """As the service takes it."""
        told = self.cleaned_data
        return NewFacility(told["kind"], told["name"], int(told["org"]), told["activation_hours"],
                           tuple(told["departments"]), told["safety_number"])  # fmt: skip


class RoomForm(EpidemicForm):
    """A room, or the beds of a kind in a ward."""

    code = forms.CharField(label=_("房号或床位组"), max_length=20)
    ward = forms.CharField(label=_("病区"), max_length=40, required=False)
    kind = forms.ChoiceField(label=_("类型"))
    beds = forms.IntegerField(label=_("床位"), min_value=1, max_value=2000, initial=1)
    convert_hours = forms.IntegerField(
        label=_("转换所需小时"),
        min_value=0,
        max_value=240,
        initial=0,
        help_text=_("0 表示现在可用。"),
    )

    def __init__(self, *data: Any, at: datetime) -> None:
        super().__init__(*data, at=at)
        self.choose("kind", [*ROOMS.items(), *choices_of(registry.table("bed_line", at))])


class ProofForm(EpidemicForm):
    """A check made on a day."""

    kind = forms.ChoiceField(label=_("证明类别"))
    day = day_field(_("检查日期"))
    reference = forms.CharField(label=_("检查编号或文号"), max_length=120)

    def __init__(self, *data: Any, at: datetime) -> None:
        super().__init__(*data, at=at)
        self.choose("kind", choices_of(registry.table("site_proof", at)))
        self.fields["day"].initial = local_date(at)


class ChargeForm(EpidemicForm):
    """Somebody is taken into care; the age of a case stands on its card already."""

    age_band = age_field()
    flags = forms.MultipleChoiceField(
        label=_("风险标记"), widget=forms.CheckboxSelectMultiple, required=False
    )
    carer = forms.CharField(
        label=_("照护人编号"),
        max_length=20,
        required=False,
        help_text=_("儿童须有照护人同住,如 SZ-2026-000012。"),
    )
    need = forms.ChoiceField(label=_("去处"), required=False, help_text=_("留空:按现行方案。"))
    deviation = forms.CharField(label=_("与方案不同的理由"), max_length=400, required=False)

    def __init__(self, *data: Any, at: datetime, of_case: bool) -> None:
        super().__init__(*data, at=at)
        self.choose("flags", choices_of(registry.table("risk", at)))
        self.choose("need", [("", _("按方案")), *NEEDS_FOR.items()])
        if of_case:
            del self.fields["age_band"]


class DecideForm(WorkForm):
    """The doctor decides."""

    need = forms.ChoiceField(label=_("去处"), choices=list(NEEDS_FOR.items()))
    deviation = forms.CharField(label=_("与方案不同的理由"), max_length=400, required=False)


class ObserveForm(WorkForm):
    """An observation."""

    spo2 = forms.IntegerField(label=_("血氧饱和度 %"), required=False)
    rr = forms.IntegerField(label=_("呼吸频率 次/分"), required=False)
    temp = forms.FloatField(label=_("体温 ℃"), required=False)
    drowsy = forms.BooleanField(label=_("嗜睡或意识改变"), required=False)
    tested = forms.BooleanField(label=_("今日做了核酸检测"), required=False)
    ct = forms.FloatField(label=_("Ct 值"), required=False, help_text=_("阴性留空。"))

    def given(self) -> Observed:
        """As the service takes it."""
        return Observed(**self.cleaned_data)


class ExtendForm(WorkForm):
    """Why a stay gets longer."""

    reason = forms.CharField(label=_("理由"), max_length=400)
    basis = forms.CharField(label=_("依据"), max_length=400)


class OwnForm(WorkForm):
    """Somebody asks about themselves."""

    code = forms.CharField(label=_("查询码"), max_length=20)
    phone = forms.CharField(label=_("电话"), max_length=20)


class ReserveForm(EpidemicForm):
    """Somebody trained, by the code of their own body."""

    org = forms.ChoiceField(label=_("单位"))
    skill = forms.ChoiceField(label=_("技能"))
    code = forms.CharField(
        label=_("人员代号"), max_length=20, help_text=_("用单位自己的代号,不填姓名。")
    )
    trained_on = day_field(_("最近培训"))
    call_up_minutes = forms.IntegerField(label=_("集结所需分钟"), min_value=1, max_value=10_080)

    def __init__(self, *data: Any, orgs: list[tuple[str, str]], at: datetime) -> None:
        super().__init__(*data, at=at)
        self.choose("org", list(orgs))
        self.choose("skill", choices_of(registry.table("reserve_skill", at)))

    def given(self) -> NewReserve:
        """As the service takes it."""
        told = self.cleaned_data
        return NewReserve(int(told["org"]), told["skill"], told["code"], told["trained_on"],
                          told["call_up_minutes"])  # fmt: skip


class TargetForm(EpidemicForm):
    """What the planning scenario needs of a skill."""

    skill = forms.ChoiceField(label=_("技能"))
    need = forms.IntegerField(label=_("需要人数"), min_value=1, max_value=100_000)
    core = forms.IntegerField(label=_("骨干人数"), min_value=0, max_value=100_000)
    scenario = forms.CharField(label=_("规划情景"), max_length=200)

    def __init__(self, *data: Any, at: datetime) -> None:
        super().__init__(*data, at=at, auto_id="target_%s")  # the page has another skill
        self.choose("skill", choices_of(registry.table("reserve_skill", at)))


class FeverForm(WorkForm):
    """Somebody with fever is at the door."""

    visit_no = forms.CharField(
        label=_("就诊号"), max_length=24, help_text=_("用本院就诊号,不填姓名。")
    )
    age_band = forms.ChoiceField(
        label=_("年龄组"), choices=[(band, band) for band in AGES], initial="15-44"
    )


class FeverTriageForm(EpidemicForm):
    """Where triage sends somebody, and where they wait."""

    level = forms.ChoiceField(label=_("分诊去向"))
    waits_at = forms.CharField(label=_("候诊地点"), max_length=60)

    def __init__(self, *data: Any, at: datetime, **options: Any) -> None:
        super().__init__(*data, at=at, **options)
        self.choose("level", choices_of(registry.table("fever_triage", at)))


class ReceiverForm(EpidemicForm):
    """Who is asked to take a visit over."""

    to_org = forms.ChoiceField(label=_("接收机构"))
    note = forms.CharField(label=_("转运方式"), max_length=200)

    def __init__(self, *data: Any, at: datetime, receivers: QuerySet[Org]) -> None:
        super().__init__(*data, at=at)
        self.choose("to_org", [(str(org.pk), org.name) for org in receivers])


class InstitutionForm(EpidemicForm):
    """An institution comes into the plan of checks, or into another class of risk."""

    org_id = forms.ChoiceField(label=_("机构"))
    kind = forms.ChoiceField(label=_("机构类别"))
    risk = forms.ChoiceField(label=_("风险等级"), help_text=_("决定检查间隔。"))

    def __init__(self, *data: Any, orgs: list[tuple[str, str]], at: datetime) -> None:
        super().__init__(*data, at=at)
        self.choose("org_id", list(orgs))
        self.choose("kind", choices_of(registry.table("institution_kind", at)))
        self.choose("risk", choices_of(registry.table("institution_risk", at)))


class CheckForm(EpidemicForm):
    """A check that was made."""

    form = forms.ChoiceField(
        label=_("检查方式"), choices=list(FORMS.items()), initial="unannounced"
    )
    day = day_field(_("检查日期"))
    triaged = forms.ChoiceField(
        label=_("暗访时门口是否预检分诊"),
        choices=[("", _("不是暗访")), ("yes", _("有")), ("no", _("没有"))],
        required=False,
    )
    passed = forms.ChoiceField(label=_("结论"), choices=[("yes", _("合格")), ("no", _("发现问题"))])
    findings = forms.CharField(label=_("检查发现"), max_length=400, required=False,
                               help_text=_("发现问题即开立问题,过三道关才能销号。"))  # fmt: skip

    def __init__(self, *data: Any, at: datetime) -> None:
        super().__init__(*data, at=at)
        self.fields["day"].initial = local_date(at)

    def given(self) -> NewCheck:
        """As the service takes it."""
        told = self.cleaned_data
        triaged = {"yes": True, "no": False}.get(told["triaged"])
        return NewCheck(told["form"], told["day"], told["passed"] == "yes", told["findings"],
                        triaged)  # fmt: skip
