"""Fever visits at the door of an institution: taken in, triaged, tested, handed on by signature."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.core.errors import NotFound
from bihuan.epidemic.selectors import fever as rows
from bihuan.epidemic.services import fever as services
from bihuan.web.attempts import answering, attempt
from bihuan.web.care.forms import FeverForm, FeverTriageForm, ReceiverForm
from bihuan.web.care.views.facilities import number_in
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page(duty=("fever.do", "care.place"))
def visits(request: WorkRequest) -> HttpResponse:
    """The visits one answers for, and what waits for one's signature."""
    by, at = request.actor, request.at
    form = FeverForm(request.POST or None, at=at)
    row = attempt(form, lambda s: services.take_in(**s, by=by, at=at))
    if row is not None:
        return redirect("care:fever_visit", row.pk)
    shown = {"form": form, "rows": rows.visit_rows(by=by, at=at),
             "offers": rows.offered_to(by=by), "works": by.has("fever.do")}  # fmt: skip
    return render(request, "care/fever.html", shown)


@page(duty=("fever.do", "care.place"))
def visit(request: WorkRequest, visit_id: int) -> HttpResponse:
    """One visit: who owns it, its times, what may be done next."""
    by, at = request.actor, request.at
    row = rows.fetch_visit(visit_id=visit_id, by=by)
    ledger = rows.ledger_of_visit(row)
    waiting = [h for h in ledger if h.taken_at is None and h.refused_at is None]
    shown = {
        "visit": row, "ledger": ledger, "waiting": waiting[0] if waiting else None,
        "owns": by.has("fever.do") and row.org_id == by.org_id and row.closed_at is None,
        "awaits": by.has("fever.do") and row.org_id == by.org_id and rows.awaits_result(row),
        "triage_form": FeverTriageForm(at=at, initial={"level": row.triage, "waits_at": row.waits_at}),
        "receiver_form": ReceiverForm(at=at, receivers=rows.receivers(by=by)),
    }  # fmt: skip
    return render(request, "care/fever_visit.html", shown)


@page(duty="fever.do")
@require_POST
def deed(request: WorkRequest, visit_id: int, deed: str) -> HttpResponse:
    """Triage, a test, an offer, an end."""
    rows.fetch_visit(visit_id=visit_id, by=request.actor)
    if deed not in DEEDS:
        raise NotFound("not_found", deed=deed)
    with answering(request, _("已记录")):
        DEEDS[deed](request, visit_id)
    return redirect("care:fever_visit", visit_id)


@page(duty="fever.do")
@require_POST
def sign(request: WorkRequest, handover_id: int) -> HttpResponse:
    """Sign for a visit, or refuse with a reason."""
    refusal = request.POST.get("refusal", "")
    with answering(request, _("已拒收") if refusal.strip() else _("已签收")):
        services.sign_visit(handover_id=handover_id, refusal=refusal, by=request.actor,
                            at=request.at)  # fmt: skip
    return redirect("care:fever")


def _triage(request: WorkRequest, visit_id: int) -> None:
    said = request.POST
    services.triage(visit_id=visit_id, level=said.get("level", ""), by=request.actor,
                    waits_at=said.get("waits_at", ""), at=request.at)  # fmt: skip


def _test(request: WorkRequest, visit_id: int) -> None:
    services.note_test(visit_id=visit_id, result=request.POST.get("result", ""),
                       by=request.actor, at=request.at)  # fmt: skip


def _offer(request: WorkRequest, visit_id: int) -> None:
    services.offer_visit(visit_id=visit_id, to_org_id=number_in(request, "to_org"),
                         note=request.POST.get("note", ""), by=request.actor, at=request.at)  # fmt: skip


def _close(request: WorkRequest, visit_id: int) -> None:
    services.close_visit(visit_id=visit_id, outcome=request.POST.get("outcome", ""),
                         by=request.actor, at=request.at)  # fmt: skip


DEEDS: dict[str, Callable[[WorkRequest, int], None]] = {
    "triage": _triage, "test": _test, "offer": _offer, "close": _close,
}  # fmt: skip
