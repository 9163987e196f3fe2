"""Demands stricter than their upper, and the consent they wait for."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.command import services
from bihuan.command.selectors.stricter import stricter_demands
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page(duty=("stricter.consent", "directive.issue"))
def stricter(request: WorkRequest) -> HttpResponse:
    """Stricter demands of the place and below."""
    rows = stricter_demands(by=request.actor, at=request.at)
    return render(request, "command/stricter.html", {"rows": rows})


@page(duty="stricter.consent")
@require_POST
def consent(request: WorkRequest, pk: int) -> HttpResponse:
    """Agree that a lower node may be stricter."""
    services.consent_to_stricter(brief_id=pk, by=request.actor, at=request.at)
    messages.success(request, _("已同意,从严措施继续有效至截止日。"))
    return redirect("command:stricter")
