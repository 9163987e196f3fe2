"""A unit's own gate, which it alone sees whole; and the counts that the node above it reads."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.command.selectors import gates as selectors
from bihuan.command.services import gates as services
from bihuan.command.types import ActKind
from bihuan.core.clock import local_date
from bihuan.core.errors import NotFound
from bihuan.web.attempts import attempt
from bihuan.web.forms import WorkForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.supervision.forms import day_field

KEEP = "gate.keep"
NUMBERS = forms.Textarea({"rows": 8, "spellcheck": "false", "autocomplete": "off"})


class RollForm(WorkForm):
    """The roll, by the unit's own staff numbers."""

    text = forms.CharField(
        label=gettext_lazy("全部在册工号"), widget=NUMBERS,
        help_text=gettext_lazy("用逗号、空格或换行分开。只写本单位工号,不写姓名、电话和证件号。"),
    )  # fmt: skip


class DeclareForm(WorkForm):
    """Who has declared on a day."""

    day = day_field(gettext_lazy("日期"))
    text = forms.CharField(
        label=gettext_lazy("已申报的工号"), widget=NUMBERS, required=False,
        help_text=gettext_lazy("缺报的工号只有本单位看得到;上级只看到人数。"),
    )  # fmt: skip
    ill = forms.IntegerField(
        label=gettext_lazy("报告身体不适的人数"), min_value=0, initial=0,
        help_text=gettext_lazy("只填人数,不写是谁。"),
    )  # fmt: skip


class EntranceForm(WorkForm):
    """An entrance."""

    name = forms.CharField(label=gettext_lazy("出入口名称"), max_length=60)


class WatchForm(WorkForm):
    """Who is on duty, how many visitors came."""

    day = day_field(gettext_lazy("日期"))
    on_duty = forms.CharField(label=gettext_lazy("值守人工号"), max_length=20)
    visitors = forms.IntegerField(label=gettext_lazy("来访人数"), min_value=0, initial=0)


class ActForm(WorkForm):
    """Staff trained, or offered a vaccination."""

    kind = forms.ChoiceField(label=gettext_lazy("事项"), choices=ActKind.choices)
    day = day_field(gettext_lazy("日期"))
    topic = forms.CharField(label=gettext_lazy("内容"), max_length=120)
    n = forms.IntegerField(
        label=gettext_lazy("人数"), min_value=1,
        help_text=gettext_lazy("只记人数,不记个人是否接种。"),
    )  # fmt: skip


FORMS: dict[str, tuple[type[WorkForm], Any, Callable[..., Any]]] = {
    "roll": (RollForm, gettext_lazy("在册工号"), services.keep_roll),
    "day": (DeclareForm, gettext_lazy("每日健康申报"), services.declare_day),
    "entrance": (EntranceForm, gettext_lazy("登记出入口"), services.open_entrance),
    "act": (ActForm, gettext_lazy("培训与接种服务"), services.note_act),
}  # fmt: skip
BACK = ("command:gate", gettext_lazy("看好自己的门"))


@page(duty=KEEP)
def gate(request: WorkRequest) -> HttpResponse:
    """Everything the unit keeps, with the numbers that are missing today."""
    found = selectors.own_gate(by=request.actor, at=request.at)
    return render(request, "command/gate.html", {"found": found})


@page(duty=KEEP)
def keep(request: WorkRequest, deed: str) -> HttpResponse:
    """Write the roll, the declarations of a day, an entrance, an act."""
    if deed not in FORMS:
        raise NotFound("not_found", deed=deed)
    kind, title, service = FORMS[deed]
    by, at = request.actor, request.at
    known: dict[str, Any] = {"day": local_date(at)}
    if deed == "roll":
        roll = selectors.own_gate(by=by, at=at).roll
        known["text"] = "\n".join(roll.numbers) if roll else ""
    form = kind(request.POST or None, at=at, initial=known)
    if attempt(form, lambda said: service(**said, by=by, at=at)) is not None:
        return redirect("command:gate")
    return render(request, "safety/form.html", {"form": form, "title": title, "back": BACK})


@page(duty=KEEP)
def watch(request: WorkRequest, entrance_id: int) -> HttpResponse:
    """Who is on duty at an entrance today."""
    by, at = request.actor, request.at
    entrance = selectors.fetch_entrance(entrance_id=entrance_id, by=by)
    form = WatchForm(request.POST or None, at=at, initial={"day": local_date(at)})

    def work(said: dict[str, Any]) -> Any:
        return services.keep_watch(entrance_id=entrance.pk, given=services.Watch(**said), by=by,
                                   at=at)  # fmt: skip

    if attempt(form, work) is not None:
        return redirect("command:gate")
    title = _("门岗:%(name)s") % {"name": entrance.name}
    return render(request, "safety/form.html", {"form": form, "title": title, "back": BACK})


@page(duty="epidemic.read")
def gates(request: WorkRequest) -> HttpResponse:
    """Every unit of the area by counts; no page here knows a staff number."""
    rows = selectors.unit_gates(by=request.actor, at=request.at)
    told = [one for one in rows if one.declared is not None]
    shown = {"rows": rows, "told": len(told), "staff": sum(one.staff for one in told),
             "declared": sum(one.declared or 0 for one in told), "today": request.at}  # fmt: skip
    return render(request, "command/gates.html", shown)
