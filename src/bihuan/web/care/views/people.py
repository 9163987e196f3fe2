"""People in care: whom a post answers for, hand-overs, and one person's page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.core.errors import NotFound, Refused
from bihuan.epidemic.selectors import beds, care
from bihuan.epidemic.selectors.contacts import releases_at_home
from bihuan.epidemic.services import charges, needs, stays
from bihuan.web.attempts import answering, attempt
from bihuan.web.care.forms import ChargeForm, DecideForm, ExtendForm, ObserveForm
from bihuan.web.forms import WorkForm
from bihuan.web.messages import words_for
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page(duty=("care.take", "care.place"))
def mine(request: WorkRequest) -> HttpResponse:
    """What waits for a signature, what guests asked, and whom one answers for."""
    by, at = request.actor, request.at
    shown = {
        "handovers": care.open_handovers(by=by, at=at), "people": care.people_held(by=by, at=at),
        "needs": care.open_needs(by=by), "facilities": care.facility_rows(by=by, at=at),
    }  # fmt: skip
    return render(request, "care/mine.html", shown)


@page(duty=("care.take", "care.place"))
def releases(request: WorkRequest) -> HttpResponse:
    """Who leaves at which hour, today and tomorrow; what has come is written down at once."""
    by, at = request.actor, request.at
    if request.method == "POST":
        n = stays.release_due(at=at)
        messages.success(request, _("已按时办结 %(n)d 人") % {"n": n})
        return redirect("care:releases")
    rows = care.releases(by=by, at=at)
    shown = {
        "rows": rows, "due": [row for row in rows if row.left_at is None and row.ends_at and row.ends_at <= at],
        "home": releases_at_home(by=by, at=at, span=care.RELEASED), "now": at,
        "places": by.has("care.place"),
    }  # fmt: skip
    return render(request, "care/releases.html", shown)


@page(duty="care.place")
def new_charge(request: WorkRequest) -> HttpResponse:
    """Take a case (`?case=`) or a contact (`?contact=`) into care."""
    by, at = request.actor, request.at
    case, contact = (_number(request.GET.get(name, "")) for name in ("case", "contact"))
    form = ChargeForm(request.POST or None, at=at, of_case=case is not None)

    def work(said: dict[str, Any]) -> Any:
        given = charges.NewCharge(
            case_id=case, contact_id=contact, age_band=said.get("age_band", ""),
            flags=tuple(said["flags"]), need=said["need"], deviation=said["deviation"],
            carer_id=_number(said["carer"].rpartition("-")[2]),
        )  # fmt: skip
        return charges.open_charge(given=given, by=by, at=at)

    row = attempt(form, work)
    if row is not None:
        return redirect("care:charge", row.pk)
    shown = {"form": form, "title": _("纳入隔离救治"),
             "note": _("去处由现行方案建议,医生可另定并写明理由。此后每一刻都有一个单位负责。")}  # fmt: skip
    return render(request, "epidemic/form.html", shown)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 16 else None


@page(duty=("care.take", "care.place"))
def charge(request: WorkRequest, charge_id: int) -> HttpResponse:
    """One person: who answers, where they are, until when, what can be done."""
    return _charge(request, care.fetch_charge(charge_id=charge_id, by=request.actor))


def _charge(request: WorkRequest, row: Any, **more: Any) -> HttpResponse:
    by, at = request.actor, request.at
    stay = care.stay_of(row, at)
    works = by.has("care.place") or by.has("care.do")
    shown = {
        "charge": row, "stay": stay, "holder": care.holder_at(row, at),
        "ledger": care.ledger_of(row), "works": works,
        "places": by.has("care.place"), "open": row.closed_at is None,
        "vitals": row.vitals.order_by("-at")[:30], "release": stays.release_of(row, at),
        "needs": care.needs_of(stay) if stay else (), "waiting": care.waiting_for(row),
        "beds": beds.beds_for(row, at) if works and row.closed_at is None else (),
        "decide": DecideForm(at=at, initial={"need": row.need, "deviation": row.deviation}),
        "observe": ObserveForm(at=at), "extend": ExtendForm(at=at), "calls": care.calls_of(row),
        "extensions": stay.extensions.order_by("at") if stay else (),
    }  # fmt: skip
    return render(request, "care/charge.html", shown | more)


@page(duty=("care.take", "care.place"))
def certificate(request: WorkRequest, charge_id: int) -> HttpResponse:
    """The certificate of release, on paper."""
    row = care.fetch_charge(charge_id=charge_id, by=request.actor)
    if row.closed_at is None or row.outcome == "died":
        raise NotFound("charge.not_found", id=charge_id)
    return render(request, "care/certificate.html", {"charge": row, "stays": care.stays_of(row)})


@page(duty=("care.do", "care.place"))
@require_POST
def deed(request: WorkRequest, charge_id: int, deed: str) -> HttpResponse:
    """Decide, offer, observe, extend, discharge, call an expert."""
    row = care.fetch_charge(charge_id=charge_id, by=request.actor)
    if deed in FORMS:
        return _filled(request, row, deed)
    if deed not in DEEDS:
        raise NotFound("not_found", deed=deed)
    try:
        DEEDS[deed](request, charge_id)
        messages.success(request, _("已记录"))
    except Refused as refused:
        messages.error(request, str(words_for(refused)))
    return redirect("care:mine" if deed == "discharge" else "care:charge",
                    *([] if deed == "discharge" else [charge_id]))  # fmt: skip


def _filled(request: WorkRequest, row: Any, deed: str) -> HttpResponse:
    """A deed with a form; refused, the page comes again with what was typed and why."""
    form = FORMS[deed](request, row.pk)
    if form.errors:
        return _charge(request, row, **{deed: form})
    messages.success(request, _("已记录"))
    return redirect("care:charge", row.pk)


def _decide(request: WorkRequest, charge_id: int) -> WorkForm:
    by, at = request.actor, request.at
    form = DecideForm(request.POST, at=at)
    attempt(form, lambda said: charges.decide_need(charge_id=charge_id, **said, by=by, at=at))
    return form


def _observe(request: WorkRequest, charge_id: int) -> WorkForm:
    by, at = request.actor, request.at
    form = ObserveForm(request.POST, at=at)
    attempt(form, lambda _s: stays.observe(charge_id=charge_id, given=form.given(), by=by, at=at))
    return form


def _extend(request: WorkRequest, charge_id: int) -> WorkForm:
    by, at = request.actor, request.at
    form = ExtendForm(request.POST, at=at)
    attempt(form, lambda said: stays.extend_stay(charge_id=charge_id, **said, by=by, at=at))
    return form


def _offer(request: WorkRequest, charge_id: int) -> None:
    facility, _dot, room = request.POST.get("bed", "").partition(":")
    target = charges.Target(_number(facility), _number(room), request.POST.get("note", ""))
    charges.offer(charge_id=charge_id, target=target, by=request.actor, at=request.at)


def _discharge(request: WorkRequest, charge_id: int) -> None:
    said = request.POST
    stays.discharge(charge_id=charge_id, outcome=said.get("outcome", ""), by=request.actor,
                    reason=said.get("reason", ""), at=request.at)  # fmt: skip


def _expert(request: WorkRequest, charge_id: int) -> None:
    needs.call_expert(charge_id=charge_id, by=request.actor, at=request.at)


def _need(request: WorkRequest, charge_id: int) -> None:
    said = request.POST
    row = care.fetch_charge(charge_id=charge_id, by=request.actor)
    needs.file_need(charge=row, kind=said.get("kind", ""), text=said.get("text", ""),
                    by=request.actor, at=request.at)  # fmt: skip


FORMS = {"decide": _decide, "observe": _observe, "extend": _extend}
DEEDS: dict[str, Callable[[WorkRequest, int], None]] = {
    "offer": _offer,
    "discharge": _discharge,
    "expert": _expert,
    "need": _need,
}


@page(duty="care.take")
@require_POST
def sign(request: WorkRequest, handover_id: int) -> HttpResponse:
    """Sign for somebody, or refuse with a reason."""
    by, at, said = request.actor, request.at, request.POST
    try:
        if "refuse" in said:
            charges.refuse_handover(handover_id=handover_id, reason=said.get("reason", ""), by=by,
                                    at=at)  # fmt: skip
        else:
            charges.take_over(handover_id=handover_id, notice_given="notice" in said, by=by, at=at)
        messages.success(request, _("已签收") if "refuse" not in said else _("已拒收"))
    except NotFound:
        raise
    except Refused as refused:
        messages.error(request, str(words_for(refused)))
    return redirect("care:mine")


@page(duty="care.do")
@require_POST
def answer(request: WorkRequest, need_id: int) -> HttpResponse:
    """Answer a need or complaint."""
    with answering(request, _("已答复")):
        needs.answer_need(need_id=need_id, answer=request.POST.get("answer", ""),
                          by=request.actor, at=request.at)  # fmt: skip
    return redirect("care:mine")
