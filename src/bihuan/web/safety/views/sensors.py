"""All-weather monitoring: sensors, the live board of alarms, one alarm with its log."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bihuan.core.errors import NotFound
from bihuan.safety.selectors import sensors as selectors
from bihuan.safety.selectors.establishments import fetch_establishment
from bihuan.safety.services import sensors as services
from bihuan.supervision.selectors.visits import posts_below
from bihuan.web.attempts import attempt
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.safety.forms.sensors import SensorFilter, SensorForm, ShutdownForm
from bihuan.web.table import Column, exported, wants_export

BACK = ("safety:sensors", gettext_lazy("监测点"))
COLUMNS: tuple[Column[Any], ...] = (
    Column(gettext_lazy("编号"), lambda row: row.code),
    Column(gettext_lazy("名称"), lambda row: row.name),
    Column(gettext_lazy("企业场所"), lambda row: row.establishment.venue.name),
    Column(gettext_lazy("最近读数"), lambda row: row.last_value),
    Column(gettext_lazy("计量单位"), lambda row: row.measure),
    Column(gettext_lazy("下限"), lambda row: row.low),
    Column(gettext_lazy("上限"), lambda row: row.high),
    Column(gettext_lazy("最近时间"), lambda row: row.last_at),
)
EXPORTED = 20_000


@page(duty="loop.read")
def sensors(request: WorkRequest) -> HttpResponse:
    """Every sensor the post may see."""
    form = SensorFilter.read(request)
    ask: dict[str, Any] = {"by": request.actor, "text": form.said("text"),
                           "establishment": form.said("establishment")}  # fmt: skip
    if wants_export(request):
        rows, _more = selectors.sensors(**ask, size=EXPORTED)
        return exported(request, name="sensors", columns=COLUMNS, rows=rows)
    rows, after = selectors.sensors(**ask, after=request.GET.get("after", ""))
    shown = {"form": form, "rows": rows, "after": after}
    return render(request, "safety/sensors.html", shown)


@page(duty="loop.read")
def sensor(request: WorkRequest, sensor_id: int) -> HttpResponse:
    """One sensor: its readings of the last hour, its alarms."""
    row = selectors.fetch_sensor(sensor_id=sensor_id, by=request.actor)
    shown = {
        "row": row, "readings": selectors.recent(row, at=request.at)[:60],
        "alarms": row.alarms.select_related("sensor__establishment__venue").order_by("-pk")[:20],
    }  # fmt: skip
    return render(request, "safety/sensor.html", shown)


@page(duty="loop.read")
def register(request: WorkRequest, establishment_id: int) -> HttpResponse:
    """A new measuring point."""
    by, at = request.actor, request.at
    place = fetch_establishment(establishment_id=establishment_id, by=by)
    form = SensorForm(request.POST or None, by=by, at=at)
    ask: dict[str, Any] = {"establishment_id": place.pk, "by": by, "at": at}
    row = attempt(form, lambda _s: services.register_sensor(given=form.given(), **ask))
    if row is not None:
        messages.success(request, _("已登记,从现在起没有读数也会报警"))
        return redirect("safety:sensor", row.pk)
    title = _("登记监测点:%(name)s") % {"name": place.venue.name}
    shown = {"form": form, "title": title, "back": BACK, "posts": posts_below(by=by)}
    return render(request, "safety/form.html", shown)


@page(duty="loop.read")
def alarms(request: WorkRequest) -> HttpResponse:
    """The board of alarms; it keeps itself up to date."""
    return render(
        request, "safety/alarms.html", {"board": selectors.board(by=request.actor, at=request.at)}
    )


@page(duty="loop.read")
def live(request: WorkRequest) -> HttpResponse:
    """The board's list if it changed since `mark`; else nothing, and the page stays."""
    if request.GET.get("mark", "") == selectors.board_mark(by=request.actor, at=request.at):
        return HttpResponse(status=204)
    found = selectors.board(by=request.actor, at=request.at)
    return render(request, "safety/partials/board.html", {"board": found})


@page(duty="loop.read")
def alarm(request: WorkRequest, alarm_id: int) -> HttpResponse:
    """One alarm: its clocks and the shutdown log."""
    return _alarm(request, alarm_id)


def _alarm(request: WorkRequest, alarm_id: int, form: ShutdownForm | None = None) -> HttpResponse:
    row = selectors.fetch_alarm(alarm_id=alarm_id, by=request.actor)
    shown = {
        "row": row, "acts": row.shutdown_acts.select_related("post").order_by("pk"),
        "form": form or ShutdownForm(at=request.at),
    }  # fmt: skip
    return render(request, "safety/alarm.html", shown)


@page(duty="loop.read")
@require_POST
def deed(request: WorkRequest, alarm_id: int, deed: str) -> HttpResponse:
    """Acknowledge, or write into the shutdown log."""
    ask: dict[str, Any] = {"alarm_id": alarm_id, "by": request.actor, "at": request.at}
    if deed == "acknowledge":
        services.acknowledge(**ask)
    elif deed == "shutdown":
        form = ShutdownForm(request.POST, at=request.at)
        if attempt(form, lambda _s: services.shutdown(**form.given(), **ask)) is None:
            return _alarm(request, alarm_id, form)
    else:
        raise NotFound("not_found", deed=deed)
    return redirect("safety:alarm", alarm_id)
