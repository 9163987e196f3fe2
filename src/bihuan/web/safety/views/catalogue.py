"""Sectors and kinds as data; how much of the base is known."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.safety.rules.sheet import columns_for
from bihuan.safety.selectors import catalogue as rows
from bihuan.safety.selectors import establishments as selectors
from bihuan.safety.selectors.tallies import place_counts
from bihuan.safety.services import catalogue as services
from bihuan.safety.services.checklists import load_checklists
from bihuan.web.attempts import attempt
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.safety.forms.registers import (
    KindForm,
    SectorForm,
    sector_choices,
)
from bihuan.web.table import Column, exported

BACK = ("safety:catalogue", gettext_lazy("行业与类别"))
# What a new kind begins with, to be changed: how a field is written is seen, not read about.
EXAMPLE = {
    "type": "object",
    "required": ["workers"],
    "properties": {
        "workers": {
            "type": "integer", "title": "从业人数", "title_en": "Workers", "unit": "人", "minimum": 0,
        },
        "inside": {"type": "boolean", "title": "室内", "title_en": "Indoors"},
    },
}  # fmt: skip


def language() -> str:
    """The reader's language."""
    return get_language() or ""


@page(duty=("loop.read", "people.manage"))
def catalogue(request: WorkRequest) -> HttpResponse:
    """Every sector with its department and figures, every kind with its fields."""
    counted = place_counts(by=request.actor).whole
    shown = {
        "sectors": rows.sector_rows(by=request.actor, counted=counted),
        "kinds": rows.kind_rows(counted=counted),
    }
    return render(request, "safety/catalogue.html", shown)


@page(duty="people.manage")
@require_POST
def load(request: WorkRequest) -> HttpResponse:
    """Load the shipped sectors and kinds that are not there yet."""
    done = services.load_catalogue(by=request.actor, at=request.at)
    lists = load_checklists(by=request.actor, at=request.at)
    told = {"s": done.sectors, "k": done.kinds, "c": lists}
    messages.success(request, _("新增行业 %(s)d 个、类别 %(k)d 个、检查表 %(c)d 张") % told)
    return redirect("safety:catalogue")


@page(duty="people.manage")
def sector(request: WorkRequest) -> HttpResponse:
    """A new sector."""
    by, at = request.actor, request.at
    form = SectorForm(request.POST or None, at=at)
    if attempt(form, lambda said: services.add_sector(**said, by=by, at=at)):
        return redirect("safety:catalogue")
    return render(request, "safety/form.html", {"form": form, "title": _("新增行业"), "back": BACK})


@page(duty="people.manage")
def kind(request: WorkRequest, code: str = "") -> HttpResponse:
    """A kind and its own fields, new or changed."""
    by, at = request.actor, request.at
    sectors = sector_choices(list(selectors.sectors()), language())
    known = _known(code) if code else {"schema": _text(EXAMPLE)}
    form = KindForm(request.POST or None, sectors=sectors, at=at, initial=known)
    if attempt(form, lambda _s: services.save_kind(given=form.given(), by=by, at=at)):
        return redirect("safety:catalogue")
    shown = {"form": form, "title": known.get("name", _("新增类别")), "back": BACK}
    return render(request, "safety/form.html", shown)


def _known(code: str) -> dict[str, Any]:
    row = selectors.fetch_kind(code)
    return {
        "code": row.code, "name": row.name, "name_en": row.name_en, "sector": row.sector_id,
        "schema": _text(row.schema),
    }  # fmt: skip


def _text(schema: Any) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2)


@page(duty="task.assign")
def template(request: WorkRequest, code: str) -> HttpResponse:
    """The empty table of a kind, with its headings in the reader's language."""
    row = selectors.fetch_kind(code)
    columns: list[Column[Any]] = [
        Column(column.title(language()), str) for column in columns_for(row.schema)
    ]
    return exported(request, name=code, columns=columns, rows=())


@page(duty="loop.read")
def base(request: WorkRequest) -> HttpResponse:
    """How much of the base is known, and what is not."""
    found = selectors.base(by=request.actor, path=request.GET.get("under", ""))
    return render(request, "safety/base.html", {"base": found})
