"""The cascade: nodes below a place, and the missing ones by name."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from bihuan.command.selectors import reach
from bihuan.command.selectors.sight import fetch_demand, fetch_directive
from bihuan.command.types import MissingRow
from bihuan.core.errors import NotFound
from bihuan.web.requests import WorkRequest, is_htmx
from bihuan.web.rights import page
from bihuan.web.table import Column, exported, wants_export

COLUMNS: tuple[Column[MissingRow], ...] = (
    Column(_("地方"), lambda row: row.name),
    Column(_("上级"), lambda row: row.above),
    Column(_("状态"), lambda row: row.state),
    Column(_("期限"), lambda row: row.due_at),
)


@page(duty="loop.read")
def nodes(request: WorkRequest, pk: int, place_id: int) -> HttpResponse:
    """The places right below one, as a branch of the tree or as a page of their own."""
    directive = fetch_directive(directive_id=pk, by=request.actor)
    scope = reach.measured(directive, by=request.actor)
    if scope is None:
        raise NotFound("directive.not_found", id=pk)
    rows = reach.nodes(scope, parent_id=place_id, at=request.at)
    name = "command/partials/tree.html" if is_htmx(request) else "command/nodes.html"
    return render(request, name, {"directive": directive, "nodes": rows})


@page(duty="loop.read")
def missing(request: WorkRequest, pk: int) -> HttpResponse:
    """The places of `?level=` that have not taken `?step=`, by name; `?demand=` for one demand."""
    directive = fetch_directive(directive_id=pk, by=request.actor)
    number = request.GET.get("demand", "")
    demand = fetch_demand(demand_id=int(number), by=request.actor) if number.isdecimal() else None
    scope = reach.measured(directive, by=request.actor, demand=demand)
    if scope is None or (demand is not None and demand.directive_id != pk):
        raise NotFound("directive.not_found", id=pk)
    level, step = request.GET.get("level", ""), request.GET.get("step", "")
    rows = reach.missing(scope, level=level, step=step)
    if wants_export(request):
        return exported(request, name=f"missing-{pk}-{level}", columns=COLUMNS, rows=rows)
    told = {"directive": directive, "rows": rows, "level": level, "step": step, "demand": demand}
    return render(request, "command/missing.html", told)
