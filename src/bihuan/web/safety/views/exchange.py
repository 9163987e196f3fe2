"""The records of the national dual-prevention exchange: give out, look, take in."""

import json
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from bihuan.core.packs import registry
from bihuan.safety.selectors.establishments import fetch_establishment
from bihuan.safety.selectors.exchange import WaitingEvent, waiting_event, waiting_events
from bihuan.safety.selectors.risks import scales
from bihuan.safety.services import exchange as services
from bihuan.safety.services import exchange_grading as grading
from bihuan.web.attempts import attempt
from bihuan.web.forms import WorkForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.safety.forms.exchange import TakeForm
from bihuan.web.safety.forms.risks import EventForm
from bihuan.web.words import choices_of


class ExchangeForm(WorkForm):
    """A file of records, and whose codes it speaks."""

    partner = forms.ChoiceField(label=gettext_lazy("隐患级别编码"))
    file = forms.FileField(
        label=gettext_lazy("JSON 文件"),
        help_text=gettext_lazy("六类记录:unit、event、measure、task、check、hazard,各为一个数组。"),
    )  # fmt: skip

    def __init__(self, *data: Any, partners: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*data, **options)
        field = self.fields["partner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = partners


@page(duty="loop.read")
def exchange(request: WorkRequest, establishment_id: int) -> HttpResponse:
    """Six kinds of records of a place: download, preview of an upload, the upload itself."""
    by, at = request.actor, request.at
    place = fetch_establishment(establishment_id=establishment_id, by=by)
    ask: dict[str, Any] = {"establishment_id": place.pk, "by": by, "at": at}
    if "partner" in request.GET:
        told = services.export_records(partner=request.GET["partner"], **ask)
        return HttpResponse(
            json.dumps(told, ensure_ascii=False, indent=1), content_type="application/json",
            headers={"Content-Disposition": f'attachment; filename="exchange-{place.pk}.json"'},
        )  # fmt: skip
    partners = choices_of(registry.table("exchange_partner", at))
    form = ExchangeForm(request.POST or None, request.FILES or None, partners=partners, at=at)
    act = services.import_records if "act" in request.POST else services.preview_records
    found = attempt(
        form,
        lambda said: act(data=said["file"].read(services.MOST_BYTES + 1),
                         partner=said["partner"], **ask),
    )  # fmt: skip
    kinds = dict(choices_of(registry.table("exchange_record", at)))
    shown = {
        "place": place, "form": form, "found": found, "partners": partners, "kinds": kinds,
        "done": "act" in request.POST, "mark": registry.edition("safety-exchange", at).mark,
        "waiting": waiting_events(place),
    }  # fmt: skip
    return render(request, "safety/exchange.html", shown)


@page(duty="loop.read")
def record(request: WorkRequest, establishment_id: int, record_id: int) -> HttpResponse:
    """An event that came: graded first, its measures taken up next."""
    by = request.actor
    place = fetch_establishment(establishment_id=establishment_id, by=by)
    found = waiting_event(place, record_id)
    ask = {"establishment_id": place.pk, "record_id": record_id, "by": by, "at": request.at}
    form: Any = _measures(request, found) if found.graded else _event(request, place, found)
    act: Any = grading.take_measures if found.graded else grading.grade_event
    if attempt(form, lambda _s: act(given=form.given(), **ask)) is not None:
        return redirect(_next(place, record_id))
    shown = {"place": place, "found": found, "form": form}
    return render(request, "safety/exchange_event.html", shown)


def _event(request: WorkRequest, place: Any, found: WaitingEvent) -> EventForm:
    known = scales(at=request.at, scope=place.scope)
    told = {"unit": found.unit, "name": found.name}
    return EventForm(request.POST or None, scales=known, method=request.GET.get("method", ""),
                     at=request.at, initial=told)  # fmt: skip


def _measures(request: WorkRequest, found: WaitingEvent) -> TakeForm:
    return TakeForm(request.POST or None, event=found, at=request.at)


def _next(place: Any, record_id: int) -> str:
    """The same event while measures of it wait, else the list."""
    if any(one.record.pk == record_id for one in waiting_events(place)):
        return reverse("safety:exchange_record", args=[place.pk, record_id])
    return reverse("safety:exchange", args=[place.pk])
