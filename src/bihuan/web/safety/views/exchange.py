"""The records of the national dual-prevention exchange: give out, look, take in."""

import json
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from bihuan.core.packs import registry
from bihuan.safety.selectors.establishments import fetch_establishment
from bihuan.safety.services import exchange as services
from bihuan.web.forms import WorkForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.supervision.attempts import attempt
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
    }  # fmt: skip
    return render(request, "safety/exchange.html", shown)
