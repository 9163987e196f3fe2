"""The list of documents, and the way in for a new one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.command.selectors.sight import fetch_relay
from bihuan.core.errors import Refused
from bihuan.intake import services
from bihuan.intake.selectors import accuracy as selectors
from bihuan.intake.selectors.review import document_list
from bihuan.web.intake.forms import UploadForm, attached, typed
from bihuan.web.intake.words import FIELDS
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page(duty="directive.draft")
def documents(request: WorkRequest) -> HttpResponse:
    """Documents of the place and below, newest first."""
    rows, after = document_list(by=request.actor, after=request.GET.get("after", ""))
    return render(request, "intake/documents.html", {"rows": rows, "after": after})


@page(duty="directive.draft")
def accuracy(request: WorkRequest) -> HttpResponse:
    """How often the reader and the people agreed, field by field."""
    found = selectors.accuracy(by=request.actor)
    rows = [(FIELDS[one.field], one) for one in found.fields]
    return render(request, "intake/accuracy.html", {"found": found, "rows": rows})


@page(duty="directive.draft")
def new(request: WorkRequest) -> HttpResponse:
    """Upload or paste; `?relay=` when the communiqué answers a relay."""
    relay_id = _number(request.GET.get("relay", ""))
    relay = fetch_relay(relay_id=relay_id, by=request.actor) if relay_id is not None else None
    form = UploadForm(
        typed(request),
        attached(request),
        at=request.at,
    )
    if request.method == "POST" and form.is_valid():
        found = _uploaded(request, form, relay_id)
        if found is not None:
            return redirect("intake:document", found)
    status = 422 if form.errors else 200
    return render(request, "intake/new.html", {"form": form, "relay": relay}, status=status)


def _uploaded(request: WorkRequest, form: UploadForm, relay_id: int | None) -> int | None:
    """The first document of the upload; None when it was refused, with the reason in the form."""
    data, name = form.content()
    try:
        found = services.upload(
            data=data, name=name, by=request.actor, at=request.at, relay_id=relay_id
        )
    except Refused as refused:
        form.refuse(refused)
        return None
    if len(found) > 1:
        told = ngettext("文件里有 %(n)d 篇通稿,已分开。", "文件里有 %(n)d 篇通稿,已分开。",
                        len(found)) % {"n": len(found)}  # fmt: skip
        messages.info(request, told)
    if found[0].is_communique:
        messages.success(request, _("已读入,请逐条核对。"))
    return found[0].pk


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None
