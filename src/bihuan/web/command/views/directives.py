"""Directives: the list, one of them with its cascade, one demand of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bihuan.command import services
from bihuan.command.selectors import demands as book
from bihuan.command.selectors import reach
from bihuan.command.selectors.demands import demand_rows
from bihuan.command.selectors.directives import directive_list, directive_rows, receipts
from bihuan.command.selectors.figures import cascade
from bihuan.command.selectors.sight import fetch_demand, fetch_directive, watched_path
from bihuan.command.types import DirectiveRow
from bihuan.core.audit.selectors import timeline
from bihuan.core.loops.selectors import why
from bihuan.intake.selectors.review import document_of
from bihuan.web.command.forms import DirectiveFilter
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.table import Column, exported, wants_export

COLUMNS: tuple[Column[DirectiveRow], ...] = (
    Column(gettext_lazy("编号"), lambda row: row.number),
    Column(gettext_lazy("标题"), lambda row: row.title),
    Column(gettext_lazy("下达单位"), lambda row: row.issuer),
    Column(gettext_lazy("下达时间"), lambda row: row.issued_at),
    Column(gettext_lazy("要求"), lambda row: row.demands),
    Column(gettext_lazy("应分解"), lambda row: row.nodes),
    Column(gettext_lazy("已分解"), lambda row: row.answered),
    Column(gettext_lazy("逾期"), lambda row: row.overdue),
)
MOST_EXPORTED = 5_000


@page(duty="loop.read")
def directives(request: WorkRequest) -> HttpResponse:
    """Directives the post may see, newest first."""
    form = DirectiveFilter.read(request)
    told = {"text": form.said("text"), "side": form.said("side")}
    if wants_export(request):
        rows, _rest = directive_list(by=request.actor, at=request.at, size=MOST_EXPORTED, **told)
        return exported(request, name="directives", columns=COLUMNS, rows=rows)
    after = request.GET.get("after", "")
    rows, more = directive_list(by=request.actor, at=request.at, after=after, **told)
    return render(request, "command/directives.html", {"rows": rows, "after": more, "form": form})


DRAWN_S = 30  # how long the drawing of figures that were counted before is kept


@page(duty="loop.read")
def directive(request: WorkRequest, pk: int) -> HttpResponse:
    """One directive: demands with what became of them, the cascade, who has not answered."""
    by, at = request.actor, request.at
    found = fetch_directive(directive_id=pk, by=by)
    scope = reach.measured(found, by=by)
    path = watched_path(found, by=by)
    figures = cascade(found, scope, at=at) if scope is not None else None
    counted = figures.progress if figures is not None else None
    told = {
        "directive": found,
        "row": directive_rows([found], by=by, at=at)[0],
        "demands": SimpleLazyObject(  # not asked for while the drawing of a large cascade is kept
            lambda: demand_rows(directive_id=pk, path=path, at=at, counted=counted)
        ),
        "document": document_of(directive_id=pk, by=by),
        "history": timeline(subject=found.subject),
    }
    if figures is not None and scope is not None:
        kept = figures.at != at  # counted by the worker, not now
        told |= {
            "levels": figures.levels, "nodes": figures.nodes,
            "counted_at": figures.at if kept else None, "drawn_s": DRAWN_S if kept else 0,
            "receipts": receipts(directive_id=pk, path=scope.path),
        }  # fmt: skip
    return render(request, "command/directive.html", told)


@page(duty="loop.read")
@require_POST
def read(request: WorkRequest, pk: int) -> HttpResponse:
    """Confirm that the person has read a directive; it counts for nothing but that."""
    services.confirm_read(directive_id=pk, by=request.actor, at=request.at)
    messages.success(request, _("已记录阅知。传达不等于完成。"))
    return redirect("command:directive", pk)


@page(duty="loop.read")
def demand(request: WorkRequest, pk: int) -> HttpResponse:
    """One demand: how far down and wide it came, and why it is there."""
    by, at = request.actor, request.at
    found = fetch_demand(demand_id=pk, by=by)
    scope = reach.measured(found.directive, by=by, demand=found)
    rows = demand_rows(
        directive_id=found.directive_id, path=watched_path(found.directive, by=by), at=at
    )
    told = {
        "directive": found.directive, "row": next(row for row in rows if row.id == pk),
        "why": why(brief_id=found.brief_id),
        "levels": reach.level_reach(scope) if scope is not None else (),
        "document": document_of(directive_id=found.directive_id, by=by),
    }  # fmt: skip
    return render(request, "command/demand.html", told)


@page(duty="loop.read")
def citing(request: WorkRequest) -> HttpResponse:
    """What rests on a document: to be looked at again when a new edition comes (M010)."""
    basis = request.GET.get("basis", "")
    rows = book.citing(basis=basis, by=request.actor)
    return render(request, "command/citing.html", {"rows": rows, "basis": basis})
