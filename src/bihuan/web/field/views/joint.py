"""Offices that would come to one place on one day, and the one visit they agree on."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.core.errors import Conflict, NotFound
from bihuan.safety.selectors.joint import clashes, saved_visits
from bihuan.safety.services.joint import agree_to_visit, offer_visit, part_visit
from bihuan.web.attempts import answering
from bihuan.web.messages import words_for
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page

GOES = ("supervise.visit", "task.assign")  # whoever may have stops
_DEEDS: dict[str, Callable[..., Any]] = {"agree": agree_to_visit, "part": part_visit}


@page(duty=GOES)
def joint(request: WorkRequest) -> HttpResponse:
    """The clashes of the reader's office from today on, what was merged, and the visits spared."""
    by, at = request.actor, request.at
    shown = {"rows": clashes(by=by, at=at), "saved": saved_visits(by=by, at=at)}
    return render(request, "field/joint.html", shown)


@page(duty=GOES)
@require_POST
def offer(request: WorkRequest) -> HttpResponse:
    """Offer one visit; the stop that is chosen says who goes."""
    stop = request.POST.get("stop", "")
    if not stop.isdecimal() or len(stop) > 15:
        raise NotFound("joint.not_found", id=stop)
    try:
        row = offer_visit(stop_id=int(stop), by=request.actor, at=request.at)
    except Conflict as refused:
        messages.error(request, str(words_for(refused)))
    else:
        messages.success(
            request, _("已合并为一次。") if row.agreed_at else _("已提出合并,等对方同意。")
        )
    return redirect("field:joint")


@page(duty=GOES)
@require_POST
def deed(request: WorkRequest, visit_id: int, deed: str) -> HttpResponse:
    """Agree to a visit, or take it back."""
    work = _DEEDS.get(deed)
    if work is None:
        raise NotFound("not_found", deed=deed)
    with answering(request, _("已保存。")):
        work(visit_id=visit_id, by=request.actor, at=request.at)
    return redirect("field:joint")
