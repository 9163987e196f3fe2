"""Report cards and case files."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.core.errors import NotFound, Refused
from bihuan.core.packs import registry
from bihuan.epidemic.rules.classify import classify
from bihuan.epidemic.selectors import files
from bihuan.epidemic.selectors.sight import fetch_case
from bihuan.epidemic.services import cases as services
from bihuan.web.epidemic.attempts import attempt
from bihuan.web.epidemic.forms import AnswersForm, CardForm, ClassifyForm
from bihuan.web.messages import words_for
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page(duty=("case.report", "case.write"))
def report_card(request: WorkRequest, outbreak_id: int) -> HttpResponse:
    """A statutory report card."""
    by, at = request.actor, request.at
    event = services.reportable_event(event_id=outbreak_id, by=by)
    form = CardForm(request.POST or None, pack=services.edition_of(event, at), at=at)
    row = attempt(form, lambda _s: services.report_case(card=form.given(outbreak_id), by=by, at=at))
    if row is not None:
        messages.success(request, _("已报告 %(number)s") % {"number": row.number})
        own = by.has("case.read")
        return redirect("epidemic:case", row.pk) if own else redirect("sensing:report")
    return render(request, "epidemic/form.html", {"form": form, "title": _("报告病例")})


@page(duty=("case.report", "case.write"))
def where(request: WorkRequest) -> HttpResponse:
    """Which event a card belongs to: a clinic sees titles, nothing of the cases."""
    rows = files.reportable_events(by=request.actor)
    return render(request, "epidemic/where.html", {"rows": rows})


@page(duty="case.read")
def case(request: WorkRequest, case_id: int) -> HttpResponse:
    """One case: classes side by side, clocks, contacts."""
    return _case(request, fetch_case(case_id=case_id, by=request.actor))


def _case(request: WorkRequest, row: Any, **more: Any) -> HttpResponse:
    by, at = request.actor, request.at
    pack = services.edition_of(row.event, at, scope=row.scope)
    purposes = [p for p in registry.table("purpose", at) if p["duty"] == "vault.read"]
    shown = {
        "case": row, "row": files.case_row(row, at), "history": files.history_of(row),
        "proposal": classify(pack, row.findings), "loops": files.inquiries_of(row),
        "classify": ClassifyForm(pack=pack, at=at, initial={"kind": row.kind, "findings": row.findings}),
        "answers": AnswersForm(pack=pack, at=at, initial=row.answers),
        "contacts": files.contact_rows(by=by, at=at, case=row), "purposes": purposes,
        "care": files.care_of(row, at), "person_contacts": pack.value_of("contact.model") == "person",
    }  # fmt: skip
    return render(request, "epidemic/case.html", shown | more)


@page(duty="case.read")
@require_POST
def deed(request: WorkRequest, case_id: int, deed: str) -> HttpResponse:
    """Classify, file the investigation, note care, read the person for a purpose."""
    row = fetch_case(case_id=case_id, by=request.actor)
    if deed == "person":
        purpose = request.POST.get("purpose", "")
        seen = services.read_person(
            case_id=case_id, purpose=purpose, by=request.actor, at=request.at
        )
        return _case(request, row, person=seen)
    if deed not in DEEDS:
        raise NotFound("not_found", deed=deed)
    try:
        DEEDS[deed](request, row)
        messages.success(request, _("已记录"))
    except Refused as refused:
        messages.error(request, str(words_for(refused)))
    return redirect("epidemic:case", case_id)


def _classify(request: WorkRequest, row: Any) -> None:
    said = request.POST
    services.classify_case(
        case_id=row.pk, kind=said.get("kind", ""), findings=frozenset(said.getlist("findings")),
        reason=said.get("reason", ""), by=request.actor, at=request.at,
    )  # fmt: skip


def _file(request: WorkRequest, row: Any) -> None:
    part = request.POST.get("part", "")
    hidden = {"part", "csrfmiddlewaretoken"}
    answers = {key: value for key, value in request.POST.items() if key not in hidden}
    services.file_inquiry(
        case_id=row.pk, part=part, answers=answers, by=request.actor, at=request.at
    )


def _care(request: WorkRequest, row: Any) -> None:
    services.mark_care(
        case_id=row.pk, step=request.POST.get("step", ""), moment=request.at, by=request.actor,
        at=request.at,
    )  # fmt: skip


DEEDS = {"classify": _classify, "file": _file, "care": _care}
