"""What a hospital has to treat with against what it will need."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from bihuan.core.packs import registry
from bihuan.epidemic.selectors import capacity, care
from bihuan.epidemic.selectors.support import supports
from bihuan.epidemic.services import support as services
from bihuan.web.attempts import attempt
from bihuan.web.care.forms_house import HoldingForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page(duty=("care.read", "care.do"))
def support(request: WorkRequest, facility_id: int) -> HttpResponse:
    """Oxygen, staff, devices, medicines: held, needed in some days, lacking. Sites have none."""
    by, at = request.actor, request.at
    row = care.fetch_facility(facility_id=facility_id, by=by)
    if row.kind != "hospital":
        return redirect("care:facility", facility_id)
    form = HoldingForm(request.POST or None, at=at)
    made = attempt(form, lambda _s: services.count_holding(
        facility_id=row.pk, given=form.given(), by=by, at=at))  # fmt: skip
    if made is not None:
        return redirect("care:support", row.pk)
    lines = [line for line in capacity.bed_lines(by=by, at=at) if line.facility.id == row.pk]
    told = supports(lines, at)
    shown = {"facility": row, "works": care.works_for(row, by), "form": form,
             "told": told[0] if told else None,
             "least": registry.value("support.stock_days", at).value}  # fmt: skip
    return render(request, "care/support.html", shown)
