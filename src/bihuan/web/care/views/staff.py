"""Whoever works in a house, by staff number: modules, zones they may enter, shifts."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from bihuan.core.errors import MoveBlocked
from bihuan.core.packs import registry
from bihuan.epidemic.selectors import care
from bihuan.epidemic.selectors import workers as rows
from bihuan.epidemic.services import workers as services
from bihuan.web.attempts import attempt
from bihuan.web.care.forms_house import CodesForm, ModuleForm, ShiftForm, WorkersForm, number_of
from bihuan.web.care.views.zones import said
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.words import titled


@page(duty=("care.read", "care.do"))
def staff(request: WorkRequest, facility_id: int) -> HttpResponse:
    """How many may work in each zone, coming shifts, everybody's modules."""
    by, at = request.actor, request.at
    row = care.fetch_facility(facility_id=facility_id, by=by)
    people, zones = (
        rows.worker_rows(row, at),
        [(str(z.pk), z.name) for z in row.zones.order_by("pk")],
    )
    enter = WorkersForm(said(request, "enter"), zones=zones, at=at)
    module = ModuleForm(said(request, "pass"), at=at)
    gone = CodesForm(said(request, "leave"), at=at, auto_id="leave_%s")
    shift = ShiftForm(said(request, "shift"), zones=zones, at=at,
                      codes=[(p.worker.code, p.worker.code) for p in people])  # fmt: skip
    made = (
        attempt(enter, lambda s: services.enter_workers(
            **s | {"zone_id": number_of(s["zone_id"])}, facility_id=row.pk, by=by, at=at)),
        attempt(module, lambda s: services.pass_module(facility_id=row.pk, **s, by=by, at=at)),
        attempt(gone, lambda s: services.leave(facility_id=row.pk, **s, by=by, at=at)),
        attempt(shift, lambda _s: _plan(request, row.pk, shift.given())),
    )  # fmt: skip
    if any(one is not None for one in made):
        return redirect("care:staff", row.pk)
    shown = {
        "facility": row, "works": care.works_for(row, by), "people": people, "zones": zones,
        "trained": rows.trained(people, row, at), "shifts": rows.coming_shifts(row, at),
        "enter_form": enter, "module_form": module, "leave_form": gone, "shift_form": shift,
    }  # fmt: skip
    return render(request, "care/staff.html", shown)


def _plan(request: WorkRequest, facility_id: int, given: services.NewShift) -> Any:
    """Plan a shift; modules that are missing are told by their titles."""
    try:
        return services.plan_shift(
            facility_id=facility_id, given=given, by=request.actor, at=request.at
        )
    except MoveBlocked as refused:
        names = {row["key"]: titled(row) for row in registry.table("training_module", request.at)}
        missing = refused.facts["modules"]
        assert isinstance(missing, list)
        told = refused.facts | {"modules": [names.get(key, key) for key in missing]}
        raise MoveBlocked(refused.code, **told) from refused
