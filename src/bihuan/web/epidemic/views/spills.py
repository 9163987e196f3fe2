"""Notices outward: who must be told that somebody exposed went there, who was, who signed."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bihuan.core.errors import NotFound
from bihuan.core.packs import registry
from bihuan.core.places.types import under
from bihuan.epidemic.selectors import spills as selectors
from bihuan.epidemic.selectors.orders import order_rows
from bihuan.epidemic.selectors.sight import fetch_event
from bihuan.epidemic.selectors.spills import SpillRow
from bihuan.epidemic.services import spills as services
from bihuan.epidemic.services.peers import active_peers
from bihuan.web.attempts import answering, attempt
from bihuan.web.epidemic.forms import SpillForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.table import Column, exported, wants_export

LINES: list[Column[SpillRow]] = [
    Column(gettext_lazy("编号"), lambda r: r.spill.number),
    Column(gettext_lazy("疫情"), lambda r: r.spill.title),
    Column(gettext_lazy("去向"), lambda r: r.spill.peer.title if r.spill.peer else r.spill.place.name),
    Column(gettext_lazy("暴露人数"), lambda r: r.spill.exposed),
    Column(gettext_lazy("外溢病例"), lambda r: len(r.cases)),
    Column(gettext_lazy("发现"), lambda r: r.spill.detected_at),
    Column(gettext_lazy("时限"), lambda r: r.spill.due_at),
    Column(gettext_lazy("通报"), lambda r: r.spill.sent_at),
    Column(gettext_lazy("迟报原因"), lambda r: r.spill.late_reason),
    Column(gettext_lazy("签收"), lambda r: r.spill.acknowledged_at),
    Column(gettext_lazy("状态"), lambda r: r.standing.state),
]  # fmt: skip


@page(duty="epidemic.read")
def spills(request: WorkRequest) -> HttpResponse:
    """Notices that concern the reader's place: owed or sent to it, and sent by it."""
    by, at = request.actor, request.at
    out = selectors.spills_out(by=by, at=at)
    into = selectors.spills_in(by=by, at=at)
    if wants_export(request):
        return exported(request, name="spills", columns=LINES, rows=(*into, *out))
    shown = {"into": into, "out": out, "all": selectors.outward_of(out)}
    return render(request, "epidemic/spills.html", shown)


@page(duty="epidemic.read")
def of_event(request: WorkRequest, outbreak_id: int) -> HttpResponse:
    """Notices of one event, the missing first; look for more, or write one down by hand."""
    by, at = request.actor, request.at
    event = fetch_event(event_id=outbreak_id, by=by)
    form = SpillForm(request.POST if "place" in request.POST else None, peers=active_peers(), at=at)
    if by.has("case.write") and "find" in request.POST:
        with answering(request, _("已按病例和接触者核对")):
            services.find_spills(at=at, event_id=outbreak_id)
        return redirect("epidemic:event_spills", outbreak_id)
    row = attempt(form, lambda _s: services.note_exposed(
        event_id=outbreak_id, given=form.given(), by=by, at=at))  # fmt: skip
    if row is not None:
        return redirect("epidemic:spill", row.pk)
    rows = selectors.event_spills(event=event, by=by, at=at)
    orders = [
        one for one in order_rows(by=by, at=at, event_id=outbreak_id) if one.state == "in_force"
    ]
    shown = {
        "event": event, "rows": rows, "all": selectors.outward_of(rows), "form": form,
        "orders": orders, "limit": registry.clock(services.NOTICE, at, scope=event.scope,
                                                  disease=event.disease),
    }  # fmt: skip
    return render(request, "epidemic/event_spills.html", shown)


@page(duty="epidemic.read")
def spill(request: WorkRequest, spill_id: int) -> HttpResponse:
    """One notice, as its sender or as the node it concerns."""
    by, at = request.actor, request.at
    row = selectors.fetch_spill(spill_id=spill_id, by=by)
    ours = not row.incoming and under(row.sender_scope, by.scope)
    stands = selectors.standing_of(row, at)
    signs = any(by.has(duty) for duty in services.SIGNS) and row.scope == by.scope
    receives = signs and (row.incoming or row.peer_id is None)
    shown = {
        "row": row, "stands": stands, "ours": ours, "limit": registry.by_ref(row.due_rule),
        "cases": row.cases.select_related("case").order_by("found_at"),
        "may_send": ours and by.has("case.write") and stands.state in {"owed", "late", "more"},
        "may_sign": receives and row.sent_at is not None and stands.state != "received",
        "may_link": by.has("case.write") and under(row.scope, by.scope),
    }  # fmt: skip
    return render(request, "epidemic/spill.html", shown)


@page(duty="epidemic.read")
@require_POST
def deed(request: WorkRequest, spill_id: int, deed: str) -> HttpResponse:
    """Send a notice, sign for it, link a case found there."""
    selectors.fetch_spill(spill_id=spill_id, by=request.actor)
    by, at, said = request.actor, request.at, request.POST
    deeds: dict[str, Callable[[], object]] = {
        "send": lambda: services.send_notice(
            spill_id=spill_id, advice=said.get("advice", ""),
            late_reason=said.get("late_reason", ""), by=by, at=at),
        "acknowledge": lambda: services.acknowledge_notice(spill_id=spill_id, by=by, at=at),
        "case": lambda: services.link_case(
            spill_id=spill_id, number=said.get("number", ""), by=by, at=at),
    }  # fmt: skip
    if deed not in deeds:
        raise NotFound("not_found", deed=deed)
    with answering(request, _("已记录")):
        deeds[deed]()
    return redirect("epidemic:spill", spill_id)
