"""What people fill in about the inside of a site or hospital."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from bihuan.core.clock import local_date
from bihuan.core.packs import registry
from bihuan.epidemic.services.support import Counted
from bihuan.epidemic.services.workers import NewShift
from bihuan.epidemic.services.zones import NewIncident
from bihuan.web.epidemic.forms import EpidemicForm, day_field
from bihuan.web.forms import MomentField, WorkForm
from bihuan.web.words import choices_of, measured, titled

Choices = list[tuple[str, Any]]


class RoundForm(WorkForm):
    """One choice and one line for each item of a checklist."""

    def __init__(self, *data: Any, items: Iterable[Mapping[str, Any]], at: datetime) -> None:
        super().__init__(*data, at=at)
        self.keys = [str(item["key"]) for item in items]
        for item in items:
            key = str(item["key"])
            self.fields[key] = forms.ChoiceField(
                label=titled(item), choices=[("yes", _("合格")), ("no", _("不合格"))],
                widget=forms.RadioSelect,
            )  # fmt: skip
            self.fields[f"note_{key}"] = forms.CharField(
                label=_("看到了什么"), max_length=200, required=False
            )

    def answers(self) -> dict[str, tuple[bool, str]]:
        """As the service takes them."""
        told = self.cleaned_data
        return {key: (told[key] == "yes", told[f"note_{key}"]) for key in self.keys}

    def lines(
        self, items: Iterable[Mapping[str, Any]]
    ) -> list[tuple[Mapping[str, Any], BoundField, BoundField]]:
        """Each item with its choice and its line, for the page."""
        return [(item, self[str(item["key"])], self[f"note_{item['key']}"]) for item in items]


class GroupForm(EpidemicForm):
    """How many of a group of staff work in a ward."""

    ward = forms.ChoiceField(label=_("病区"))
    group = forms.ChoiceField(label=_("人员组"), help_text=_("规则包定每组多少天检测一次。"))
    people = forms.IntegerField(label=_("人数"), min_value=0, max_value=10_000)

    def __init__(self, *data: Any, wards: list[str], at: datetime) -> None:
        super().__init__(*data, at=at)
        self.choose("ward", [(ward, ward) for ward in wards])
        self.choose("group", choices_of(registry.table("staff_group", at)))


class StaffTestForm(EpidemicForm):
    """How many of a group were tested on a day."""

    day = day_field(_("日期"))
    tested = forms.IntegerField(label=_("已检人数"), min_value=0, max_value=10_000)
    positive = forms.IntegerField(label=_("其中阳性"), min_value=0, max_value=10_000)

    def __init__(self, *data: Any, at: datetime) -> None:
        super().__init__(*data, at=at)
        self.fields["day"].initial = local_date(at)


class ZoneForm(EpidemicForm):
    """A zone of a house."""

    kind = forms.ChoiceField(label=_("分区类别"))
    name = forms.CharField(label=_("名称"), max_length=40, help_text=_("如“三楼”“东侧脱衣间”。"))

    def __init__(self, *data: Any, at: datetime) -> None:
        super().__init__(*data, at=at, auto_id="zone_%s")
        self.choose("kind", choices_of(registry.table("site_zone", at)))


class RoomsForm(EpidemicForm):
    """Rooms that lie in a zone."""

    zone_id = forms.ChoiceField(label=_("所在分区"))
    room_ids = forms.MultipleChoiceField(label=_("房间"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *data: Any, zones: Choices, rooms: Choices, at: datetime) -> None:
        super().__init__(*data, at=at, auto_id="rooms_%s")
        self.choose("zone_id", list(zones))
        self.choose("room_ids", list(rooms))


class IncidentForm(EpidemicForm):
    """Something that went wrong."""

    kind = forms.ChoiceField(label=_("事件类别"), help_text=_("类别决定答复期限。"))
    zone_id = forms.ChoiceField(label=_("所在分区"), required=False)
    happened_at = MomentField(label=_("发生时间"))
    text = forms.CharField(label=_("经过"), max_length=400, help_text=_("不写姓名,写房号或工号。"),
                           widget=forms.Textarea({"rows": 3}))  # fmt: skip

    def __init__(self, *data: Any, zones: Choices, at: datetime) -> None:
        super().__init__(*data, at=at, auto_id="incident_%s")
        self.choose("kind", choices_of(registry.table("incident_kind", at)))
        self.choose("zone_id", [("", _("不在某一分区")), *zones])
        self.fields["happened_at"].initial = at

    def given(self) -> NewIncident:
        """As the service takes it."""
        told = self.cleaned_data
        return NewIncident(
            told["kind"], told["text"], told["happened_at"], number_of(told["zone_id"])
        )


def number_of(said: str) -> int | None:
    """The number that a choice stands for; None for the empty one."""
    return int(said) if said else None


class CodesForm(EpidemicForm):
    """People by their staff numbers."""

    codes = forms.CharField(
        label=_("工号,空格分开"), widget=forms.Textarea({"rows": 2}), max_length=4000,
        help_text=_("用本单位工号,不填姓名。"),
    )  # fmt: skip

    def clean_codes(self) -> list[str]:
        """The numbers one by one."""
        return str(self.cleaned_data["codes"]).split()


class WorkersForm(CodesForm):
    """People come to work, or get another zone."""

    kind = forms.ChoiceField(label=_("岗位"))
    zone_id = forms.ChoiceField(label=_("固定分区"), required=False)

    def __init__(self, *data: Any, zones: Choices, at: datetime) -> None:
        super().__init__(*data, at=at, auto_id="enter_%s")
        self.choose("kind", choices_of(registry.table("staff_kind", at)))
        self.choose("zone_id", [("", _("不固定")), *zones])


class ModuleForm(CodesForm):
    """People passed a module."""

    module = forms.ChoiceField(label=_("培训模块"))
    passed_on = day_field(_("考核合格日期"))

    def __init__(self, *data: Any, at: datetime) -> None:
        super().__init__(*data, at=at, auto_id="pass_%s")
        rows = registry.table("training_module", at)
        self.choose("module", [
            (str(row["key"]), _("%(name)s(有效 %(n)s 天)") % {"name": titled(row), "n": row["days"]})
            for row in rows
        ])  # fmt: skip
        self.fields["passed_on"].initial = local_date(at)


class ShiftForm(EpidemicForm):
    """Somebody is to work in a zone."""

    code = forms.ChoiceField(label=_("工号"))
    zone_id = forms.ChoiceField(label=_("分区"))
    starts_at = MomentField(label=_("上岗"))
    ends_at = MomentField(label=_("下岗"), help_text=_("所需培训模块须在下岗之日仍然有效。"))

    def __init__(self, *data: Any, codes: Choices, zones: Choices, at: datetime) -> None:
        super().__init__(*data, at=at, auto_id="shift_%s")
        self.choose("code", list(codes))
        self.choose("zone_id", list(zones))
        self.fields["starts_at"].initial = at
        self.fields["ends_at"].initial = at + timedelta(hours=8)

    def given(self) -> NewShift:
        """As the service takes it."""
        told = self.cleaned_data
        return NewShift(told["code"], int(told["zone_id"]), told["starts_at"], told["ends_at"])


class HoldingForm(EpidemicForm):
    """What was counted."""

    resource = forms.ChoiceField(label=_("资源"))
    quantity = forms.FloatField(label=_("数量"), min_value=0)
    per_day = forms.FloatField(
        label=_("每日用量"),
        min_value=0,
        required=False,
        help_text=_("只用于消耗品,留空按预测需要算。"),
    )
    note = forms.CharField(
        label=_("来源或存放处"),
        max_length=120,
        required=False,
        help_text=_("如“液氧罐 2 个”“制氧机”。"),
    )

    def __init__(self, *data: Any, at: datetime) -> None:
        super().__init__(*data, at=at)
        rows = registry.table("care_resource", at)
        self.choose(
            "resource", [(str(row["key"]), f"{titled(row)} · {measured(row)}") for row in rows]
        )

    def given(self) -> Counted:
        """As the service takes it."""
        return Counted(**self.cleaned_data)
