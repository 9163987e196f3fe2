"""The last step: choose the nodes, see what it will open, send."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from bihuan.core.clock import local_date
from bihuan.core.errors import Refused
from bihuan.core.places.selectors import children
from bihuan.intake import services
from bihuan.intake.selectors.review import review
from bihuan.web.intake.forms import SendForm, typed
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page

AT_ONCE = 5_000  # more obligations than this are opened by the worker


@page(duty="directive.issue")
def send(request: WorkRequest, pk: int) -> HttpResponse:
    """Choose and preview (GET, again with each choice), then issue (POST)."""
    found = review(document_id=pk, by=request.actor)
    below = children(request.actor.place_id, local_date(request.at))
    chosen = request.GET.getlist("places") if "title" in request.GET else None
    title = request.GET.get("title") or found.document.title
    form = SendForm(
        typed(request), at=request.at, children=below,
        initial={"title": title, "places": chosen or [] if chosen is not None
                 else [place.id for place in below]},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        directive_id = _issued(request, pk, form)
        if directive_id is not None:
            return redirect("command:directive", directive_id)
    picked = tuple(int(text) for text in form["places"].value() or () if str(text).isdecimal())
    plan = services.planned(document_id=pk, place_ids=picked, by=request.actor, at=request.at)
    told = {"review": found, "form": form, "plan": plan, "picked": len(picked)}
    return render(request, "intake/send.html", told | {"at_once": plan.total <= AT_ONCE})


def _issued(request: WorkRequest, pk: int, form: SendForm) -> int | None:
    """The directive, sent at once or by the worker; None when refused, with the reason shown."""
    said = form.cleaned_data
    places = tuple(said["places"])
    by, at = request.actor, request.at
    plan = services.planned(document_id=pk, place_ids=places, by=by, at=at)
    write = services.issue if plan.total <= AT_ONCE else services.direct
    try:
        directive_id = write(document_id=pk, title=said["title"], place_ids=places, by=by, at=at)
    except Refused as refused:
        form.refuse(refused)
        return None
    if plan.total <= AT_ONCE:
        messages.success(request, _("已下达 %(n)d 项。") % {"n": plan.total})
        return directive_id
    app.configure_task("directives.send").defer(
        directive_id=directive_id, account_id=by.account_id, post_id=by.post_id
    )
    messages.info(request, _("正在后台下达 %(n)d 项,完成后本页会显示。") % {"n": plan.total})
    return directive_id
