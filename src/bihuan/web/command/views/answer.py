"""How a node answers a relay: acknowledge, decide, answer each demand, plan."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.command import services
from bihuan.command.selectors import relays
from bihuan.command.selectors.sight import directive_of, fetch_relay
from bihuan.core.errors import Refused
from bihuan.core.loops import services as loops
from bihuan.core.loops.selectors import loop_row
from bihuan.intake.selectors.choices import body_choices
from bihuan.web.command.forms import MeetingForm, NoneHereForm, TaskForm
from bihuan.web.forms import WorkForm
from bihuan.web.intake.forms import typed
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.work.loop_page import posts_for


@page(duty="loop.read")
def relay(request: WorkRequest, pk: int) -> HttpResponse:
    """Each upper demand with the answer of the node; what is still missing."""
    return _page(request, pk)


def _page(request: WorkRequest, pk: int, **extra: Any) -> HttpResponse:
    by, at = request.actor, request.at
    found = fetch_relay(relay_id=pk, by=by)
    answers = relays.answers(relay_id=pk, by=by, at=at)
    own = found.owner_org_id == by.org_id
    told = {
        "relay": found, "row": loop_row(found, by=by, at=at), "directive": directive_of(found),
        "answers": answers, "missing": sum(1 for a in answers if a.outcome == "missing"),
        "meetings": relays.meetings_for(found), "directives": relays.directives_for(found),
        "answering": own and found.state in {"acknowledged", "planned", "returned"},
        "waiting": own and found.state == "issued",
    }  # fmt: skip
    status = 422 if extra else 200
    return render(request, "command/relay.html", told | extra, status=status)


@page(duty="relay.answer")
@require_POST
def acknowledge(request: WorkRequest, pk: int) -> HttpResponse:
    """Acknowledge the relay."""
    loops.act(obligation_id=pk, move="acknowledge", by=request.actor, at=request.at)
    return redirect("command:relay", pk)


@page(duty="relay.answer")
@require_POST
def plan(request: WorkRequest, pk: int) -> HttpResponse:
    """Lay down the local plan; refused while a demand has no answer, naming it."""
    try:
        services.plan_relay(relay_id=pk, by=request.actor, at=request.at)
    except Refused as refused:
        return _page(request, pk, refused=refused)
    messages.success(request, _("已完成分解,上级已看到。"))
    return redirect("command:relay", pk)


@page(duty="relay.answer")
def meeting(request: WorkRequest, pk: int) -> HttpResponse:
    """Record the node's own meeting or decision on the relay."""
    found = fetch_relay(relay_id=pk, by=request.actor)
    form = MeetingForm(
        typed(request), at=request.at, bodies=body_choices(by=request.actor),
        initial={"title": found.brief.title, "form": "special"},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            services.record_meeting(
                given=form.meeting(relay_id=pk), by=request.actor, at=request.at
            )
            return redirect("command:relay", pk)
        except Refused as refused:
            form.refuse(refused)
    return render(request, "command/new_meeting.html", {"form": form, "relay": found})


@page(duty="task.assign")
def task(request: WorkRequest, pk: int, demand_id: int) -> HttpResponse:
    """Answer a demand with a local task."""
    row = _demand(request, pk, demand_id)
    form = TaskForm(
        typed(request), at=request.at, initial=TaskForm.initial_of(row),
        posts=posts_for(scope=request.actor.scope, by=request.actor),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            services.map_to_task(
                relay_id=pk, demand_id=demand_id, shares=form.shares(),
                given=form.brief(domain=row.domain), due_at=form.cleaned_data["due_at"],
                by=request.actor, at=request.at,
            )  # fmt: skip
            return redirect(f"/relays/{pk}/#a{demand_id}")
        except Refused as refused:
            form.refuse(refused)
    return _asked(request, pk, row, form)


@page(duty="relay.answer")
def none_here(request: WorkRequest, pk: int, demand_id: int) -> HttpResponse:
    """Sign that a demand has nothing to do here."""
    row = _demand(request, pk, demand_id)
    form = NoneHereForm(typed(request), at=request.at)
    if request.method == "POST" and form.is_valid():
        try:
            services.say_none_here(
                relay_id=pk, demand_id=demand_id, reason=form.cleaned_data["reason"],
                by=request.actor, at=request.at,
            )  # fmt: skip
            return redirect(f"/relays/{pk}/#a{demand_id}")
        except Refused as refused:
            form.refuse(refused)
    return _asked(request, pk, row, form)


def _demand(request: WorkRequest, pk: int, demand_id: int) -> Any:
    return relays.demand_in(relay_id=pk, demand_id=demand_id, by=request.actor, at=request.at)


def _asked(request: WorkRequest, pk: int, row: Any, form: WorkForm) -> HttpResponse:
    told = {"form": form, "demand": row, "pk": pk, "signs": isinstance(form, NoneHereForm)}
    return render(request, "command/answer.html", told)
