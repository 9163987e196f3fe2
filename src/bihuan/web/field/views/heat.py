"""The heat campaign: today's results, forecasts typed or imported, the results told (M132)."""

from datetime import date, datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bihuan.core.clock import local_date
from bihuan.safety.rules.heat import COLUMNS
from bihuan.safety.selectors.heat import forecasts_ahead, heat_day
from bihuan.safety.services import heat as services
from bihuan.web.attempts import answering, attempt
from bihuan.web.field.forms import HeatForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.safety.tables import Intake, previewed, uploaded

PLAN = "supervise.plan"
INTAKE = Intake(
    "heat", gettext_lazy("导入气温预报"), COLUMNS, services.take_forecasts, "field:heat_import",
    "field:heat_preview", ("field:heat", gettext_lazy("高温专项")),
)  # fmt: skip


def _day(text: str, at: datetime) -> date:
    """The day in the address; today where there is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return local_date(at)


@page(duty="supervise.visit")
def heat(request: WorkRequest) -> HttpResponse:
    """How many sites were owed, checked, failed and not reached; the forecasts; a new one."""
    by, at = request.actor, request.at
    form = HeatForm(request.POST or None, at=at)
    made = attempt(form, lambda said: services.forecast_heat(by=by, at=at, **said))
    if made is not None:
        messages.success(request, _("已列入各镇街当天路线。"))
        return redirect("field:heat")
    found = heat_day(day=_day(request.GET.get("day", ""), at), by=by, at=at)
    shown = {
        "found": found, "ahead": forecasts_ahead(day=found.day, by=by), "form": form,
        "today": local_date(at), "over": at >= found.evening,
    }  # fmt: skip
    return render(request, "field/heat.html", shown)


@page(duty=PLAN)
@require_POST
def tell(request: WorkRequest) -> HttpResponse:
    """Answer the task of the day with the figures as they stand."""
    day = _day(request.POST.get("day", ""), request.at)
    with answering(request, _("已报结果,待验收。")):
        services.tell_results(day=day, by=request.actor, at=request.at)
    return redirect("field:heat")


@page(duty=PLAN)
def upload(request: WorkRequest) -> HttpResponse:
    """A table of forecasts."""
    return uploaded(request, INTAKE)


@page(duty=PLAN)
def preview(request: WorkRequest, upload_id: int) -> HttpResponse:
    """What the table would change."""
    return previewed(request, upload_id, INTAKE)
