"""Line lists of an event: bring one, map it, look, take it, take it back; a package to leave."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.core.errors import NotFound, Refused
from bihuan.core.evidence.tables import MOST_BYTES
from bihuan.core.packs import registry
from bihuan.epidemic.selectors import lists as selectors
from bihuan.epidemic.selectors import packages
from bihuan.epidemic.selectors.sight import fetch_event
from bihuan.epidemic.services import lists as services
from bihuan.epidemic.services.cases import edition_of
from bihuan.epidemic.services.handing import take_or_hand_over
from bihuan.web.attempts import attempt
from bihuan.web.investigation.forms import FileForm, MappingForm
from bihuan.web.investigation.packages import packed
from bihuan.web.messages import words_for
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.table import download


@page(duty="case.write")
def lists(request: WorkRequest, outbreak_id: int) -> HttpResponse:
    """Lists that the body brought to an event, and a new one."""
    by, at = request.actor, request.at
    event = fetch_event(event_id=outbreak_id, by=by)
    form = FileForm(request.POST or None, request.FILES or None, at=at)
    row = attempt(
        form,
        lambda said: services.stage_list(
            event_id=outbreak_id, file_name=said["file"].name,
            data=said["file"].read(MOST_BYTES + 1), by=by, at=at,
        ),
    )  # fmt: skip
    if row is not None:
        return redirect("investigation:line_list", row.pk)
    shown = {"event": event, "form": form, "rows": selectors.list_rows(event=event, by=by, at=at)}
    return render(request, "investigation/lists.html", shown)


@page(duty="case.write")
def line_list(request: WorkRequest, list_id: int) -> HttpResponse:
    """One list before it is taken: which column is what, what would happen, row by row."""
    by, at = request.actor, request.at
    row = selectors.fetch_list(list_id=list_id, by=by)
    if selectors.state_of(row) in {"taken", "undone"}:
        return redirect("investigation:lists", row.event_id)
    pack = edition_of(row.event, at)
    form = _mapping_form(request, row, pack)
    if attempt(form, lambda _s: services.map_list(
        list_id=list_id, mapping=form.mapping(), given=form.given(), by=by, at=at)):  # fmt: skip
        return redirect("investigation:line_list", list_id)
    shown = {"list": row, "form": form, "state": selectors.state_of(row), "pack": pack,
             "done": row.rows.count(), "titles": {k[4:]: f.label for k, f in form.fields.items()}}  # fmt: skip
    try:
        shown["preview"] = selectors.preview_list(row=row, pack=pack, by=by, at=at)
    except Refused as refused:
        shown["missing"] = words_for(refused)
    return render(request, "investigation/line_list.html", shown)


def _mapping_form(request: WorkRequest, row: Any, pack: Any) -> MappingForm:
    at = request.at
    heads, _lines = selectors.lines_of(row, at)
    given = dict(row.given)
    initial = {"place": selectors.place_code(row), "kind": given["kind"],
               "found_in": given["found_in"]}  # fmt: skip
    initial |= {f"col-{key}": head for key, head in row.mapping.items()}
    return MappingForm(
        request.POST or None, heads=heads, words=registry.edition(selectors.FAMILY, at),
        pack=pack, at=at, scope=request.actor.scope, initial=initial,
    )  # fmt: skip


@page(duty="case.write")
@require_POST
def deed(request: WorkRequest, list_id: int, deed: str) -> HttpResponse:
    """Take a list, at once or by the worker; or take it back."""
    by, at = request.actor, request.at
    row = selectors.fetch_list(list_id=list_id, by=by)
    if deed not in {"take", "undo"}:
        raise NotFound("not_found", deed=deed)
    try:
        if deed == "undo":
            done = services.undo_list(list_id=list_id, by=by, at=at)
            messages.success(request, _("已撤销 %(gone)d 例,保留 %(kept)d 例") % done.report)
        else:
            _take(request, row)
    except Refused as refused:
        messages.error(request, str(words_for(refused)))
        return redirect("investigation:line_list", list_id)
    return redirect("investigation:lists", row.event_id)


def _take(request: WorkRequest, row: Any) -> None:
    by, at = request.actor, request.at
    checked = [int(n) for n in request.POST.getlist("checked") if n.isdecimal()]
    done = take_or_hand_over(list_id=row.pk, checked=checked, by=by, at=at)
    if done.acted_at is None:
        messages.info(request, _("正在后台导入,完成后本页会显示。"))
        return
    messages.success(request, _("已导入 %(added)d 例,不采纳 %(refused)d 行") % done.report)


@page(duty="case.read")
def package(request: WorkRequest, outbreak_id: int) -> HttpResponse:
    """The line list and its links for R and Python, pseudonymous, with a dictionary."""
    by, at = request.actor, request.at
    event = fetch_event(event_id=outbreak_id, by=by)
    data = packed(cases=packages.list_rows(by=by, event=event, at=at),
                  links=packages.link_rows(by=by, event=event, at=at))  # fmt: skip
    return download(data, f"event-{outbreak_id}.zip", "application/zip")
