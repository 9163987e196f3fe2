"""Chains of an event: the picture on a time axis, tables beside, tracing, clusters."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render

from bihuan.epidemic.rules.chains import above, below
from bihuan.epidemic.selectors.sight import fetch_event
from bihuan.web.investigation.drawing import drawn
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
    told: dict[str, Any] = {"event": event, "picture": picture}
    if picture.cases:
        told |= _traced(request, picture)
    return render(request, "investigation/chains.html", told)


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
