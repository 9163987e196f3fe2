"""The board of isolation and care: queues, rooms, beds, rates. No person is named here."""

from django.http import HttpResponse
from django.shortcuts import render

from bihuan.epidemic.selectors import care, flows
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page(duty="care.read", past=True)
def board(request: WorkRequest) -> HttpResponse:
    """Three queues with denominators, demand against ready rooms, beds in some days, rates."""
    by, at = request.actor, request.at
    shown = {
        "queues": flows.queues(by=by, at=at), "supply": flows.supply_of_rooms(by=by, at=at),
        "forecasts": flows.bed_forecasts(by=by, at=at), "rates": flows.rates(by=by, at=at),
        "sites": care.facility_rows(by=by, at=at, kind="site"),
    }  # fmt: skip
    return render(request, "care/board.html", shown)
