"""The page of one loop, and every deed on it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bihuan.core.errors import Refused
from bihuan.web.forms import WorkForm
from bihuan.web.messages import words
from bihuan.web.requests import WorkRequest, is_htmx
from bihuan.web.rights import page
from bihuan.web.work import desk
from bihuan.web.work.loop_page import LoopView, find_number, loop_view, posts_for
from bihuan.web.work.panels import Deed, Panel, panel_of


@page("post")
def loop(request: WorkRequest, pk: int) -> HttpResponse:
    """One loop: state and clock, what to do next, facts, proof, parties, timeline."""
    view = loop_view(obligation_id=pk, by=request.actor, at=request.at)
    return render(request, "work/loop.html", {"view": view, "row": view.detail.row})


@page("post")
def by_number(request: WorkRequest, number: str) -> HttpResponse:
    """A loop's permanent address by the number people say."""
    return redirect("work:loop", find_number(number=number, by=request.actor).pk)


@page("post")
def deed(request: WorkRequest, pk: int, name: str) -> HttpResponse:
    """Ask for what a deed needs (GET), or do it (POST); in a list's row or on the loop's page."""
    panel = panel_of(name)
    view = loop_view(obligation_id=pk, by=request.actor, at=request.at)
    form = _form(request, panel, view)
    if request.method == "POST" and form.is_valid() and _done(request, panel, view, form):
        return _answer_done(request, panel, pk)
    return _answer_asked(request, panel, view, form)


def _form(request: WorkRequest, panel: Panel, view: LoopView) -> WorkForm:
    options: dict[str, Any] = {"at": request.at}
    if panel.posts:
        options["posts"] = posts_for(scope=view.detail.row.scope, by=request.actor)
    if request.method == "POST":
        return panel.form(request.POST, request.FILES, **options)
    return panel.form(initial=panel.initial(view), **options)


def _done(request: WorkRequest, panel: Panel, view: LoopView, form: WorkForm) -> bool:
    """Do it; a refusal is shown in the form, or as the product shows all when there is none."""
    version = request.POST.get("version", "")
    done = Deed(
        view.detail.row.scope, view.detail.row.id, form, request.actor, request.at,
        int(version) if version.isascii() and version.isdigit() else None,
    )  # fmt: skip
    try:
        panel.run(done)
    except Refused as refused:
        if not form.fields:
            raise
        _refuse(form, refused)
        return False
    return True


def _refuse(form: WorkForm, refused: Refused) -> None:
    """Beside the field; of several files each at fault is named."""
    for name, code in refused.facts.get("refused", ()):  # type: ignore[attr-defined]
        form.add_error("photos", f"{name}:{words(code)}")
    form.refuse(refused)


def _answer_done(request: WorkRequest, panel: Panel, pk: int) -> HttpResponse:
    if is_htmx(request):
        row = desk.desk_row_of(obligation_id=pk, by=request.actor, at=request.at)
        return render(request, "work/partials/desk_row.html", {"row": row})
    messages.success(request, _("已办理:%(deed)s") % {"deed": panel.title})
    return redirect("work:loop", pk)


def _answer_asked(
    request: WorkRequest, panel: Panel, view: LoopView, form: WorkForm
) -> HttpResponse:
    shown = {"panel": panel, "form": form, "view": view, "row": view.detail.row}
    status = 422 if form.errors else 200
    if is_htmx(request):
        row = desk.desk_row(view.detail.row, by=request.actor)
        shown["row"] = row
        return render(request, "work/partials/desk_row.html", shown, status=status)
    return render(request, "work/loop.html", shown, status=status)
