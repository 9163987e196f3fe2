"""Legal documents: issue them, print them."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import override
from django.views.decorators.http import require_POST

from bihuan.safety.selectors.writs import fetch_writ
from bihuan.safety.services import writs as services
from bihuan.web.printing import printed
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.safety.papers import writ_paper

CHINESE = "zh-hans"


@page(duty="problem.accept")
@require_POST
def hazard_writ(request: WorkRequest, hazard_id: int, deed: str) -> HttpResponse:
    """Issue the order to rectify, or the opinion of a re-check."""
    with override(CHINESE):
        services.issue_hazard_writ(hazard_id=hazard_id, kind=deed, by=request.actor, at=request.at)
    return redirect("safety:hazard", hazard_id)


@page(duty="problem.accept")
@require_POST
def order_writ(request: WorkRequest, order_id: int, deed: str) -> HttpResponse:
    """Issue the paper of a stop-work order, or of the restart."""
    with override(CHINESE):
        services.issue_order_writ(order_id=order_id, kind=deed, by=request.actor, at=request.at)
    return redirect("safety:order", order_id)


@page(duty="loop.read")
def writ(request: WorkRequest, writ_id: int) -> HttpResponse:
    """A document as PDF, or as a Word file with ?form=docx."""
    row = fetch_writ(writ_id=writ_id, by=request.actor)
    form = request.GET.get("form", "pdf")
    with override(CHINESE):
        return printed(writ_paper(row), form=form, name=f"writ-{row.pk}")
