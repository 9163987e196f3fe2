"""The interview of a case: questions of the edition, places, co-exposed; kept on the phone."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bihuan.core.clock import local_date
from bihuan.core.packs import registry
from bihuan.epidemic.selectors import chains, files
from bihuan.epidemic.selectors.sight import fetch_case
from bihuan.epidemic.services.cases import edition_of
from bihuan.epidemic.services.places import save_interview
from bihuan.web.attempts import attempt
from bihuan.web.investigation.forms import InterviewForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page

PARTS = {"core": "case.core_facts", "report": "case.report"}


@page(duty="case.read")
def interview(request: WorkRequest, case_id: int) -> HttpResponse:
    """Answer what the edition asks; save, or file the core facts or the report."""
    by, at = request.actor, request.at
    row = fetch_case(case_id=case_id, by=by)
    pack = edition_of(row.event, at, scope=row.scope)
    known = {f"q-{key}": value for key, value in row.answers.items()}
    form = InterviewForm(request.POST or None, pack=pack, at=at, initial=known)
    part = PARTS.get(request.POST.get("part", ""), "")
    if attempt(form, lambda _s: save_interview(
        case_id=case_id, answers=form.answers(), stays=form.stays(), part=part, by=by, at=at)):  # fmt: skip
        messages.success(request, _("已提交") if part else _("已保存"))
        return redirect("investigation:interview", case_id)
    shown = {
        "case": row, "form": form, "loops": files.inquiries_of(row), "pack": pack,
        "windows": _windows(row, pack, at), "places": chains.places_of(row),
        "others": chains.others_there(row, by), "row": files.case_row(row, at),
    }  # fmt: skip
    return render(request, "investigation/interview.html", shown)


def _windows(row: Any, pack: Any, at: Any) -> dict[str, tuple[date, date]]:
    """When the case may have been infected, and when it may have infected others."""
    onset = row.onset or local_date(row.diagnosed_at)
    longest = int(
        registry.value("incubation.max_days", at, scope=row.scope, disease=row.event.disease).value
    )
    back = int(pack.value_of("contact.look_back_days", 0))
    ended = local_date(row.isolated_at) if row.isolated_at else local_date(at)
    return {
        "infected": (onset - timedelta(days=longest), onset - timedelta(days=1)),
        "infectious": (onset - timedelta(days=back), max(ended, onset)),
    }
