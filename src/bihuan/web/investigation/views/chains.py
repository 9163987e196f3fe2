"""Chains of an event: the picture on a time axis, tables beside, tracing, clusters."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from bihuan.core.clock import local_date
from bihuan.core.places.selectors import map_below
from bihuan.core.places.types import PlaceMap
from bihuan.epidemic.rules.chains import above, below
from bihuan.epidemic.selectors.clusters import cluster_rows
from bihuan.epidemic.selectors.sight import fetch_event
from bihuan.web.investigation.drawing import drawn
from bihuan.web.investigation.mapping import mapped, place_lines
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page

if TYPE_CHECKING:  # the site starts half a second sooner without the numerics
    from bihuan.epidemic.analysis.chains import Picture


@page(duty="case.read", past=True)
def chains(request: WorkRequest, outbreak_id: int) -> HttpResponse:
    """The transmission graph with its chains, the unlinked named, clusters and the race."""
    from bihuan.epidemic.analysis.chains import picture_of

    by, at = request.actor, request.at
    event = fetch_event(event_id=outbreak_id, by=by)
    picture = picture_of(event=event, by=by, at=at)
    told: dict[str, Any] = {
        "event": event, "picture": picture, "files": cluster_rows(event=event, by=by, at=at),
    }  # fmt: skip
    if picture.cases:
        told |= _traced(request, picture)
        told["lines"] = place_lines(
            picture.cases, _below(event, at), day=told["day"], elsewhere=_("其他地方")
        )
    return render(request, "investigation/chains.html", told)


@page(duty="case.read", past=True)
def chain_map(request: WorkRequest, outbreak_id: int) -> JsonResponse:
    """What the map of the chains draws."""
    from bihuan.epidemic.analysis.chains import picture_of

    by, at = request.actor, request.at
    event = fetch_event(event_id=outbreak_id, by=by)
    picture = picture_of(event=event, by=by, at=at)
    return JsonResponse(mapped(picture.cases, _below(event, at)))


def _below(event: Any, at: datetime) -> PlaceMap:
    """The places below the event's, or its own neighbours where nothing lies below."""
    below = map_below(event.place_id, local_date(at))
    if below.places or event.place.parent_id is None:
        return below
    return map_below(event.place.parent_id, local_date(at))


def _traced(request: WorkRequest, picture: "Picture") -> dict[str, Any]:
    asked = request.GET.get("case", "")
    here = int(asked) if asked.isdecimal() and int(asked) in picture.parents else 0
    up = above(here, picture.parents) if here else []
    down = below(here, picture.parents) if here else []
    by_id = {one.node.id: one for one in picture.cases}
    return {
        "drawing": drawn(picture, here=here, up=up, down=down), "by_id": by_id,
        "here": by_id.get(here), "up": [by_id[n] for n in up], "down": [by_id[n] for n in down],
        "day": _day(request.GET.get("day", ""), picture.last),
    }  # fmt: skip


def _day(said: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return otherwise
