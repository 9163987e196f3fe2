"""Zones inside a house, and what happened there: reported, answered, closed by somebody else."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bihuan.epidemic.selectors import care
from bihuan.epidemic.selectors import workers as rows
from bihuan.epidemic.services import zones as services
from bihuan.web.attempts import answering, attempt
from bihuan.web.care.forms_house import IncidentForm, RoomsForm, ZoneForm
from bihuan.web.care.views.facilities import number_in
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


def said(request: WorkRequest, deed: str) -> Any:
    """What was posted, for the one of a page's forms that was sent."""
    return request.POST if request.POST.get("deed") == deed else None


@page(duty=("care.read", "care.do"))
def zones(request: WorkRequest, facility_id: int) -> HttpResponse:
    """Zones with rooms and staff; incidents with their clocks, the open first."""
    by, at = request.actor, request.at
    row = care.fetch_facility(facility_id=facility_id, by=by)
    if request.POST.get("deed") in {"answer", "close"}:
        return _incident(request, facility_id)
    held = rows.zones_of(row, at)
    choices = [(str(zone.pk), zone.name) for zone in held]
    rooms = [(str(room.pk), room.code) for room in row.rooms.order_by("ward", "code")]
    zone = ZoneForm(said(request, "zone"), at=at)
    lie = RoomsForm(said(request, "rooms"), zones=choices, rooms=rooms, at=at)
    incident = IncidentForm(said(request, "incident"), zones=choices, at=at)
    made = (
        attempt(zone, lambda s: services.add_zone(facility_id=row.pk, **s, by=by, at=at)),
        attempt(lie, lambda s: services.assign_rooms(facility_id=row.pk, **s, by=by, at=at)),
        attempt(incident, lambda _s: services.report_incident(
            facility_id=row.pk, given=incident.given(), by=by, at=at)),
    )  # fmt: skip
    if any(one is not None for one in made):
        return redirect("care:zones", row.pk)
    shown = {"facility": row, "works": care.works_for(row, by), "zones": held, "rooms": rooms,
             "zone_form": zone, "rooms_form": lie, "incident_form": incident,
             "incidents": rows.incidents_of(row, at)}  # fmt: skip
    return render(request, "care/zones.html", shown)


def _incident(request: WorkRequest, facility_id: int) -> HttpResponse:
    """Answer or close one."""
    words, by, at = request.POST.get("words", ""), request.actor, request.at
    number = number_in(request, "incident")
    with answering(request, _("已记录")):
        if request.POST["deed"] == "answer":
            services.answer_incident(incident_id=number, answer=words, by=by, at=at)
        else:
            services.close_incident(incident_id=number, finding=words, by=by, at=at)
    return redirect("care:zones", facility_id)
