"""One box: places, posts and their holders, loops by number or title, pages."""

import re

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from bihuan.core.clock import local_date
from bihuan.core.errors import NotFound
from bihuan.core.loops.selectors import loops
from bihuan.core.loops.services.moves import fetch
from bihuan.core.loops.types import Filter
from bihuan.core.orgs.staffing import posts_under
from bihuan.core.places import selectors as places
from bihuan.core.places.types import PlaceRow
from bihuan.web.nav import Line, rail
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page

SHOWN = 10
NUMBER = re.compile(r"(?:CD|RW|WT|QS|XH|LD)-?\d{4}-?0*(\d+)", re.IGNORECASE)


@page("post")
def search(request: WorkRequest) -> HttpResponse:
    """Everything the post may see that fits; a loop's whole number leads straight to it."""
    text = request.GET.get("q", "").strip()[:80]
    number = NUMBER.fullmatch(text)
    if number and _visible(request, int(number[1])):
        return redirect("work:loop", int(number[1]))
    shown = {"text": text, **(_found(request, text) if text else {})}
    return render(request, "pages/search.html", shown)


def _visible(request: WorkRequest, obligation_id: int) -> bool:
    try:
        fetch(obligation_id=obligation_id, by=request.actor)
    except NotFound:
        return False
    return True


def _found(request: WorkRequest, text: str) -> dict[str, object]:
    actor, at = request.actor, request.at
    return {
        "places": [
            (row, _place(request, row))
            for row in places.search(text, actor.scope, local_date(at), limit=SHOWN)
        ],
        "posts": posts_under(scope=actor.scope, at=at, text=text, size=SHOWN).rows,
        "loops": loops(by=actor, at=at, wanted=Filter(text=text), size=SHOWN).rows,
        "pages": _pages(request, text.lower()),
    }


def _place(request: WorkRequest, row: PlaceRow) -> str:
    """How a place stands, for whoever may read loops; else where it lies in the tree."""
    if request.actor.has("loop.read"):
        return reverse("situation:node", args=[row.id])
    return reverse("admin:place", args=[row.code])


def _pages(request: WorkRequest, text: str) -> list[Line]:
    groups = rail(request.actor, path="", at=request.at)
    return [line for group in groups for line in group.lines if text in str(line.label).lower()]
