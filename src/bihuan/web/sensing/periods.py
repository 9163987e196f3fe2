"""Festivals and key periods: the calendar of a year, one plan, its measures, its end."""

from typing import Any

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bihuan.core.clock import local_date
from bihuan.sensing.selectors import periods as selectors
from bihuan.sensing.selectors.periods import PeriodRow
from bihuan.sensing.services import periods as services
from bihuan.web.attempts import answering, attempt
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.sensing.period_forms import MeasureForm, PeriodForm, owners
from bihuan.web.sensing.words import PHASES
from bihuan.web.table import Column, exported, wants_export

PERIODS: list[Column[PeriodRow]] = [
    Column(gettext_lazy("时段"), lambda r: r.period.title),
    Column(gettext_lazy("地方"), lambda r: r.period.place.name),
    Column(gettext_lazy("状态"), lambda r: str(PHASES[r.phase][0])),
    Column(gettext_lazy("提前期开始"), lambda r: r.period.starts),
    Column(gettext_lazy("首日"), lambda r: r.period.first),
    Column(gettext_lazy("末日"), lambda r: r.period.last),
    Column(gettext_lazy("失效日"), lambda r: r.off_on),
    Column(gettext_lazy("任务"), lambda r: r.tasks.total),
    Column(gettext_lazy("办结"), lambda r: r.tasks.done),
    Column(gettext_lazy("逾期"), lambda r: r.tasks.overdue),
    Column(gettext_lazy("到期未办结"), lambda r: r.tasks.lapsed),
]
MONTHS = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)  # where each begins in the bar
YEARS = range(2000, 2100)


@page(duty="period.read")
def periods(request: WorkRequest) -> HttpResponse:
    """The calendar of a year: what runs, what lapses when, what is done and overdue."""
    by, at = request.actor, request.at
    today, said = local_date(at), request.GET.get("year", "")
    year = int(said) if said.isdecimal() and len(said) == 4 and int(said) in YEARS else today.year
    rows = selectors.period_rows(by=by, at=at, year=year)
    if wants_export(request):
        return exported(request, name=f"periods-{year}", columns=PERIODS, rows=rows)
    now = today.timetuple().tm_yday - 1 if today.year == year else None
    shown = {"rows": rows, "year": year, "before": year - 1, "next": year + 1, "now": now,
             "months": MONTHS, "running": [r for r in rows if r.phase in {"lead", "during", "after"}],
             "plans": by.has("period.plan")}  # fmt: skip
    return render(request, "sensing/periods.html", shown)


@page(duty="period.plan")
def new_period(request: WorkRequest) -> HttpResponse:
    """A draft, with the measures of its kind."""
    form = PeriodForm(request.POST or None, at=request.at)
    row = attempt(
        form,
        lambda _s: services.draw_period(given=form.given(), by=request.actor, at=request.at),
    )
    if row is not None:
        messages.success(request, _("草案已建立。核对措施后启用。"))
        return redirect("sensing:period", row.pk)
    return render(request, "epidemic/form.html", {"form": form, "title": _("新建重点时段方案")})


@page(duty="period.read")
def period(request: WorkRequest, period_id: int) -> HttpResponse:
    """One plan: measures and their tasks, the year before, and who is late."""
    by, at = request.actor, request.at
    found = selectors.period_detail(period_id=period_id, by=by, at=at)
    chosen = request.GET.get("measure", "")
    tasks, after = selectors.task_page(
        period=found.row.period, by=by, measure=chosen, after=request.GET.get("after", "")
    )
    shown = {"plan": found, "row": found.row, "period": found.row.period, "tasks": tasks,
             "after": after, "chosen": chosen, "owners": owners(), "months": MONTHS,
             "sides": [found.now, *([found.before] if found.before else [])]}  # fmt: skip
    return render(request, "sensing/period.html", shown)


@page(duty="period.plan")
def measure(request: WorkRequest, period_id: int) -> HttpResponse:
    """Change a measure of a draft (`?measure=`), add one, or take it out."""
    by, at = request.actor, request.at
    row = selectors.fetch_period(period_id=period_id, by=by)
    held = selectors.measure_of(period=row, said=request.GET.get("measure", ""))
    ask: dict[str, Any] = {"period_id": period_id, "by": by, "at": at}
    if "drop" in request.POST and held is not None:
        with answering(request, _("已去掉")):
            services.drop_measure(measure_id=held.pk, **ask)
        return redirect("sensing:period", period_id)
    form = MeasureForm(request.POST or None, at=at, initial=held and model_to_dict(held))
    ask["measure_id"] = held.pk if held else None
    if attempt(form, lambda _s: services.keep_measure(given=form.given(), **ask)):
        messages.success(request, _("已保存"))
        return redirect("sensing:period", period_id)
    shown = {"form": form, "period": row, "held": held}
    return render(request, "sensing/period_measure.html", shown)


@page(duty="period.plan")
@require_POST
def set_plan(request: WorkRequest, period_id: int) -> HttpResponse:
    """Let the plan hold; where the lead has begun, its tasks open at once."""
    with answering(request, _("方案已启用,任务在提前期第一天开始")):
        services.set_period(period_id=period_id, by=request.actor, at=request.at)
    return redirect("sensing:period", period_id)


@page(duty="period.plan")
@require_POST
def end_plan(request: WorkRequest, period_id: int) -> HttpResponse:
    """End all measures now, with a reason; the review opens."""
    with answering(request, _("措施已全部结束,复盘任务已开始")):
        services.end_period(
            period_id=period_id, reason=request.POST.get("reason", ""), by=request.actor,
            at=request.at,
        )  # fmt: skip
    return redirect("sensing:period", period_id)
