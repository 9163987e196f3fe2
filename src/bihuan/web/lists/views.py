"""Three views of one graph, out to a file and back."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.core.clock import local_date
from bihuan.core.evidence.cells import Report
from bihuan.supervision.rules.tables import PROBLEMS, RESPONSIBILITIES, TASKS, Sheet
from bihuan.supervision.selectors import lists as selectors
from bihuan.supervision.selectors import sheets
from bihuan.supervision.services import lists as services
from bihuan.web.lists.forms import ListForm, ResponsibilityForm, UploadForm
from bihuan.web.lists.words import speaker, speakers
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.supervision.attempts import staged
from bihuan.web.table import XLSX, download


@page(duty="loop.read")
def problems(request: WorkRequest) -> HttpResponse:
    """The list of problems."""
    return _list(request, PROBLEMS, ListForm.read(request))


@page(duty="loop.read")
def tasks(request: WorkRequest) -> HttpResponse:
    """The list of tasks."""
    return _list(request, TASKS, ListForm.read(request))


@page(duty="loop.read")
def responsibilities(request: WorkRequest) -> HttpResponse:
    """The list of responsibilities."""
    return _list(request, RESPONSIBILITIES, ResponsibilityForm.read(request))


def _list(request: WorkRequest, sheet: Sheet, form: Any) -> HttpResponse:
    view = getattr(selectors, sheet.key)
    found = partial(view, by=request.actor, at=request.at, wanted=form.wanted())
    kind = request.GET.get("format")
    if kind == "csv":
        rows = selectors.every(found)
        language = get_language() or ""
        content = sheets.comma_separated(sheet, rows, language=language, say=speaker(language))
        return download(content, _name(request, sheet.key, "csv"), "text/csv; charset=utf-8")
    if kind == "xlsx":
        return workbook(request)
    listed = found(after=request.GET.get("after", ""))
    shown = {"form": form, "rows": listed.rows, "after": listed.after, "tab": sheet.key}
    return render(request, f"lists/{sheet.key}.html", shown)


@page(duty="loop.read")
def workbook(request: WorkRequest) -> HttpResponse:
    """All three lists, as narrowed, in one file."""
    wanted = ResponsibilityForm.read(request).wanted()
    found = selectors.everything(by=request.actor, at=request.at, wanted=wanted)
    language = get_language() or ""
    content = sheets.workbook(found, language=language, say=speaker(language))
    return download(content, _name(request, "lists", "xlsx"), XLSX)


def _name(request: WorkRequest, what: str, kind: str) -> str:
    return f"{what}-{local_date(request.at):%Y%m%d}.{kind}"


@page(duty="task.assign")
def upload(request: WorkRequest) -> HttpResponse:
    """Bring a file back."""
    form = UploadForm(request.POST or None, request.FILES or None, at=request.at)
    pk = staged(request, form, "lists")
    if pk is not None:
        return redirect("lists:preview", pk)
    return render(request, "lists/upload.html", {"form": form})


@page(duty="task.assign")
def preview(request: WorkRequest, upload_id: int) -> HttpResponse:
    """What the file would do; confirmed, it is done."""
    ask: dict[str, Any] = {
        "upload_id": upload_id,
        "by": request.actor,
        "at": request.at,
        "says": speakers(),
    }
    if request.method == "POST":
        done = services.act(**ask)
        messages.success(request, _done(done))
        return redirect("lists:problems")
    shown = {"report": services.preview(**ask), "back": "lists:upload", "title": _("导入预览")}
    return render(request, "supervision/preview.html", shown)


def _done(report: Report) -> str:
    told = {"added": report.added, "changed": report.changed, "refused": len(report.refusals)}
    words = _("已导入:新增 %(added)d 行,改动 %(changed)d 行,未采纳 %(refused)d 行")
    return words % told
