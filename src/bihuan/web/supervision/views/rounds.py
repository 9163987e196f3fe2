"""Rounds of cross inspection."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bihuan.supervision.selectors import visits as selectors
from bihuan.supervision.services.rounds import draw_round
from bihuan.web.attempts import attempt
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.supervision.forms.visits import RoundForm


@page(duty="loop.read")
def rounds(request: WorkRequest) -> HttpResponse:
    """Who inspects whom, round by round."""
    return render(
        request, "supervision/rounds.html", {"rounds": selectors.rounds(by=request.actor)}
    )


@page(duty="supervise.plan")
def draw(request: WorkRequest) -> HttpResponse:
    """Draw a new round; an impossible one is said to be so, with the reason."""
    by, at = request.actor, request.at
    form = RoundForm(request.POST or None, orgs=selectors.candidates_for_round(by=by), at=at)
    row = attempt(form, lambda _said: draw_round(given=form.given(), by=by, at=at))
    if row is not None:
        messages.success(request, _("已排定"))
        return redirect("supervision:rounds")
    return render(request, "supervision/form.html", {"form": form, "title": _("排定交叉检查")})
