"""The board of isolation and care: queues, rooms, beds, rates. No person is named here."""

from django.http import HttpResponse
from django.shortcuts import render

from bihuan.epidemic.selectors import capacity, care, flows
from bihuan.epidemic.selectors.support import supports
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page

MOST_LINES = 60  # of the lines of beds, the short ones first


@page(duty="care.read", past=True)
def board(request: WorkRequest) -> HttpResponse:
    """Three queues with denominators, demand against rooms, beds by line and age, rates."""
    by, at = request.actor, request.at
    forecasts = capacity.bed_forecasts(by=by, at=at)
    lines = capacity.bed_lines(by=by, at=at)
    shown = {
        "queues": flows.queues(by=by, at=at), "supply": flows.supply_of_rooms(by=by, at=at),
        "forecasts": forecasts, "rates": flows.rates(by=by, at=at),
        "sites": care.facility_rows(by=by, at=at, kind="site"),
        "load": capacity.load_of_hospitals(forecasts), "lines": lines[:MOST_LINES],
        "short": [told for told in supports(lines, at) if told.shortages],
        "ages": capacity.demand_by_age(by=by, at=at), "more": len(lines) - MOST_LINES,
    }  # fmt: skip
    return render(request, "care/board.html", shown)
