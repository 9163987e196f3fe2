"""Outside registers against the list of supervised places."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.supervision.selectors import registers as selectors
from bihuan.supervision.selectors.plans import kinds
from bihuan.supervision.services import registers as services
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.supervision.attempts import staged
from bihuan.web.supervision.forms.uploads import RegisterForm


@page(duty="supervise.plan")
def registers(request: WorkRequest) -> HttpResponse:
    """Every comparison of the area."""
    rows = selectors.registers(by=request.actor, at=request.at)
    return render(request, "supervision/registers.html", {"rows": rows})


@page(duty="supervise.plan")
def upload(request: WorkRequest) -> HttpResponse:
    """A register to be compared, previewed first."""
    known = kinds(by=request.actor)
    form = RegisterForm(request.POST or None, request.FILES or None, kinds=known, at=request.at)
    pk = staged(request, form, "register", "source", "kind", "as_of")
    if pk is not None:
        return redirect("supervision:register_preview", pk)
    shown = {"form": form, "title": _("比对名册"), "note": _("表头须有“名称”,可有“地址”。")}
    return render(request, "supervision/form.html", shown)


@page(duty="supervise.plan")
def preview(request: WorkRequest, upload_id: int) -> HttpResponse:
    """What the comparison would list; confirmed, it is kept."""
    ask: dict[str, Any] = {"upload_id": upload_id, "by": request.actor, "at": request.at}
    if request.method == "POST":
        row, done = services.compare_register(**ask)
        messages.success(request, _("列出 %(n)d 个盲区对象") % {"n": done.added})
        return redirect("supervision:register", row.pk)
    report = services.preview_register(**ask)
    shown = {"report": report, "back": "supervision:register_upload", "title": _("比对预览")}
    return render(request, "supervision/preview.html", shown)


@page(duty="supervise.plan")
def register(request: WorkRequest, register_id: int) -> HttpResponse:
    """One comparison with its candidates."""
    row, candidates = selectors.register(register_id=register_id, by=request.actor, at=request.at)
    shown = {"row": row, "candidates": candidates}
    return render(request, "supervision/register.html", shown)


@page(duty="supervise.visit")
@require_POST
def decide(request: WorkRequest, candidate_id: int) -> HttpResponse:
    """End a candidate."""
    row = services.decide_candidate(
        candidate_id=candidate_id, decision=request.POST.get("decision", ""),
        reason=request.POST.get("reason", ""), by=request.actor, at=request.at,
    )  # fmt: skip
    return redirect("supervision:register", row.register_id)
