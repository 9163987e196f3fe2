"""What people fill in on the epidemic side. Choices come from the rule packs in force."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bihuan.core.packs import registry
from bihuan.core.packs.diseases import diseases
from bihuan.core.packs.types import Pack
from bihuan.core.vault.types import Identity
from bihuan.epidemic.services.corrections import Corrected
from bihuan.epidemic.services.spills import NewSpill
from bihuan.epidemic.types import AGES, Card, FoundIn, Illness, NewContact, OrderDraft, Origin
from bihuan.web.epidemic.words import SERVICES, UNITS
from bihuan.web.forms import DayInput, MomentField, PlaceField, WorkForm
from bihuan.web.words import choices_of, titled

RESIDENCE = _("镇街或社区的名称或代码,可从列表中选;外地的写全名或代码。")
AWAY = _("本系统没有的外省地方:先写病例的居住地,登记后在接触者页移交给对接单位。")


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A day, picked or typed."""
    return forms.DateField(label=label, widget=DayInput(), **options)


class EpidemicForm(WorkForm):
    """A form whose choices come from the rules."""

    def choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        """Give a field its choices."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def age_field() -> forms.ChoiceField:
    """An age group that somebody chose: none is set, a first one would be kept for everybody."""
    return forms.ChoiceField(
        label=_("年龄组"), choices=[("", "—"), *((band, band) for band in AGES)]
    )


class EventForm(EpidemicForm):
    """An event to be opened."""

    title = forms.CharField(label=_("事件名称"), max_length=120)
    disease = forms.ChoiceField(label=_("病种"))
    place = PlaceField(label=_("所在地"), help_text=_("写名称或代码,可从列表中选。"))

    def __init__(self, *data: Any, at: datetime, **options: Any) -> None:
        super().__init__(*data, at=at, **options)
        self.choose("disease", [(one.code, titled(one)) for one in diseases(at)])


class NamingForm(EpidemicForm):
    """Which disease an event turned out to be."""

    disease = forms.ChoiceField(label=_("病种"))
    basis = forms.CharField(
        label=_("依据"), max_length=200, help_text=_("例如实验室结果和日期。"),
        error_messages={"required": _("请写明依据:凭什么确定病种。")},
    )  # fmt: skip

    def __init__(self, *data: Any, at: datetime, **options: Any) -> None:
        super().__init__(*data, at=at, **options)
        self.choose("disease", [(one.code, titled(one)) for one in diseases(at)])


class PersonForm(EpidemicForm):
    """Somebody who goes into the vault."""

    name = forms.CharField(label=_("姓名"), max_length=50)
    id_number = forms.CharField(label=_("证件号码"), max_length=30, required=False)
    phone = forms.CharField(label=_("电话"), max_length=20, required=False)
    address = forms.CharField(label=_("住址"), max_length=200, required=False)
    born = day_field(_("出生日期"), required=False)
    place = PlaceField(label=_("居住地"), help_text=RESIDENCE)

    def person(self) -> Identity:
        """As the vault takes it."""
        told = self.cleaned_data
        born = told["born"].isoformat() if told["born"] else ""
        return Identity(told["name"], told["id_number"], told["phone"], told["address"], born)


class LookedField(forms.Field):
    """Codes of people somebody looked at and found to be others; kept through further refusals."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> frozenset[str]:
        """The codes."""
        return frozenset(code.strip().upper() for code in value or () if code.strip())


class CardForm(PersonForm):
    """A report card."""

    age_band = age_field()
    diagnosed_at = MomentField(label=_("诊断时间"))
    onset = day_field(_("发病日期"), required=False)
    findings = forms.MultipleChoiceField(
        label=_("判定项"), widget=forms.CheckboxSelectMultiple, required=False
    )
    found_in = forms.ChoiceField(label=_("发现方式"), choices=FoundIn.choices)
    origin = forms.ChoiceField(label=_("感染来源"), choices=Origin.choices)
    late_reason = forms.CharField(label=_("迟报原因"), max_length=400, required=False)
    other_than = LookedField(required=False)

    def __init__(self, *data: Any, pack: Pack, at: datetime, **options: Any) -> None:
        super().__init__(*data, at=at, **options)
        self.choose("findings", choices_of(pack.tables["criterion"]))

    def given(self, event_id: int) -> Card:
        """As the service takes it."""
        told = self.cleaned_data
        return Card(
            event_id=event_id, person=self.person(), place_id=told["place"],
            age_band=told["age_band"], diagnosed_at=told["diagnosed_at"],
            findings=frozenset(told["findings"]), found_in=told["found_in"], onset=told["onset"],
            origin=told["origin"], late_reason=told["late_reason"],
            other_than=frozenset(told["other_than"]),
        )  # fmt: skip


class ClassifyForm(EpidemicForm):
    """A class given by a person."""

    kind = forms.ChoiceField(label=_("分类"))
    findings = forms.MultipleChoiceField(
        label=_("判定项"), widget=forms.CheckboxSelectMultiple, required=False
    )
    reason = forms.CharField(label=_("理由"), max_length=400, required=False)

    def __init__(self, *data: Any, pack: Pack, at: datetime, **options: Any) -> None:
        super().__init__(*data, at=at, **options)
        self.choose("kind", [*choices_of(pack.tables["case_class"]), ("excluded", _("排除"))])
        self.choose("findings", choices_of(pack.tables["criterion"]))


class CorrectionForm(EpidemicForm):
    """What a card said of a case, and what an investigation knows now."""

    onset = day_field(_("发病日期"), required=False)
    found_in = forms.ChoiceField(label=_("发现方式"), choices=FoundIn.choices)
    origin = forms.ChoiceField(label=_("感染来源"), choices=Origin.choices)
    age_band = age_field()
    why = forms.CharField(
        label=_("更正理由"), max_length=200, error_messages={"required": _("请写明更正的理由。")}
    )

    def given(self) -> Corrected:
        """As the service takes it."""
        told = self.cleaned_data
        return Corrected(told["onset"], told["found_in"], told["origin"], told["age_band"])


class ContactForm(PersonForm):
    """A contact."""

    place = PlaceField(label=_("居住地"), help_text=format_lazy("{} {}", RESIDENCE, AWAY))
    exposure = forms.ChoiceField(label=_("接触方式"))
    first = day_field(_("首次接触"))
    last = day_field(_("末次接触"))

    def __init__(self, *data: Any, pack: Pack, at: datetime, **options: Any) -> None:
        super().__init__(*data, at=at, **options)
        self.choose("exposure", choices_of(pack.tables.get("exposure", ())))

    def given(self, case_id: int, via_id: int | None = None) -> NewContact:
        """As the service takes it."""
        told = self.cleaned_data
        return NewContact(case_id, self.person(), told["place"], told["exposure"], told["first"],
                          told["last"], via_id)  # fmt: skip


class IllnessForm(EpidemicForm):
    """A contact who fell ill."""

    age_band = age_field()
    onset = day_field(_("发病日期"), required=False)
    findings = forms.MultipleChoiceField(
        label=_("判定项"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *data: Any, pack: Pack, at: datetime) -> None:
        super().__init__(*data, at=at)
        self.choose("findings", choices_of(pack.tables["criterion"]))

    def given(self) -> Illness:
        """As the service takes it."""
        told = self.cleaned_data
        return Illness(told["age_band"], frozenset(told["findings"]), told["onset"])


class OrderForm(EpidemicForm):
    """A control order."""

    place = PlaceField(label=_("所在地"))
    level = forms.ChoiceField(label=_("分级"))
    unit = forms.ChoiceField(label=_("划定单元"), help_text=_("选能包住暴露的最小单元。"))
    area = forms.CharField(label=_("范围"), max_length=200)
    measures = forms.MultipleChoiceField(label=_("措施"), widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(label=_("天数"), min_value=1)
    services = forms.MultipleChoiceField(
        label=_("保障"), widget=forms.CheckboxSelectMultiple, choices=list(SERVICES.items())
    )
    help_line = forms.CharField(label=_("热线"), max_length=80)
    exceptions = forms.CharField(label=_("例外"), max_length=400)
    reason = forms.CharField(label=_("理由"), max_length=400)
    larger_reason = forms.CharField(label=_("为何更大范围"), max_length=400, required=False)
    last_case = day_field(_("末例日期"))
    households = forms.IntegerField(label=_("户数"), min_value=0, initial=0)
    people = forms.IntegerField(label=_("人数"), min_value=0, initial=0)
    enterprises = forms.IntegerField(label=_("企业数"), min_value=0, initial=0)
    outline = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)

    def __init__(self, *data: Any, pack: Pack, at: datetime, **options: Any) -> None:
        super().__init__(*data, at=at, **options)
        self.choose("level", choices_of(pack.tables.get("zone", ())))
        units = dict.fromkeys(u for row in pack.tables.get("zone", ()) for u in row["units"])
        self.choose("unit", [(unit, UNITS.get(unit, unit)) for unit in units])
        menu = registry.edition("response", at).tables["measure"]
        self.choose("measures", choices_of(menu))

    def given(self, event_id: int) -> OrderDraft:
        """As the service takes it."""
        told = dict(self.cleaned_data)
        place = told.pop("place")
        told["measures"], told["services"] = tuple(told["measures"]), tuple(told["services"])
        return OrderDraft(event_id=event_id, place_id=place, **told)


class TargetsForm(WorkForm):
    """Targets of a node's plan: a box for each kind of the pack; an empty one is no target."""

    def __init__(self, *data: Any, kinds: Any, held: dict[str, int], at: datetime) -> None:
        super().__init__(*data, at=at)
        for row in kinds:
            english = (get_language() or "").startswith("en")
            measure = row["measure_en" if english else "measure"]
            self.fields[row["key"]] = forms.IntegerField(
                label=f"{titled(row)} ({measure})", min_value=0, required=False,
                initial=held.get(row["key"]),
                help_text=_("必备") if row.get("required") else "",
                widget=forms.NumberInput({"inputmode": "numeric"}),
            )  # fmt: skip

    def given(self) -> dict[str, int]:
        """The targets that were stated."""
        return {key: n for key, n in self.cleaned_data.items() if n is not None}


class SpillForm(WorkForm):
    """Exposed people of an event went somewhere."""

    peer = forms.ChoiceField(label=_("对接单位"), required=False)
    place = forms.CharField(label=_("去向地编码"), max_length=12)
    exposed = forms.IntegerField(label=_("暴露人数"), min_value=1, initial=1)
    detected_at = MomentField(
        label=_("何时发现"), required=False, help_text=_("空着为现在。时限从这时算起。")
    )

    def __init__(self, *data: Any, peers: Any, at: datetime) -> None:
        super().__init__(*data, at=at)
        told = [("", _("本系统内")), *((str(p.pk), p.title) for p in peers)]
        self.fields["peer"].choices = told  # type: ignore[attr-defined]

    def given(self) -> NewSpill:
        """As the service takes it."""
        told = self.cleaned_data
        peer = int(told["peer"]) if told["peer"] else None
        return NewSpill(told["place"], told["exposed"], peer, told["detected_at"])


class JudgeForm(EpidemicForm):
    """A place and a day."""

    place = PlaceField(label=_("所在地"))
    day = day_field(_("日期"))


class AppealForm(WorkForm):
    """An appeal of anybody."""

    text = forms.CharField(
        label=_("情况和请求"), widget=forms.Textarea({"rows": 5}), max_length=2000
    )


class AnswerForm(WorkForm):
    """What is answered to an appeal."""

    answer = forms.CharField(
        label=_("答复"), widget=forms.Textarea({"rows": 2}), max_length=2000,
        error_messages={"required": _("请写明答复。")},
    )  # fmt: skip


class CodeForm(WorkForm):
    """The code of an appeal."""

    code = forms.CharField(label=_("查询码"), max_length=16)


class RecordForm(WorkForm):
    """Somebody asks who read their record."""

    code = forms.CharField(label=_("查询码"), max_length=20)
    phone = forms.CharField(label=_("电话"), max_length=20)


class EditionsForm(forms.Form):
    """A disease and two editions."""

    disease = forms.ChoiceField(label=_("病种"), required=False)
    old = forms.ChoiceField(label=_("原版本"), required=False)
    new = forms.ChoiceField(label=_("新版本"), required=False)
