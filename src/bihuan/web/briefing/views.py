"""Situations, judgements, reports, and the figures for everybody."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.core.clock import local_date
from bihuan.core.errors import Invalid, NotFound
from bihuan.core.places.models import Place
from bihuan.epidemic.selectors.sight import fetch_event
from bihuan.epidemic.selectors.situation import (
    fetch_judgement,
    fetch_place,
    fetch_report,
    judgements,
    report_rows,
)
from bihuan.epidemic.services import reports as making
from bihuan.epidemic.services import situation as judging
from bihuan.epidemic.services.cases import edition_of
from bihuan.epidemic.services.figures import WEEKS, public_diseases, public_figures
from bihuan.epidemic.services.interchange import export_dhis2, export_fhir
from bihuan.web.attempts import answering, attempt
from bihuan.web.briefing.forms import JudgementForm, ReportForm, WhereForm
from bihuan.web.briefing.papers import paper_of
from bihuan.web.printing import printed
from bihuan.web.requests import AnyRequest, WorkRequest
from bihuan.web.rights import page


def _where(request: WorkRequest, outbreak_id: int) -> tuple[Any, Place, WhereForm]:
    """The event, the place asked for (the part of it that the reader answers for), the filter."""
    event = fetch_event(event_id=outbreak_id, by=request.actor)
    form = WhereForm.read(request)
    place = fetch_place(code=form.said("place"), by=request.actor, otherwise=event.place)
    return event, place, form


@page(duty="epidemic.read", past=True)
def situation(request: WorkRequest, outbreak_id: int) -> HttpResponse:
    """Everything known of an event at a place and moment, and what was made of it."""
    event, place, where = _where(request, outbreak_id)
    found = judging.situation(event=event, place=place, at=request.at)
    shown = {
        "event": event, "place": place, "where": where, "found": found,
        "pack": edition_of(event, request.at, scope=place.path),
        "chains": _open_chains(event, request),
        "judgements": judgements(event=event, scope=place.path, day=found.day, at=request.at),
        "form": JudgementForm(at=request.at, initial={"known_at": request.at}),
        "missing": making.missing_reports(event=event, at=request.at, scope=place.path),
    }  # fmt: skip
    return render(request, "briefing/situation.html", shown)


def _open_chains(event: Any, request: WorkRequest) -> tuple[int, int] | None:
    """Chains not broken a week ago and now, for whoever reads cases."""
    from bihuan.epidemic.analysis.chains import open_chains

    if not request.actor.has("case.read"):
        return None
    before, now = (
        open_chains(event=event, by=request.actor, at=at)
        for at in (request.at - timedelta(days=7), request.at)
    )
    return before, now


@page(duty="situation.judge")
@require_POST
def judge(request: WorkRequest, outbreak_id: int) -> HttpResponse:
    """Write a judgement, or its next version."""
    event, place, _form = _where(request, outbreak_id)
    form = JudgementForm(request.POST, at=request.at)
    row = attempt(form, lambda said: judging.write_judgement(
        event_id=event.pk, place=place, text=said["text"], known_at=said["known_at"],
        by=request.actor, at=request.at))  # fmt: skip
    if row is None:
        shown = {"form": form, "title": _("研判意见")}
        return render(request, "epidemic/form.html", shown)
    messages.success(request, _("已写第 %(n)d 版,待另一人签发") % {"n": row.version})
    return redirect(_back(event, place))


def _back(event: Any, place: Place) -> str:
    return f"/epidemic/events/{event.pk}/situation/?place={place.code}"


@page(duty="situation.sign")
@require_POST
def sign(request: WorkRequest, judgement_id: int) -> HttpResponse:
    """Sign a judgement somebody else wrote."""
    row = fetch_judgement(judgement_id=judgement_id, by=request.actor)
    with answering(request, _("已签发")):
        judging.sign_judgement(judgement_id=judgement_id, by=request.actor, at=request.at)
    return redirect(_back(row.event, row.place))


@page(duty="epidemic.read")
def reports(request: WorkRequest, outbreak_id: int) -> HttpResponse:
    """Reports of an event, and the next one (`?kind=`)."""
    by, at = request.actor, request.at
    event, place, _form = _where(request, outbreak_id)
    kinds = making.report_kinds(at, scope=place.path)
    kind = request.GET.get("kind", "daily")
    form = ReportForm(
        request.POST or None, asks=making.asked_of(kind, at, scope=place.path), at=at,
        initial={"known_at": at},
    )  # fmt: skip
    row = None
    if request.method == "POST":
        row = attempt(form, lambda _s: making.make_report(
            given=form.given(event.pk, place, kind), by=by, at=at))  # fmt: skip
    if row is not None:
        return redirect("briefing:report", row.pk)
    shown = {
        "event": event, "place": place, "kinds": kinds, "kind": kind, "form": form,
        "rows": report_rows(event=event, by=by, at=at),
        "due": making.due_of(event, kind, at, at, scope=place.path)[0],
        "missing": making.missing_reports(event=event, at=at, scope=place.path),
    }  # fmt: skip
    return render(request, "briefing/reports.html", shown)


@page(duty="epidemic.read")
def report(request: WorkRequest, report_id: int) -> HttpResponse:
    """One report as it went out; `?form=pdf` and `docx` are the same data as a file."""
    row = fetch_report(report_id=report_id, by=request.actor)
    paper = paper_of(row, language=get_language() or "zh-hans")
    form = request.GET.get("form", "")
    if form:
        return printed(paper, form=form, name=f"report-{row.number}-v{row.version}")
    return render(request, "briefing/report.html", {"row": row, "paper": paper})


@page(duty="case.read")
def export(request: WorkRequest, outbreak_id: int, deed: str) -> HttpResponse:
    """The cases of an event for another system, as a file."""
    if deed not in EXPORTS:
        raise NotFound("not_found", deed=deed)
    told = EXPORTS[deed](event_id=outbreak_id, by=request.actor, at=request.at)
    name = f'attachment; filename="event-{outbreak_id}-{deed}.json"'
    return JsonResponse(told, headers={"Content-Disposition": name})


EXPORTS = {"fhir": export_fhir, "dhis2": export_dhis2}


@page("public")
def figures(request: AnyRequest) -> HttpResponse:
    """Reported cases by place and day, for everybody: small counts hidden with their sisters."""
    diseases = public_diseases()
    disease = request.GET.get("disease", "") or next(iter(diseases), "")
    week = request.GET.get("week", "")
    try:
        day = date.fromisoformat(week) if week else local_date(request.at)
        found = public_figures(disease=disease, day=day, at=request.at)
    except ValueError:
        raise Invalid("figures.week", field="week", weeks=WEEKS) from None
    last = found.monday - timedelta(days=7)
    shown = {"found": found, "diseases": diseases, "disease": disease, "last": last}
    return render(request, "briefing/figures.html", shown)
