"""Teams and their visits."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.core.errors import NotFound
from bihuan.supervision.selectors import visits as selectors
from bihuan.supervision.services import visits as services
from bihuan.web.attempts import attempt
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.supervision.forms.visits import FindingForm, TeamForm, VisitForm


@page(duty="loop.read")
def visits(request: WorkRequest) -> HttpResponse:
    """Visits the post may know of, and the teams."""
    rows, after = selectors.visits(by=request.actor, after=request.GET.get("after", ""))
    teams = selectors.teams(by=request.actor, at=request.at)
    shown = {"rows": rows, "after": after, "teams": teams}
    return render(request, "supervision/visits.html", shown)


@page(duty="supervise.plan")
def form_team(request: WorkRequest) -> HttpResponse:
    """A new team."""
    by, at = request.actor, request.at
    form = TeamForm(request.POST or None, by=by, at=at)
    if attempt(form, lambda _said: services.form_team(given=form.given(), by=by, at=at)):
        messages.success(request, _("督查组已组建"))
        return redirect("supervision:visits")
    shown = {"form": form, "posts": selectors.posts_below(by=by), "title": _("组建督查组")}
    return render(request, "supervision/form.html", shown)


@page(duty="loop.read")
def plan_visit(request: WorkRequest, team_id: int) -> HttpResponse:
    """A new visit of a team, by one of its members."""
    by, at = request.actor, request.at
    services.member_team(team_id, by=by, at=at)
    form = VisitForm(request.POST or None, by=by, at=at)
    row = attempt(
        form, lambda _s: services.plan_visit(team_id=team_id, given=form.given(), by=by, at=at)
    )
    if row is not None:
        return redirect("supervision:visit", row.pk)
    shown = {"form": form, "posts": selectors.posts_below(by=by), "title": _("安排督查")}
    return render(request, "supervision/form.html", shown)


@page(duty="loop.read")
def visit(request: WorkRequest, visit_id: int) -> HttpResponse:
    """One visit: its links, its findings, what can be done now."""
    return _visit(request, visit_id)


def _visit(request: WorkRequest, visit_id: int, form: FindingForm | None = None) -> HttpResponse:
    found = selectors.visit_detail(visit_id=visit_id, by=request.actor, at=request.at)
    links = [link for link, _answer in found.links]
    shown = {"visit": found, "form": form or FindingForm(links=links, at=request.at)}
    return render(request, "supervision/visit.html", shown)


@page(duty="loop.read")
@require_POST
def find(request: WorkRequest, visit_id: int) -> HttpResponse:
    """File a finding."""
    by, at = request.actor, request.at
    links = selectors.fetch_visit(visit_id=visit_id, by=by).links
    form = FindingForm(request.POST, links=links, at=at)
    row = attempt(
        form, lambda _s: services.file_finding(visit_id=visit_id, given=form.given(), by=by, at=at)
    )
    if row is None:
        return _visit(request, visit_id, form)
    messages.success(request, _("已交办 %(number)s") % {"number": row.number})
    return redirect("supervision:visit", visit_id)


@page(duty="loop.read")
@require_POST
def deed(request: WorkRequest, visit_id: int, deed: str) -> HttpResponse:
    """Begin, answer a link, end, comment."""
    ask: dict[str, Any] = {"visit_id": visit_id, "by": request.actor, "at": request.at}
    said = request.POST
    if deed == "begin":
        services.begin_visit(**ask)
    elif deed == "answer":
        services.answer_link(**ask, link=said.get("link", ""), answer=said.get("answer", ""))
    elif deed == "end":
        services.end_visit(**ask)
    elif deed == "comment":
        services.comment_visit(**ask, comment=said.get("comment", ""))
    else:
        raise NotFound("not_found", deed=deed)
    return redirect("supervision:visit", visit_id)
