"""Meetings, and the ledgers of the bodies that sat."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from bihuan.command import services
from bihuan.command.selectors.demands import ledger
from bihuan.command.selectors.directives import meeting_detail, meeting_list
from bihuan.core.errors import Refused
from bihuan.intake.selectors.choices import body_choices
from bihuan.web.command.forms import MeetingForm
from bihuan.web.intake.forms import typed
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page(duty="loop.read")
def meetings(request: WorkRequest) -> HttpResponse:
    """Meetings the post may see, latest entry first."""
    rows, after = meeting_list(by=request.actor, after=request.GET.get("after", ""))
    return render(request, "command/meetings.html", {"rows": rows, "after": after})


@page(duty="directive.draft")
def new(request: WorkRequest) -> HttpResponse:
    """Record a meeting that answers no relay."""
    form = MeetingForm(
        typed(request), at=request.at, bodies=body_choices(by=request.actor)
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            held = services.record_meeting(
                given=form.meeting(relay_id=None), by=request.actor, at=request.at
            )
            return redirect("command:meeting", held.pk)
        except Refused as refused:
            form.refuse(refused)
    return render(request, "command/new_meeting.html", {"form": form})


@page(duty="loop.read")
def meeting(request: WorkRequest, pk: int) -> HttpResponse:
    """The record of a meeting with its frozen situation report."""
    found = meeting_detail(meeting_id=pk, by=request.actor)
    return render(request, "command/meeting.html", {"found": found})


@page(duty="loop.read")
def ledgers(request: WorkRequest) -> HttpResponse:
    """The demands in the book of one body of the post's place (M006)."""
    bodies = body_choices(by=request.actor)
    asked = request.GET.get("body", "")
    chosen = int(asked) if asked.isdecimal() else (bodies[0][0] if bodies else 0)
    rows = ledger(body_id=chosen, by=request.actor, at=request.at)
    told = {"bodies": bodies, "chosen": chosen, "rows": rows}
    return render(request, "command/ledgers.html", told)
