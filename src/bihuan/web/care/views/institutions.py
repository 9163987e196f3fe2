"""The rolling plan of checks of medical institutions, and one institution with all that is known."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bihuan.core.clock import local_date
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.epidemic.selectors import institutions as rows
from bihuan.epidemic.services import institutions as services
from bihuan.sensing.selectors.sentinels import performance, reportable
from bihuan.web.attempts import attempt
from bihuan.web.care.forms import CheckForm, InstitutionForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page(duty="care.read")
def plan(request: WorkRequest) -> HttpResponse:
    """Every institution with its next check, the most urgent first; who manages enters them."""
    by, at = request.actor, request.at
    form = InstitutionForm(request.POST or None, orgs=rows.institution_choices(by=by), at=at)
    made = attempt(
        form, lambda s: services.enter_institution(**{**s, "org_id": int(s.pop("org_id"))}, by=by, at=at)
    )  # fmt: skip
    if made is not None:
        messages.success(request, _("已记录"))
        return redirect("care:institution", made.pk)
    shown = {"plan": rows.check_plan(by=by, at=at), "form": form, "manages": by.has("care.manage"),
             "least": registry.value("check.unannounced_share", at).value}  # fmt: skip
    return render(request, "care/checks.html", shown)


@page(duty="care.read")
def institution(request: WorkRequest, institution_id: int) -> HttpResponse:
    """One institution: its checks beside its ward files and its score as a sentinel."""
    by, at = request.actor, request.at
    row = rows.fetch_institution(institution_id=institution_id, by=by)
    form = CheckForm(request.POST or None, at=at)

    def work(_said: dict[str, Any]) -> Any:
        return services.note_check(institution_id=row.pk, given=form.given(), by=by, at=at)

    made = attempt(form, work)
    if made is not None:
        messages.success(request, _("已记录") if made.passed else _("已记录,并开立问题"))
        return redirect("care:institution", row.pk)
    shown = {
        "institution": row, "form": form, "task": rows.check_task(row), "manages": by.has("care.manage"),
        "checks": rows.checks_of(row), "files": rows.ward_files_of(row), "scores": _scores(row.org_id, by, at),
    }  # fmt: skip
    return render(request, "care/institution.html", shown)


def _scores(org_id: int, by: Actor, at: datetime) -> list[tuple[Any, Any]]:
    """The sentinels of the institution with their sensitivity of a year (M050)."""
    since = local_date(at) - rows.YEAR
    return [(s, performance(sentinel=s, since=since, at=at)) for s in
            reportable(by).filter(org=org_id)[:5]]  # fmt: skip
