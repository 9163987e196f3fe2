"""Risks of an establishment, its announcement card, the colours of places."""

import io
from typing import Any

import segno
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_POST

from bihuan.core.clock import local_date
from bihuan.core.places.selectors import map_below
from bihuan.safety.rules.risk import kinds_missing
from bihuan.safety.selectors import establishments as places
from bihuan.safety.selectors import risks as selectors
from bihuan.safety.selectors.risks import ColourRow
from bihuan.safety.services import risks as services
from bihuan.web.attempts import attempt
from bihuan.web.printing import printed
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.safety import colour_map
from bihuan.web.safety.forms.risks import EventForm, MeasureForm, ObjectForm
from bihuan.web.safety.papers import card_paper
from bihuan.web.table import Column, exported, wants_export

COLUMNS: tuple[Column[ColourRow], ...] = (
    Column(gettext_lazy("地方"), lambda row: row.place),
    Column(gettext_lazy("重大风险 红"), lambda row: dict(row.counts)["red"]),
    Column(gettext_lazy("较大风险 橙"), lambda row: dict(row.counts)["orange"]),
    Column(gettext_lazy("一般风险 黄"), lambda row: dict(row.counts)["yellow"]),
    Column(gettext_lazy("低风险 蓝"), lambda row: dict(row.counts)["blue"]),
    Column(gettext_lazy("未分级"), lambda row: dict(row.counts)[""]),
    Column(gettext_lazy("重大和较大占比"), colour_map.grave_share),
)


def _back(establishment_id: int) -> tuple[str, Any, int]:
    return "safety:risks", gettext_lazy("风险分级"), establishment_id


@page(duty="loop.read")
def colours(request: WorkRequest) -> HttpResponse:
    """The four colours of a place and of those below it: the map and the figures beside it."""
    drawn = _drawn(request)
    if wants_export(request):
        return exported(request, name="four-colours", columns=COLUMNS, rows=drawn.found.rows)
    return render(request, "safety/colours.html", {"map": drawn.found, "drawn": drawn})


@page(duty="loop.read")
def drawing(request: WorkRequest) -> JsonResponse:
    """What the map draws."""
    drawn = _drawn(request)
    below = map_below(drawn.found.place.pk, local_date(request.at))
    return JsonResponse(drawn.drawing(below))


def _drawn(request: WorkRequest) -> colour_map.Drawn:
    found = selectors.colours_by_place(by=request.actor, path=request.GET.get("under", ""))
    said = request.GET.get("by")
    return colour_map.Drawn(found, said if said == colour_map.SHARE else colour_map.HIGHEST)


@page(duty="loop.read")
def risks(request: WorkRequest, establishment_id: int) -> HttpResponse:
    """The risks of an establishment with their controls."""
    by = request.actor
    place = places.fetch_establishment(establishment_id=establishment_id, by=by)
    today = local_date(request.at)
    found = []
    for thing in selectors.objects(establishment_id=place.pk):
        lines = []
        for event in thing.events.all():
            measures = list(event.measures.all())
            counted = services.controls_of(measures, on=today)
            pairs = list(zip(measures, (one.valid for one in counted), strict=True))
            lines.append((event, pairs, kinds_missing(counted)))
        found.append((thing, lines))
    writes = place.owner_org_id == by.org_id or by.has("task.assign")
    shown = {"place": place, "objects": found, "writes": writes}
    return render(request, "safety/risks.html", shown)


@page(duty="loop.read")
def add_object(request: WorkRequest, establishment_id: int) -> HttpResponse:
    """A risk object."""
    by, at = request.actor, request.at
    place = places.fetch_establishment(establishment_id=establishment_id, by=by)
    listed = selectors.substances(at=at, scope=place.scope)
    form = ObjectForm(request.POST or None, listed=listed, at=at)
    row = attempt(
        form,
        lambda said: services.add_object(
            establishment_id=establishment_id, name=said["name"], substances=said["substances"],
            people=said["people"] or 0, by=by, at=at,
        ),
    )  # fmt: skip
    if row is not None:
        return redirect("safety:risks", establishment_id)
    shown = {"form": form, "title": _("风险对象"), "back": _back(establishment_id),
             "aid": "safety/partials/substances.html", "verb": _("登记风险对象")}  # fmt: skip
    return render(request, "safety/form.html", shown)


@page(duty="loop.read")
def add_event(request: WorkRequest, establishment_id: int, object_id: int) -> HttpResponse:
    """An event, graded by a method of the pack in force."""
    by, at = request.actor, request.at
    place = places.fetch_establishment(establishment_id=establishment_id, by=by)
    known = selectors.scales(at=at, scope=place.scope)
    form = EventForm(request.POST or None, scales=known, method=request.GET.get("method", ""),
                     at=at)  # fmt: skip
    ask: dict[str, Any] = {"object_id": object_id, "by": by, "at": at}
    if attempt(form, lambda _s: services.add_event(given=form.given(), **ask)):
        return redirect("safety:risks", establishment_id)
    shown = {"form": form, "title": _("风险事件"), "back": _back(establishment_id),
             "aid": "safety/partials/methods.html", "verb": _("分级")}  # fmt: skip
    return render(request, "safety/form.html", shown)


@page(duty="loop.read")
def add_measure(request: WorkRequest, establishment_id: int, event_id: int) -> HttpResponse:
    """A control of an event."""
    by, at = request.actor, request.at
    places.fetch_establishment(establishment_id=establishment_id, by=by)
    form = MeasureForm(request.POST or None, at=at)
    ask: dict[str, Any] = {"event_id": event_id, "by": by, "at": at}
    if attempt(form, lambda _s: services.add_measure(given=form.given(), **ask)):
        return redirect("safety:risks", establishment_id)
    shown = {"form": form, "title": _("管控措施"), "back": _back(establishment_id),
             "verb": _("登记管控措施")}  # fmt: skip
    return render(request, "safety/form.html", shown)


@page(duty="loop.read")
@require_POST
def measure(request: WorkRequest, measure_id: int) -> HttpResponse:
    """A control failed, or works again."""
    said = request.POST
    ask: dict[str, Any] = {"measure_id": measure_id, "by": request.actor, "at": request.at}
    failed = "reason" in said
    row = (
        services.fail_measure(reason=said["reason"], **ask)
        if failed
        else services.restore_measure(valid_to=None, **ask)
    )
    return redirect("safety:risks", row.event.object.establishment_id)


@page(duty="loop.read")
def card(request: WorkRequest, establishment_id: int) -> HttpResponse:
    """The announcement card for the gate: risks, controls, who answers, a code to report by."""
    by = request.actor
    found = places.establishment_detail(establishment_id=establishment_id, by=by)
    address = request.build_absolute_uri(f"{reverse('safety:report')}?at={found.token}")
    events = selectors.top_events(establishment_id=establishment_id)
    if "form" in request.GET:
        with override("zh-hans"):
            paper = card_paper(found, events, address, on=local_date(request.at), language="zh")
            return printed(paper, form=request.GET["form"], name=f"card-{establishment_id}")
    shown = {"found": found, "row": found.row, "events": events, "address": address,
             "code": _qr(address), "today": local_date(request.at)}  # fmt: skip
    return render(request, "safety/card.html", shown)


def _qr(address: str) -> str:
    """The address as a drawing that needs no style of its own."""
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", xmldecl=False, svgns=True, scale=4, svgclass=None, lineclass=None
    )
    return mark_safe(out.getvalue().decode())  # noqa: S308  drawn here from our own address
