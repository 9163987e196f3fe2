"""Where to look: the matrix, plans with their coverage, case load of inspectors."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.safety.selectors import targeting as selectors
from bihuan.safety.selectors.establishments import sectors
from bihuan.safety.selectors.joint import unmerged
from bihuan.safety.services.plans import draw_plan, set_staffing
from bihuan.supervision.selectors.visits import posts_below
from bihuan.web.attempts import attempt
from bihuan.web.field.forms import PlanForm, StaffingForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page

BACK = ("field:plans", gettext_lazy("检查计划"))
PLAN = "supervise.plan"


@page(duty="supervise.visit")
def plans(request: WorkRequest) -> HttpResponse:
    """Key problems, key periods, key industries; both hit rates; the plans."""
    by, at = request.actor, request.at
    names = {row.pk: row for row in sectors()}
    found = selectors.matrix(by=by, at=at)
    keys = [(cell, rate, names.get(cell.sector)) for cell, rate in found.keys]
    shown = {"matrix": found, "keys": keys[:30], "rows": selectors.plans(by=by),
             "unmerged": unmerged(by=by, at=at)}  # fmt: skip
    return render(request, "field/plans.html", shown)


@page(duty=PLAN)
def draw(request: WorkRequest) -> HttpResponse:
    """A plan from the matrix."""
    by, at = request.actor, request.at
    form = PlanForm(request.POST or None, by=by, at=at)
    row = attempt(form, lambda _s: draw_plan(given=form.given(), by=by, at=at))
    if row is not None:
        return redirect("field:plan", row.pk)
    shown = {"form": form, "title": _("制定检查计划"), "back": BACK, "posts": posts_below(by=by)}
    return render(request, "safety/form.html", shown)


@page(duty="supervise.visit")
def plan(request: WorkRequest, plan_id: int) -> HttpResponse:
    """One plan: coverage by sector, what was expected and what was found."""
    row = selectors.fetch_plan(plan_id=plan_id, by=request.actor)
    figures = selectors.plan_figures(row, at=request.at)
    return render(request, "field/plan.html", {"row": row, "figures": figures})


@page(duty="supervise.visit")
def load(request: WorkRequest) -> HttpResponse:
    """Places for each inspector, by township, and who is missing."""
    rows = selectors.case_load(by=request.actor, at=request.at)
    return render(request, "field/load.html", {"rows": rows, "guide": rows[0].guide if rows else 0})


@page(duty=PLAN)
def staffing(request: WorkRequest, place_id: int) -> HttpResponse:
    """The staff of one place."""
    by, at = request.actor, request.at
    town = selectors.fetch_town(place_id=place_id, by=by)
    form = StaffingForm(request.POST or None, at=at)
    row = attempt(
        form, lambda _s: set_staffing(place_id=place_id, given=form.given(), by=by, at=at)
    )
    if row is not None:
        messages.success(request, _("已保存。"))
        return redirect("field:load")
    shown = {
        "form": form,
        "title": f"{town.name} · {_('监管人员')}",
        "back": ("field:load", _("监管力量")),
    }
    return render(request, "safety/form.html", shown)
