"""The reserve against its target: entered, retrained, set aside, never cut for lack of use."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.epidemic.selectors import beds
from bihuan.epidemic.selectors.reserves import rolls
from bihuan.epidemic.services import reserves as services
from bihuan.web.attempts import attempt
from bihuan.web.care.forms import ReserveForm, TargetForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page(duty="care.read")
def roll(request: WorkRequest) -> HttpResponse:
    """Every skill with its target; whoever manages enters people and targets."""
    by, at = request.actor, request.at
    said = request.POST or None
    entry = ReserveForm(said if said and "code" in said else None, orgs=beds.runners(by=by), at=at)
    target = TargetForm(said if said and "need" in said else None, at=at)
    entered = attempt(entry, lambda _s: services.enter_reserve(given=entry.given(), by=by, at=at))
    aimed = attempt(target, lambda told: services.set_target(**told, by=by, at=at))
    if entered is not None or aimed is not None:
        messages.success(request, _("已记录"))
        return redirect("care:reserves")
    shown = {"rolls": rolls(by=by, at=at), "entry": entry, "target": target,
             "manages": by.has("care.manage")}  # fmt: skip
    return render(request, "care/reserves.html", shown)


@page(duty="care.manage")
@require_POST
def mark(request: WorkRequest, reserve_id: int) -> HttpResponse:
    """Available, away for now, or left."""
    services.mark_reserve(
        reserve_id=reserve_id, mark=request.POST.get("mark", ""), by=request.actor, at=request.at
    )
    messages.success(request, _("已记录"))
    return redirect("care:reserves")
