"""The import of a list of key venues with their four parties: a preview, then the act (M015)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.supervision.rules.tables import VENUES
from bihuan.supervision.services.venues import bring_venues, preview_venues
from bihuan.web.lists.forms import UploadForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.supervision.attempts import staged


@page(duty="task.assign")
def upload(request: WorkRequest) -> HttpResponse:
    """Upload a list; nothing is written yet."""
    form = UploadForm(request.POST or None, request.FILES or None, at=request.at)
    pk = staged(request, form, "venues")
    if pk is not None:
        return redirect("admin:venues_preview", pk)
    shown = {"form": form, "columns": VENUES.columns}
    return render(request, "admin/venues.html", shown, status=422 if form.errors else 200)


@page(duty="task.assign")
def preview(request: WorkRequest, upload_id: int) -> HttpResponse:
    """What the list would do; confirmed, it is done, and the empty slots are shown."""
    by, at = request.actor, request.at
    if request.method == "POST":
        done = bring_venues(upload_id=upload_id, by=by, at=at)
        told = {"added": done.added, "changed": done.changed, "refused": len(done.refusals)}
        words = _("已登记 %(added)d 处场所,补齐 %(changed)d 处,未采纳 %(refused)d 项")
        messages.success(request, words % told)
        return redirect(f"{reverse('situation:duties', args=[by.place_id])}?show=empty")
    report = preview_venues(upload_id=upload_id, by=by, at=at)
    shown = {"report": report, "back": "admin:venues", "title": _("导入预览")}
    return render(request, "supervision/preview.html", shown)
