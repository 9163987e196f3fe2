"""Plans as cubes of places × links × steps; second passes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bihuan.core.clock import local_date
from bihuan.supervision.selectors import plans as selectors
from bihuan.supervision.services import plans as services
from bihuan.supervision.services.plans import NewResult
from bihuan.web.attempts import attempt
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.supervision.forms.plans import PlanForm, SiteForm


@page(duty="loop.read")
def plans(request: WorkRequest) -> HttpResponse:
    """Every plan with the coverage of the reader's part."""
    rows, after = selectors.plans(by=request.actor, after=request.GET.get("after", ""))
    return render(request, "supervision/plans.html", {"rows": rows, "after": after, "tab": "plans"})


@page(duty="supervise.plan")
def draw_up(request: WorkRequest) -> HttpResponse:
    """A new plan, or a second pass."""
    form = PlanForm(request.POST or None, at=request.at, initial=request.GET.dict())
    form.fields["kinds"].choices = [  # type: ignore[attr-defined]
        (kind, f"{kind} ({n})") for kind, n in selectors.kinds(by=request.actor)
    ]
    rows, _after = selectors.plans(by=request.actor)
    form.fields["first"].choices = [  # type: ignore[attr-defined]
        ("", "—"), *((str(r.id), r.title) for r in rows if not r.second)
    ]  # fmt: skip
    plan = attempt(
        form, lambda _s: services.draw_up(given=form.given(), by=request.actor, at=request.at)
    )
    if plan is not None:
        return redirect("supervision:plan", plan.pk)
    return render(request, "supervision/draw_up.html", {"form": form})


@page(duty="loop.read")
def cube(request: WorkRequest, plan_id: int) -> HttpResponse:
    """Coverage by area and step, and the empty cells by name."""
    under = request.GET.get("under", "")
    on = local_date(request.at)
    found = selectors.cube(plan_id=plan_id, by=request.actor, on=on, under=under)
    missed = selectors.missed(plan=found.plan, by=request.actor)
    return render(request, "supervision/cube.html", {"cube": found, "missed": missed})


@page(duty="supervise.visit")
def site(request: WorkRequest, plan_id: int, site_id: int) -> HttpResponse:
    """One site's steps: the checklist on the phone."""
    by, at = request.actor, request.at
    sheet = selectors.site_sheet(plan_id=plan_id, site_id=site_id, by=by, at=at)
    second = sheet.plan.first_id is not None
    form = SiteForm(request.POST or None, steps=sheet.steps, second=second, at=at)
    filled = attempt(
        form,
        lambda _said: services.record_results(
            plan_id=plan_id, results=[NewResult(site_id, *r) for r in form.results()], by=by, at=at
        ),
    )
    if filled is not None:
        messages.success(request, _("已记录,新填 %(n)d 格") % {"n": filled})
        return redirect("supervision:plan", plan_id)
    return render(request, "supervision/site.html", {"sheet": sheet, "form": form})


@page(duty="loop.read")
def second(request: WorkRequest) -> HttpResponse:
    """Second passes, and what each shows the first to have missed."""
    rows = selectors.second_passes(by=request.actor)
    return render(request, "supervision/second.html", {"rows": rows, "tab": "second"})
