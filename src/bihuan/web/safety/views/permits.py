"""Restarts and conversions."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bihuan.core.errors import NotFound
from bihuan.safety.rules.permits import missing
from bihuan.safety.selectors.establishments import fetch_establishment
from bihuan.safety.selectors.permits import fetch_permit
from bihuan.safety.services import permits as services
from bihuan.safety.types import PermitKind
from bihuan.web.attempts import attempt
from bihuan.web.forms import WorkForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page

BACK = ("safety:establishments", gettext_lazy("企业场所"))


class PermitForm(WorkForm):
    """What leave is asked for."""

    kind = forms.ChoiceField(label=gettext_lazy("申请"), choices=PermitKind.choices)
    purpose = forms.CharField(
        label=gettext_lazy("复工范围或新用途"), max_length=120,
        help_text=gettext_lazy("例:二号线复工;体育馆改作方舱医院"),
    )  # fmt: skip
    new_workers = forms.IntegerField(
        label=gettext_lazy("新员工人数"), min_value=0, initial=0,
        help_text=gettext_lazy("全部培训后才能批准。"),
    )  # fmt: skip


@page(duty="loop.read")
def ask(request: WorkRequest, establishment_id: int) -> HttpResponse:
    """Ask for leave."""
    by, at = request.actor, request.at
    place = fetch_establishment(establishment_id=establishment_id, by=by)
    form = PermitForm(request.POST or None, at=at)
    told: dict[str, Any] = {"establishment_id": place.pk, "by": by, "at": at}
    row = attempt(form, lambda said: services.ask_permit(**said, **told))
    if row is not None:
        return redirect("safety:permit", row.pk)
    title = _("申请复工或改用:%(name)s") % {"name": place.venue.name}
    return render(request, "safety/form.html", {"form": form, "title": title, "back": BACK})


@page(duty="loop.read")
def permit(request: WorkRequest, permit_id: int) -> HttpResponse:
    """One permit: what is checked, what is missing."""
    row = fetch_permit(permit_id=permit_id, by=request.actor)
    judges = request.actor.has("problem.accept") and row.owner_org_id != request.actor.org_id
    lacks = missing(
        [line["fine"] for line in row.checks], new=row.new_workers, trained=row.trained_workers
    )
    shown = {"row": row, "judges": judges, "lacks": lacks}
    return render(request, "safety/permit.html", shown)


@page(duty="loop.read")
@require_POST
def deed(request: WorkRequest, permit_id: int, deed: str) -> HttpResponse:
    """Answer a check, tell how many are trained, grant."""
    told: dict[str, Any] = {"permit_id": permit_id, "by": request.actor, "at": request.at}
    said = request.POST
    trained = said.get("trained", "")
    deeds = {
        "answer": lambda: services.answer_check(
            key=said.get("key", ""), fine=said.get("fine") == "yes", **told
        ),
        "train": lambda: services.tell_trained(
            trained=int(trained) if trained.isdecimal() else -1, **told
        ),
        "grant": lambda: services.grant_permit(**told),
    }
    if deed not in deeds:
        raise NotFound("not_found", deed=deed)
    deeds[deed]()
    return redirect("safety:permit", permit_id)
