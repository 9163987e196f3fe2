"""Plans of nodes: prevention and treatment side by side, target against actual."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.core.clock import local_date
from bihuan.core.errors import NotFound
from bihuan.epidemic.selectors import nodeplans as selectors
from bihuan.epidemic.services import nodeplans as services
from bihuan.web.attempts import answering, attempt
from bihuan.web.epidemic.forms import TargetsForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page(duty="epidemic.read")
def plans(request: WorkRequest) -> HttpResponse:
    """Plans of the place and below; open one's own for this year or the next."""
    by, at = request.actor, request.at
    said = request.POST.get("year", "")
    if said.isdecimal() and len(said) == 4:
        row = services.open_plan(year=int(said), by=by, at=at)
        return redirect("epidemic:plan", row.pk)
    year = local_date(at).year
    rows = selectors.plan_rows(by=by, at=at)
    own = {row.year for row in rows if row.scope == by.scope}
    shown = {
        "rows": rows,
        "required": [row for row in selectors.kinds_of(at, by.scope) if row["required"]],
        "years": [y for y in (year, year + 1) if y not in own] if by.has(services.DUTY) else [],
    }  # fmt: skip
    return render(request, "epidemic/plans.html", shown)


@page(duty="epidemic.read")
def plan(request: WorkRequest, plan_id: int) -> HttpResponse:
    """One plan: both sides, what is missing, its targets to be written."""
    return _plan(request, selectors.fetch_plan(plan_id=plan_id, by=request.actor))


def _form(request: WorkRequest, row: Any) -> TargetsForm:
    kinds = selectors.kinds_of(request.at, row.scope)
    return TargetsForm(request.POST or None, kinds=kinds, held=selectors.targets_of(row),
                       at=request.at)  # fmt: skip


def _plan(request: WorkRequest, row: Any, form: TargetsForm | None = None) -> HttpResponse:
    by, at = request.actor, request.at
    mine = by.has(services.DUTY) and row.scope == by.scope
    shown = {
        "plan": row, "sides": selectors.plan_lines(plan=row, by=by, at=at).items(), "mine": mine,
        "form": (form or _form(request, row)) if mine else None,
        "may_submit": mine and row.state in {"draft", "returned"},
        "may_decide": row.state == "submitted" and services.may_decide(row, by),
    }  # fmt: skip
    return render(request, "epidemic/plan.html", shown)


@page(duty="epidemic.read")
@require_POST
def deed(request: WorkRequest, plan_id: int, deed: str) -> HttpResponse:
    """Write targets, hand in, accept or return."""
    row = selectors.fetch_plan(plan_id=plan_id, by=request.actor)
    by, at, said = request.actor, request.at, request.POST
    if deed == "targets":
        form = _form(request, row)
        done = attempt(form, lambda _s: services.set_targets(
            plan_id=plan_id, targets=form.given(), by=by, at=at))  # fmt: skip
        if done is None:
            return _plan(request, row, form)
        messages.success(request, _("已保存"))
        return redirect("epidemic:plan", plan_id)
    deeds: dict[str, Callable[[], object]] = {
        "submit": lambda: services.submit_plan(plan_id=plan_id, by=by, at=at),
        "accept": lambda: services.decide_plan(plan_id=plan_id, accept=True, by=by, at=at),
        "return": lambda: services.decide_plan(
            plan_id=plan_id, accept=False, reason=said.get("reason", ""), by=by, at=at),
    }  # fmt: skip
    if deed not in deeds:
        raise NotFound("not_found", deed=deed)
    with answering(request, _("已记录")):
        deeds[deed]()
    return redirect("epidemic:plan", plan_id)
