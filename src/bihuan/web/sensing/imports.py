"""Counts from a file: bring it, look at what it would file, file it."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.core.errors import Refused
from bihuan.core.evidence.tables import MOST_BYTES
from bihuan.core.places.types import COUNTY
from bihuan.sensing.services import files as services
from bihuan.sensing.services.signals import detect
from bihuan.web.attempts import attempt
from bihuan.web.forms import WorkForm
from bihuan.web.messages import words_for
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page

TITLES = {
    "sentinel": gettext_lazy("哨点"), "day": gettext_lazy("日期"), "disease": gettext_lazy("病种"),
    "place": gettext_lazy("地区"), "n": gettext_lazy("例数"),
}  # fmt: skip


class CountsForm(WorkForm):
    """A table of counts."""

    file = forms.FileField(label=gettext_lazy("文件(CSV 或 XLSX)"))


@page(duty="sensing.report")
def bring(request: WorkRequest) -> HttpResponse:
    """A file of counts, previewed first."""
    form = CountsForm(request.POST or None, request.FILES or None, at=request.at)
    row = attempt(
        form,
        lambda said: services.stage_counts(
            file_name=said["file"].name, data=said["file"].read(MOST_BYTES + 1), by=request.actor,
            at=request.at,
        ),
    )  # fmt: skip
    if row is not None:
        return redirect("sensing:import_preview", row.pk)
    return render(request, "sensing/import.html", {"form": form})


@page(duty="sensing.report")
def preview(request: WorkRequest, file_id: int) -> HttpResponse:
    """What the file would file; confirmed, it is filed and judged at once."""
    by, at = request.actor, request.at
    row = services.fetch_file(file_id=file_id, by=by)
    shown: dict[str, object] = {"file": row, "titles": TITLES}
    try:
        if request.method == "POST":
            new = services.take_counts(file_id=file_id, by=by, at=at)
            detect(at=at, scope=by.scope[:COUNTY])
            messages.success(request, _("已报 %(n)d 个数") % {"n": new})
            return redirect("sensing:import")
        shown["preview"] = services.preview_counts(file_id=file_id, by=by, at=at)
    except Refused as refused:
        shown["missing"] = words_for(refused)
    return render(request, "sensing/import_preview.html", shown)
