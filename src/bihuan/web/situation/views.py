"""The map of a place, the page of a node, its duties and repeats, the board."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bihuan.core.clock import local_date
from bihuan.core.errors import Refused
from bihuan.core.loops.counts import roll_up, totals
from bihuan.core.loops.stewardship import repeated_problems
from bihuan.core.orgs.services import record_personal_act, set_slot
from bihuan.core.orgs.services.parties import Holder
from bihuan.core.places.models import Place
from bihuan.core.places.selectors import map_below
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.situation import figures, picture
from bihuan.web.situation.board import board as board_of
from bihuan.web.situation.duties import duties as duties_of
from bihuan.web.situation.duties import venue_in_sight
from bihuan.web.situation.forms import ActForm, MapFilter, SlotForm
from bihuan.web.situation.lists import CHILD_COLUMNS
from bihuan.web.situation.node import crumbs, place_in_sight, problems_of
from bihuan.web.situation.node import node as node_of
from bihuan.web.situation.rights import SEES
from bihuan.web.table import exported, wants_export
from bihuan.web.work.loop_page import posts_for


@page(duty=SEES)
def here(request: WorkRequest) -> HttpResponse:
    """The page of the actor's own place."""
    return redirect("situation:node", request.actor.place_id)


@page(duty=SEES)
def map_here(request: WorkRequest) -> HttpResponse:
    """The map of the actor's own place."""
    return below(request, request.actor.place_id)


@page(duty=SEES)
def below(request: WorkRequest, pk: int) -> HttpResponse:
    """A place by its children: the map, the same figures as a table, one click down."""
    place = place_in_sight(place_id=pk, by=request.actor)
    form = MapFilter.read(request)
    found = _lines(place, form)
    if not found:
        return redirect("situation:node", pk)
    if wants_export(request):
        return exported(request, name="situation", columns=CHILD_COLUMNS, rows=found)
    return render(request, "situation/map.html", _shown(request, place, form, found))


def _shown(
    request: WorkRequest, place: Place, form: MapFilter, found: tuple[picture.Line, ...]
) -> dict[str, Any]:
    flow = form.said("flow")
    told = totals(path=place.path, flow=flow)
    return {
        "place": place, "form": form, "share": _share(form), "rows": picture.worst_first(found),
        "bands": picture.bands(picture.bounds_of([line.share for line in found])),
        "figures": figures.facts_of_place(place, told, flow=flow),
        "above": crumbs(place, by=request.actor, on=local_date(request.at)),
    }  # fmt: skip


def _share(form: MapFilter) -> str:
    return str(form.said("share") or picture.SHARES[0])


def _lines(place: Place, form: MapFilter) -> tuple[picture.Line, ...]:
    domain = form.said("domain")
    rows = roll_up(place_id=place.pk, flow=form.said("flow"), domains=[domain] if domain else [])
    return picture.lines(rows, _share(form))


@page(duty=SEES)
def drawing(request: WorkRequest, pk: int) -> JsonResponse:
    """What the chart of a place draws: a polygon and figures for each child."""
    place = place_in_sight(place_id=pk, by=request.actor)
    found = _lines(place, MapFilter.read(request))
    return JsonResponse(picture.drawing(found, map_below(place.pk, local_date(request.at))))


@page(duty=SEES)
def node(request: WorkRequest, pk: int) -> HttpResponse:
    """One node: bodies and holders, four ratios, loops, children, gaps, personal acts."""
    found = node_of(place_id=pk, by=request.actor, at=request.at)
    shown = {
        "node": found, "place": found.place, "above": found.above,
        "figures": figures.facts_of_place(found.place, found.totals),
        "ratios": figures.ratios_of(found.place, found.ratios),
        "problems": problems_of(found.place, by=request.actor),
        "empty": duties_of(path=found.place.path, at=request.at, show="empty", most=10),
        "act_form": ActForm(at=request.at) if _may_act(request, found.place) else None,
    }  # fmt: skip
    return render(request, "situation/node.html", shown)


def _may_act(request: WorkRequest, place: Place) -> bool:
    return request.actor.has("personal.act") and request.actor.place_id == place.pk


@page(duty="personal.act")
def act(request: WorkRequest) -> HttpResponse:
    """Record an act done in person at one's own place."""
    form = ActForm(request.POST or None, at=request.at)
    if form.is_valid():
        record_personal_act(by=request.actor, at=request.at, **form.cleaned_data)
        messages.success(request, _("已记录"))
        return redirect("situation:node", request.actor.place_id)
    return render(request, "situation/act.html", {"form": form}, status=422 if form.errors else 200)


@page(duty=SEES)
def duties(request: WorkRequest, pk: int) -> HttpResponse:
    """Duties of a place with their four parties: all, with an empty slot, or unsigned."""
    place = place_in_sight(place_id=pk, by=request.actor)
    show = request.GET.get("show", "")
    found = duties_of(path=place.path, at=request.at, show=show)
    shown = {"place": place, "found": found, "show": show}
    return render(request, "situation/duties.html", shown)


@page(duty=SEES)
def repeats(request: WorkRequest, pk: int) -> HttpResponse:
    """Problems that came back at the same place."""
    place = place_in_sight(place_id=pk, by=request.actor)
    rows = repeated_problems(path=place.path, at=request.at)
    return render(request, "situation/repeats.html", {"place": place, "rows": rows})


@page(duty="task.assign")
def slot(request: WorkRequest, pk: int) -> HttpResponse:
    """Name who stands in a slot of a venue."""
    venue = venue_in_sight(venue_id=pk, by=request.actor)
    posts = posts_for(scope=venue.scope, by=request.actor)
    start = {"party": request.GET.get("party", "")}
    form = SlotForm(request.POST or None, posts=posts, at=request.at, initial=start)
    if form.is_valid() and _filled(request, form, f"venue:{pk}", venue.scope):
        messages.success(request, _("已确定责任人"))
        return redirect("situation:duties", venue.place_id)
    shown = {"venue": venue, "form": form}
    return render(request, "situation/slot.html", shown, status=422 if form.errors else 200)


def _filled(request: WorkRequest, form: SlotForm, subject: str, scope: str) -> bool:
    said = form.cleaned_data
    holder = Holder(post_id=said["post"], text=said["text"])
    try:
        set_slot(
            subject=subject, scope=scope, party=said["party"], holder=holder,
            by=request.actor, at=request.at,
        )  # fmt: skip
    except Refused as refused:
        form.refuse(refused)
        return False
    return True


@page(duty=SEES)
def board(request: WorkRequest) -> HttpResponse:
    """What is out of control in the actor's place."""
    found = board_of(by=request.actor, at=request.at)
    shown = {"board": found, "figures": figures.facts_of_board(found)}
    return render(request, "situation/board.html", shown)
