"""Enter a problem; see the weakest links."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.safety.selectors.hazards import is_hazard
from bihuan.supervision.selectors import problems as selectors
from bihuan.supervision.selectors.visits import posts_below
from bihuan.supervision.services.problems import enter_problem, open_sweep
from bihuan.web.attempts import attempt
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.supervision.forms.problems import ProblemForm


@page(duty="problem.find")
def enter(request: WorkRequest) -> HttpResponse:
    """Find → register, with proof, in one go."""
    by, at = request.actor, request.at
    form = ProblemForm(request.POST or None, request.FILES or None, by=by, at=at)
    row = attempt(
        form, lambda _said: enter_problem(given=form.given(), photos=form.proofs(), by=by, at=at)
    )
    if row is not None:
        messages.success(request, _("已登记 %(number)s") % {"number": row.number})
        return redirect("work:loop", row.pk)
    return render(request, "supervision/enter.html", {"form": form, "posts": posts_below(by=by)})


@page(duty="loop.read")
def weak(request: WorkRequest) -> HttpResponse:
    """Pairs by shortfall, and types that recur."""
    shown = {
        "pairs": selectors.weaknesses(by=request.actor),
        "types": selectors.common_types(by=request.actor, at=request.at),
    }
    return render(request, "supervision/weak.html", shown)


@page(duty="task.assign")
@require_POST
def sweep(request: WorkRequest, problem_id: int) -> HttpResponse:
    """Check every similar place."""
    n = open_sweep(problem_id=problem_id, by=request.actor, at=request.at)
    messages.success(request, _("已向 %(n)d 处同类场所下达排查任务") % {"n": n})
    page = "safety:hazard" if is_hazard(obligation_id=problem_id) else "work:loop"
    return redirect(page, problem_id)
