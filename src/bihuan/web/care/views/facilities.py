"""Sites and hospitals: registered, proven, raised, with rooms and wards."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.core.errors import Invalid, NotFound
from bihuan.core.packs import registry
from bihuan.epidemic.rules.sites import STEPS
from bihuan.epidemic.selectors import beds, capacity, care
from bihuan.epidemic.services import facilities as services
from bihuan.epidemic.services import wards
from bihuan.web.attempts import answering, attempt
from bihuan.web.care.forms import FacilityForm, ProofForm, RoomForm
from bihuan.web.care.words import STEP_MOVES
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page(duty="care.manage")
def new_facility(request: WorkRequest) -> HttpResponse:
    """Register a site or hospital."""
    by, at = request.actor, request.at
    form = FacilityForm(request.POST or None, orgs=beds.runners(by=by), at=at)
    row = attempt(form, lambda _s: services.register_facility(given=form.given(), by=by, at=at))
    if row is not None:
        return redirect("care:facility", row.pk)
    return render(request, "epidemic/form.html", {"form": form, "title": _("登记隔离点或医院")})


@page(duty=("care.read", "care.do"))
def facility(request: WorkRequest, facility_id: int) -> HttpResponse:
    """One site or hospital: where it stands, proofs, rooms, wards."""
    by, at = request.actor, request.at
    row = care.fetch_facility(facility_id=facility_id, by=by)
    rooms, step = care.room_rows(row, at), care.step_of(row, at)
    works = care.works_for(row, by)
    lines = capacity.bed_lines(by=by, at=at) if row.kind == "hospital" else ()
    shown = {
        "lines": [line for line in lines if line.facility.id == row.pk],
        "facility": row, "step": step, "lacking": care.lacking_proofs(row, at), "rooms": rooms,
        "beds": care.beds_by_kind(rooms), "proofs": row.proofs.order_by("-day", "-pk")[:30],
        "moves": [(s, STEP_MOVES[s]) for s in STEPS[step]] if by.has("care.manage") else [],
        "works": works, "sees_people": row.org_id == by.org_id or by.has("care.place"),
        "wards": sorted({r.ward for r in rooms if r.ward}), "files": beds.ward_files(row, at),
        "conversion": beds.conversion(row, at), "room_form": RoomForm(at=at), "proof_form": ProofForm(at=at),
        "limits": [(p["key"], p["max_days"]) for p in registry.table("site_proof", at)],
    }  # fmt: skip
    return render(request, "care/facility.html", shown)


@page(duty=("care.manage", "care.do"))
@require_POST
def deed(request: WorkRequest, facility_id: int, deed: str) -> HttpResponse:
    """A step, a proof, a room, a conversion, a ward file."""
    care.fetch_facility(facility_id=facility_id, by=request.actor)
    if deed not in DEEDS:
        raise NotFound("not_found", deed=deed)
    with answering(request, _("已记录")):
        DEEDS[deed](request, facility_id)
    return redirect("care:facility", facility_id)


def _step(request: WorkRequest, facility_id: int) -> None:
    services.take_step(facility_id=facility_id, step=request.POST.get("step", ""),
                       by=request.actor, at=request.at)  # fmt: skip


def _proof(request: WorkRequest, facility_id: int) -> None:
    form = ProofForm(request.POST, at=request.at)
    if not form.is_valid():
        raise Invalid("proof.reference", field="reference")
    file = request.FILES.get("file")
    attached = services.Attached(str(file.name), file.chunks()) if file else None
    services.add_proof(
        facility_id=facility_id, attached=attached, by=request.actor, at=request.at,
        **form.cleaned_data,
    )  # fmt: skip


def _room(request: WorkRequest, facility_id: int) -> None:
    form = RoomForm(request.POST, at=request.at)
    if not form.is_valid():
        raise Invalid("room.incomplete", field="code")
    services.add_room(facility_id=facility_id, by=request.actor, at=request.at, **form.cleaned_data)


def number_in(request: WorkRequest, name: str) -> int:
    """A number that a form carries; 0 when it is none."""
    said = request.POST.get(name, "")
    return int(said) if said.isdecimal() and len(said) < 16 else 0


def _convert(request: WorkRequest, _facility_id: int) -> None:
    services.convert_room(room_id=number_in(request, "room"), by=request.actor, at=request.at)


def _ward(request: WorkRequest, facility_id: int) -> None:
    said = request.POST
    wards.open_ward_file(facility_id=facility_id, ward=said.get("ward", ""),
                         found=said.get("found", ""), by=request.actor, at=request.at)  # fmt: skip


def _list(request: WorkRequest, _facility_id: int) -> None:
    said = request.POST
    wards.list_exposed(
        file_id=number_in(request, "file"), staff=said.get("staff", "").split(),
        inpatients=said.get("inpatients", "").split(), measures=said.get("measures", ""), by=request.actor, at=request.at,
    )  # fmt: skip


def _review(request: WorkRequest, _facility_id: int) -> None:
    wards.review_ward(file_id=number_in(request, "file"), by=request.actor, at=request.at,
                      finding=request.POST.get("finding", ""))  # fmt: skip


DEEDS: dict[str, Callable[[WorkRequest, int], None]] = {
    "step": _step, "proof": _proof, "room": _room, "convert": _convert, "ward": _ward,
    "exposed": _list, "review": _review,
}  # fmt: skip
