"""The lines of screening of an event: what each catches, what leaks, each leak with its review."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.core.clock import local_date
from bihuan.core.errors import Invalid, NotFound
from bihuan.core.packs import registry
from bihuan.epidemic.selectors.defences import lines_of
from bihuan.epidemic.selectors.screening import list_rows
from bihuan.epidemic.selectors.sight import fetch_event
from bihuan.epidemic.services import defences as services
from bihuan.epidemic.services.defences import NewCount
from bihuan.web.attempts import answering
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page(duty="epidemic.read")
def lines(request: WorkRequest, outbreak_id: int) -> HttpResponse:
    """Catch and leak of each line, counts by day, leaks."""
    by, at = request.actor, request.at
    event = fetch_event(event_id=outbreak_id, by=by)
    shown = {
        "event": event, "lines": lines_of(event=event, at=at), "writes": by.has("case.write"),
        "kinds": registry.table("defence_line", at, scope=event.scope), "today": local_date(at),
        "lists": list_rows(by=by, at=at) if by.has("case.write") else (),
        "limit": registry.clock(services.REVIEW, at, scope=event.scope, disease=event.disease),
    }  # fmt: skip
    return render(request, "epidemic/lines.html", shown)


def _number(request: WorkRequest, name: str) -> int:
    """A number that was typed. Raises Invalid("defence.count")."""
    said = request.POST.get(name, "").strip()
    if not said.isdecimal() or len(said) > 9:
        raise Invalid("defence.count", field=name)
    return int(said)


@page(duty="epidemic.read")
@require_POST
def deed(request: WorkRequest, outbreak_id: int, deed: str) -> HttpResponse:
    """Draw the lines, note catches and leaks, explain a leak."""
    by, at, said = request.actor, request.at, request.POST
    fetch_event(event_id=outbreak_id, by=by)
    deeds: dict[str, Callable[[], object]] = {
        "draw": lambda: services.draw_lines(
            event_id=outbreak_id, at_risk=_number(request, "at_risk"), by=by, at=at,
            source=said.get("source", ""), titles=said.get("titles", "").splitlines()),
        "count": lambda: services.note_caught(event_id=outbreak_id, given=_count(request), by=by,
                                              at=at),
        "leak": lambda: services.note_leaks(
            event_id=outbreak_id, found_on=local_date(at), n=_number(request, "leaks"), by=by,
            at=at),
        "explain": lambda: services.explain_leak(
            event_id=outbreak_id, leak_id=_number(request, "leak"), order=_number(request, "order"),
            cause=said.get("cause", ""), by=by, at=at),
    }  # fmt: skip
    if deed not in deeds:
        raise NotFound("not_found", deed=deed)
    with answering(request, _("已记录")):
        deeds[deed]()
    return redirect("epidemic:lines", outbreak_id)


def _count(request: WorkRequest) -> NewCount:
    from_list = request.POST.get("screening", "")
    return NewCount(
        _number(request, "order"), local_date(request.at), _number(request, "caught"),
        int(from_list) if from_list.isdecimal() and len(from_list) < 19 else None,
    )  # fmt: skip
