"""People flows: arrivals against what gates can take, forecasts, and returns to be spread."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bihuan.core.evidence.tables import MOST_BYTES, read_tables
from bihuan.core.places.types import under
from bihuan.epidemic.selectors.flows import supply_of_rooms
from bihuan.sensing.selectors import flows as selectors
from bihuan.sensing.selectors.flows import GateRow, Outlook, Shortage
from bihuan.sensing.services import flows as services
from bihuan.web.attempts import answering, attempt
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.sensing.flow_forms import DayForm, ForecastForm, GateForm
from bihuan.web.table import Column, exported, wants_export

SHORTAGES: list[Column[Shortage]] = [
    Column(gettext_lazy("卡口"), lambda r: r.gate.name),
    Column(gettext_lazy("日期"), lambda r: r.day.day),
    Column(gettext_lazy("预计到达"), lambda r: r.day.expected),
    Column(gettext_lazy("通行能力"), lambda r: r.day.checks),
    Column(gettext_lazy("缺口"), lambda r: r.day.short),
    Column(gettext_lazy("检测缺口"), lambda r: r.day.untested),
    Column(gettext_lazy("提前天数"), lambda r: r.ahead),
]


@page(duty="flow.read", past=True)
def flows(request: WorkRequest) -> HttpResponse:
    """Which gate lacks how many on which day, and who plans to return; spread with `?spread=1`."""
    by, at = request.actor, request.at
    seen = selectors.outlook(by=by, at=at)
    if wants_export(request):
        return exported(request, name="flows", columns=SHORTAGES, rows=seen.shortages)
    shown: dict[str, Any] = {"seen": seen, "worst": _worst(seen), "rooms": _rooms(request),
             "writes": by.has("flow.write")}  # fmt: skip
    if request.GET.get("spread"):
        shown |= _spread(request, seen)
    return render(request, "sensing/flows.html", shown)


def _worst(seen: Outlook) -> GateRow | None:
    """The gate that is drawn: where most are above capacity, else where most arrive."""
    return max(seen.gates, key=lambda row: (row.short, row.expected), default=None)


def _rooms(request: WorkRequest) -> int | None:
    """Isolation rooms free in the coming days, for whoever sees figures of care."""
    if not request.actor.has("care.read"):
        return None
    supply = supply_of_rooms(by=request.actor, at=request.at)
    return max(supply.ready - max(supply.demand, default=0), 0)


def _spread(request: WorkRequest, seen: Outlook) -> dict[str, Any]:
    """Before and after, cell by cell where anything changes, and each move in words."""
    found = selectors.spread_of(seen, by=request.actor, at=request.at)
    names = {row.gate.pk: row.gate.name for row in seen.gates}
    cells = [
        (row.gate.name, day, found.after.get((day.day, row.gate.pk), day.expected))
        for row in seen.gates
        for day in row.days
    ]
    moves = [(names[one.origin[1]], one.origin[0], names[one.target[1]], one.target[0], one.n)
             for one in found.shifts]  # fmt: skip
    changed = [cell for cell in cells if cell[2] != cell[1].expected or cell[1].short]
    return {"spread": found, "cells": sorted(changed, key=lambda cell: (cell[0], cell[1].day)),
            "moves": moves, "left": sum(found.remainder.values())}  # fmt: skip


@page(duty="flow.write")
def fill(request: WorkRequest) -> HttpResponse:
    """Forecasts, looked at before they are taken."""
    by, at = request.actor, request.at
    form = ForecastForm(request.POST or None, request.FILES or None, at=at)
    keep = "keep" in request.POST

    def work(said: dict[str, Any]) -> tuple[str, services.Filled]:
        text = _text(said)
        return text, services.fill_forecast(text=text, keep=keep, by=by, at=at)

    text, filled = attempt(form, work) or ("", None)
    if filled is not None and keep:
        told = {"n": filled.added, "m": filled.changed}
        messages.success(request, _("已写入 %(n)d 行,更正 %(m)d 行") % told)
        return redirect("sensing:flows")
    shown = {"form": form, "filled": filled, "text": text}
    return render(request, "sensing/flow_fill.html", shown)


def _text(said: dict[str, Any]) -> str:
    """What was pasted, or the first sheet of the file."""
    file = said["file"]
    if file is None:
        return str(said["text"])
    rows = next(iter(read_tables(file.read(MOST_BYTES + 1), file.name).values()))
    return "\n".join(
        "\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in row) for row in rows
    )


@page(duty="flow.write")
def new_gate(request: WorkRequest) -> HttpResponse:
    """Register a gate."""
    by, at = request.actor, request.at
    form = GateForm(request.POST or None, at=at, scope=by.scope)
    if attempt(form, lambda _s: services.register_gate(given=form.given(), by=by, at=at)):
        messages.success(request, _("卡口已登记"))
        return redirect("sensing:flows")
    return render(request, "epidemic/form.html", {"form": form, "title": _("登记卡口")})


@page(duty="flow.read")
def gate(request: WorkRequest, gate_id: int) -> HttpResponse:
    """One gate day by day; what it can take on a day; returns asked to be spread."""
    by, at = request.actor, request.at
    row = selectors.fetch_gate(gate_id=gate_id, by=by)
    own = by.has("flow.write") and under(row.scope, by.scope)
    form = DayForm(request.POST if own and request.POST else None, at=at)
    if attempt(form, lambda _s: services.set_gate_day(
        gate_id=gate_id, given=form.given(), by=by, at=at)):  # fmt: skip
        messages.success(request, _("已记录"))
        return redirect("sensing:gate", gate_id)
    seen = selectors.outlook(by=by, at=at, gate=row)
    worst = next(iter(seen.gates), None)
    asks = selectors.asks_of(row=worst, by=by, at=at) if worst else ()
    shown = {"gate": row, "worst": worst, "own": own, "form": form, "seen": seen, "asks": asks,
             "plans": seen.plans, "asking": own and by.has("directive.issue")}  # fmt: skip
    return render(request, "sensing/gate.html", shown)


@page(duty="flow.read")
@require_POST
def ask(request: WorkRequest, gate_id: int) -> HttpResponse:
    """Make a department agree other days with its schools or enterprises."""
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        day = date.min
    with answering(request, _("错峰任务已交办")):
        services.ask_to_spread(
            gate_id=gate_id, day=day, side=request.POST.get("side", ""), by=request.actor,
            at=request.at,
        )  # fmt: skip
    return redirect("sensing:gate", gate_id)
