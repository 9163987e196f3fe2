"""Report cards and case files."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.core.errors import Invalid, NotFound, Refused
from bihuan.core.packs import registry
from bihuan.epidemic.rules.classify import classify
from bihuan.epidemic.selectors import files
from bihuan.epidemic.selectors.contacts import PAGE, contact_rows
from bihuan.epidemic.selectors.sight import fetch_case
from bihuan.epidemic.services import cases as services
from bihuan.epidemic.services.clearing import clear_contacts_of
from bihuan.epidemic.services.corrections import correct_case
from bihuan.epidemic.services.places import set_source
from bihuan.web.attempts import attempt
from bihuan.web.epidemic.forms import CardForm, ClassifyForm, CorrectionForm
from bihuan.web.forms import WorkForm
from bihuan.web.messages import words_for
from bihuan.web.moments import read_moment
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page(duty=("case.report", "case.write"))
def report_card(request: WorkRequest, outbreak_id: int) -> HttpResponse:
    """A statutory report card."""
    by, at = request.actor, request.at
    event = services.reportable_event(event_id=outbreak_id, by=by)
    form = CardForm(
        request.POST or None, pack=services.edition_of(event, at), at=at, scope=by.scope
    )
    row = attempt(form, lambda _s: services.report_case(card=form.given(outbreak_id), by=by, at=at))
    if row is not None:
        messages.success(request, _("已报告 %(number)s") % {"number": row.number})
        own = by.has("case.read")
        return redirect("epidemic:case", row.pk) if own else redirect("epidemic:where")
    shown = {"form": form, "title": _("报告病例"), "likely": _likely(form, event, request)}
    return render(request, "epidemic/report.html", shown)


def _likely(form: CardForm, event: Any, request: WorkRequest) -> tuple[files.Likely, ...]:
    """Whom to look at when likely twins stopped the card."""
    refused = getattr(form, "refused", None)
    if refused is None or refused.code != "case.twins":
        return ()
    found = services.twins_of(form.given(event.pk), scope=event.scope, at=request.at)
    return files.likely_files(twins=found, by=request.actor)


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
    listed, after = contact_rows(
        by=by, at=at, case=row, after=request.GET.get("after", ""), size=PAGE
    )
    shown = {
        "case": row, "row": files.case_row(row, at), "history": files.history_of(row),
        "proposal": classify(pack, row.findings), "loops": files.inquiries_of(row),
        "classify": ClassifyForm(pack=pack, at=at, initial={"kind": row.kind, "findings": row.findings}),
        "correct": CorrectionForm(at=at, initial={
            name: getattr(row, name) for name in ("onset", "found_in", "origin", "age_band")}),
        "merged": row.merged.order_by("pk"), "source": row.source,
        "contacts": listed, "after": after, "purposes": purposes,
        "freed": files.managed_for(case=row, at=at).count() if row.kind == "excluded" else 0,
        "care": files.care_of(row, at), "person_contacts": pack.value_of("contact.model") == "person",
    }  # fmt: skip
    return render(request, "epidemic/case.html", shown | more)


@page(duty="case.read")
@require_POST
def deed(request: WorkRequest, case_id: int, deed: str) -> HttpResponse:
    """Classify, note care, join files, name the source; read the person for a purpose."""
    row = fetch_case(case_id=case_id, by=request.actor)
    if deed in READINGS:
        return _case(request, row, person=READINGS[deed](request, row))
    if deed in FORMS:
        return _filled(request, row, deed)
    if deed not in DEEDS:
        raise NotFound("not_found", deed=deed)
    try:
        DEEDS[deed](request, row)
        messages.success(request, _("已记录"))
    except Refused as refused:
        messages.error(request, str(words_for(refused)))
    return redirect("epidemic:case", case_id)


def _filled(request: WorkRequest, row: Any, deed: str) -> HttpResponse:
    """A deed with a form; refused, the page comes again with what was typed and why."""
    form = FORMS[deed](request, row)
    if form.errors:
        return _case(request, row, **{deed: form})
    messages.success(request, _("已记录"))
    return redirect("epidemic:case", row.pk)


def _classify(request: WorkRequest, row: Any) -> WorkForm:
    at = request.at
    form = ClassifyForm(
        request.POST, pack=services.edition_of(row.event, at, scope=row.scope), at=at
    )
    attempt(form, lambda said: services.classify_case(
        case_id=row.pk, kind=said["kind"], findings=frozenset(said["findings"]),
        reason=said["reason"], by=request.actor, at=at))  # fmt: skip
    return form


def _person(request: WorkRequest, row: Any) -> dict[str, str]:
    purpose = request.POST.get("purpose", "")
    return services.read_person(case_id=row.pk, purpose=purpose, by=request.actor, at=request.at)


def _glass(request: WorkRequest, row: Any) -> dict[str, str]:
    reason = request.POST.get("reason", "")
    try:
        return services.break_glass(case_id=row.pk, reason=reason, by=request.actor, at=request.at)
    except Invalid as refused:
        messages.error(request, str(words_for(refused)))
        return {}


def _merge(request: WorkRequest, row: Any) -> None:
    into = services.numbered(request.POST.get("number", ""))
    services.merge_cases(case_id=row.pk, into_id=into, by=request.actor, at=request.at)


def _split(request: WorkRequest, row: Any) -> None:
    services.split_case(case_id=row.pk, by=request.actor, at=request.at)


def _source(request: WorkRequest, row: Any) -> None:
    number = request.POST.get("number", "")
    set_source(case_id=row.pk, source_number=number, by=request.actor, at=request.at)


def _start(request: WorkRequest, row: Any) -> None:
    services.start_inquiry(case_id=row.pk, by=request.actor, at=request.at)


def _care(request: WorkRequest, row: Any) -> None:
    """At the moment that was typed, else now."""
    at, said = request.at, request.POST.get("moment", "").strip()
    services.mark_care(
        case_id=row.pk, step=request.POST.get("step", ""), by=request.actor, at=at,
        moment=read_moment(said, at=at) if said else at,
    )  # fmt: skip


def _free(request: WorkRequest, row: Any) -> None:
    clear_contacts_of(case_id=row.pk, by=request.actor, at=request.at)


def _correct(request: WorkRequest, row: Any) -> WorkForm:
    form = CorrectionForm(request.POST, at=request.at)
    attempt(form, lambda said: correct_case(
        case_id=row.pk, given=form.given(), reason=said["why"], by=request.actor, at=request.at))  # fmt: skip
    return form


READINGS = {"person": _person, "glass": _glass}
FORMS = {"classify": _classify, "correct": _correct}
DEEDS = {"care": _care, "free": _free, "merge": _merge, "split": _split, "source": _source,
         "start": _start}  # fmt: skip
