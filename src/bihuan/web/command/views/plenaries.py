"""Plenary sessions: call them, take the roll, explain what is overdue, close (M004)."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.command import services
from bihuan.command.selectors import plenaries as selectors
from bihuan.command.types import Came
from bihuan.core.errors import Refused
from bihuan.web.command.forms import PlenaryForm
from bihuan.web.command.nav import MEETS
from bihuan.web.intake.forms import typed
from bihuan.web.messages import words
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page

LEADS = selectors.LEADS
MOST_NAMED = 5


@page(duty=MEETS)
def plenaries(request: WorkRequest) -> HttpResponse:
    """Sessions in sight, and the form that calls the next one."""
    by = request.actor
    form = PlenaryForm(typed(request), at=request.at, bodies=selectors.sitting_bodies(by))
    if request.method == "POST" and form.is_valid():
        try:
            called = services.call_plenary(**form.cleaned_data, by=by, at=request.at)
            messages.success(request, _("已召集,成员单位已列入名册。"))
            return redirect("command:plenary", called.pk)
        except Refused as refused:
            form.refuse(refused)
    rows, after = selectors.plenary_list(by=by, after=request.GET.get("after", ""))
    shown = {"rows": rows, "after": after, "form": form if by.has(LEADS) else None}
    return render(request, "command/plenaries.html", shown, status=422 if form.errors else 200)


@page(duty=MEETS)
def plenary(request: WorkRequest, pk: int) -> HttpResponse:
    """One session: roll, overdue demands of earlier sessions, what stands in the way of closing."""
    found = selectors.plenary_detail(plenary_id=pk, by=request.actor, at=request.at)
    works = found.leads and not found.row.closed_at
    silent = [demand.title for demand in found.overdue if not demand.explanation]
    shown = {
        "found": found, "row": found.row, "works": works, "came": Came.choices,
        "missing": [words(code, demands=silent[:MOST_NAMED]) for code in found.missing],
    }  # fmt: skip
    return render(request, "command/plenary.html", shown)


@page(duty=LEADS)
@require_POST
def roll(request: WorkRequest, pk: int) -> HttpResponse:
    """Take the roll."""
    came = {
        int(name.removeprefix("came-")): str(value)
        for name, value in request.POST.items()
        if name.startswith("came-") and name.removeprefix("came-").isdecimal()
    }
    return _done(
        request, pk, _("已点名"),
        lambda: services.call_roll(plenary_id=pk, came=came, by=request.actor, at=request.at),
    )  # fmt: skip


@page(duty=LEADS)
@require_POST
def hold(request: WorkRequest, pk: int) -> HttpResponse:
    """Say at which meeting the session was held."""
    meeting = request.POST.get("meeting_id", "")
    return _done(
        request, pk, _("已对应会议记录"),
        lambda: services.hold_plenary(
            plenary_id=pk, meeting_id=int(meeting) if meeting.isdecimal() else 0,
            by=request.actor, at=request.at,
        ),
    )  # fmt: skip


@page(duty=LEADS)
@require_POST
def explain(request: WorkRequest, pk: int) -> HttpResponse:
    """Tell why demands are overdue."""
    ids = [int(one) for one in request.POST.getlist("demand") if one.isdecimal()]
    return _done(
        request, pk, _("已记录说明"),
        lambda: services.explain_demands(
            plenary_id=pk, demand_ids=ids, text=request.POST.get("text", ""), by=request.actor,
            at=request.at,
        ),
    )  # fmt: skip


@page(duty=LEADS)
@require_POST
def close(request: WorkRequest, pk: int) -> HttpResponse:
    """Close the session."""
    return _done(
        request, pk, _("已闭会"),
        lambda: services.close_plenary(plenary_id=pk, by=request.actor, at=request.at),
    )  # fmt: skip


def _done(request: WorkRequest, pk: int, told: str, deed: Callable[[], object]) -> HttpResponse:
    deed()
    messages.success(request, told)
    return redirect("command:plenary", pk)
