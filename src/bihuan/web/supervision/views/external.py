"""Findings from outside: a list, its answers, the issuer's acceptance."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.core.errors import NotFound
from bihuan.supervision.selectors import external as selectors
from bihuan.supervision.services import external as services
from bihuan.web.lists.words import speakers
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.supervision.attempts import staged
from bihuan.web.supervision.forms.uploads import ExternalForm


@page(duty="loop.read")
def external(request: WorkRequest) -> HttpResponse:
    """Every list of the area."""
    rows = selectors.external_lists(by=request.actor, at=request.at)
    return render(request, "supervision/external.html", {"rows": rows})


@page(duty="problem.grade")
def upload(request: WorkRequest) -> HttpResponse:
    """A new list, to be previewed."""
    form = ExternalForm(request.POST or None, request.FILES or None, at=request.at)
    pk = staged(request, form, "external", "issuer", "document", "answer_by")
    if pk is not None:
        return redirect("supervision:external_preview", pk)
    shown = {
        "form": form,
        "title": _("载入反馈清单"),
        "note": _("表头须有“序号”和“问题”,可有“责任岗位”“领域”“类型”。"),
    }
    return render(request, "supervision/form.html", shown)


@page(duty="problem.grade")
def preview(request: WorkRequest, upload_id: int) -> HttpResponse:
    """What loading would do; confirmed, it is done."""
    ask: dict[str, Any] = {
        "upload_id": upload_id,
        "by": request.actor,
        "at": request.at,
        "says": speakers(),
    }
    if request.method == "POST":
        parent, done = services.load_findings(**ask)
        messages.success(request, _("已登记 %(n)d 个问题") % {"n": done.added})
        return redirect("supervision:findings", parent.pk)
    report = services.preview_findings(**ask)
    shown = {"report": report, "back": "supervision:external_upload", "title": _("反馈清单预览")}
    return render(request, "supervision/preview.html", shown)


@page(duty="loop.read")
def findings(request: WorkRequest, list_id: int) -> HttpResponse:
    """One list by number."""
    row, items = selectors.external_list(list_id=list_id, by=request.actor, at=request.at)
    return render(request, "supervision/findings.html", {"row": row, "items": items})


@page(duty="problem.accept")
@require_POST
def deed(request: WorkRequest, item_id: int, deed: str) -> HttpResponse:
    """Answer a finding, or record the issuer's acceptance."""
    ask: dict[str, Any] = {"item_id": item_id, "by": request.actor, "at": request.at}
    if deed == "answer":
        item = services.answer_finding(**ask, answer=request.POST.get("answer", ""))
    elif deed == "accept":
        item = services.accept_finding(**ask, document=request.POST.get("document", ""))
    else:
        raise NotFound("not_found", deed=deed)
    return redirect("supervision:findings", item.parent_id)
