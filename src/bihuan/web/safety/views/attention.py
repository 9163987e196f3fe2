"""The attention watch: rates, allowances, the calendar of risks, zeros against denominators."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.core.clock import local_date
from bihuan.safety.selectors import attention as selectors
from bihuan.safety.services import attention as services
from bihuan.web.attempts import attempt
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.safety.forms.attention import (
    AllowanceForm,
    DayForm,
    DenominatorForm,
    PlacedForm,
)
from bihuan.web.safety.words import RATES
from bihuan.web.table import Column, exported, wants_export
from bihuan.web.words import measured, titled

BACK = ("safety:attention", gettext_lazy("警觉度"))
COLUMNS: tuple[Column[Any], ...] = (
    Column(gettext_lazy("指标"), lambda line: str(RATES[line[0]])),
    Column(gettext_lazy("周"), lambda line: line[1]),
    Column(gettext_lazy("数量"), lambda line: line[2]),
)


@page(duty="loop.read")
def attention(request: WorkRequest) -> HttpResponse:
    """Whether the string is still taut."""
    by, at = request.actor, request.at
    rates = selectors.rates(scope=by.scope, at=at)
    if wants_export(request):
        lines = [(rate.name, week, n) for rate in rates for week, n in rate.weeks]
        return exported(request, name="attention", columns=COLUMNS, rows=lines)
    shown = {
        "rates": [(rate, RATES[rate.name]) for rate in rates],
        "allowances": selectors.allowances(by=by, at=at),
        "days": selectors.calendar(by=by, at=at),
        "zeros": [(row, titled(row.kind), measured(row.kind))
                  for row in selectors.zeros(by=by, at=at)],
    }  # fmt: skip
    return render(request, "safety/attention.html", shown)


def _entered(
    request: WorkRequest, form: PlacedForm, title: str, work: Callable[[dict[str, Any]], Any]
) -> HttpResponse:
    if attempt(form, work) is not None:
        return redirect("safety:attention")
    return render(request, "safety/form.html", {"form": form, "title": title, "back": BACK})


@page(duty="supervise.plan")
def denominator(request: WorkRequest) -> HttpResponse:
    """How many a place has of what accidents are counted against."""
    by, at = request.actor, request.at
    known = {"year": local_date(at).year - 1}
    form = DenominatorForm(request.POST or None, by=by, at=at, initial=known)
    return _entered(
        request,
        form,
        _("事故率的分母"),
        lambda said: services.set_denominator(**said, by=by, at=at),
    )


@page(duty="supervise.plan")
def allowance(request: WorkRequest) -> HttpResponse:
    """A yearly target."""
    by, at = request.actor, request.at
    form = AllowanceForm(request.POST or None, by=by, at=at, initial={"year": local_date(at).year})
    return _entered(
        request, form, _("年度控制指标"), lambda said: services.set_allowance(**said, by=by, at=at)
    )


@page(duty="supervise.plan")
def day(request: WorkRequest) -> HttpResponse:
    """A day's risk."""
    by, at = request.actor, request.at
    form = DayForm(request.POST or None, by=by, at=at)
    return _entered(
        request, form, _("登记风险日"),
        lambda _said: services.set_day(given=form.given(), by=by, at=at),
    )  # fmt: skip
