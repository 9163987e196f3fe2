"""One entry of responsibility: read, reply, decide; and the signature in a slot."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.core.errors import Refused
from bihuan.core.loops import services
from bihuan.core.loops.answering import responsibility_entry
from bihuan.core.orgs.services import sign_slot
from bihuan.web.forms import WorkForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.work.forms import DecisionForm, ReplyForm
from bihuan.web.work.loop_page import answerables


@page("post")
def responsibility(request: WorkRequest, pk: int) -> HttpResponse:
    """What is proposed, the answer so far, and the forms this post has."""
    return _shown(request, pk)


def _shown(request: WorkRequest, pk: int, **forms: WorkForm) -> HttpResponse:
    entry = responsibility_entry(responsibility_id=pk, by=request.actor)
    (line,) = answerables([entry], by=request.actor, at=request.at)
    shown = {
        "line": line, "reply": ReplyForm(at=request.at), "decision": DecisionForm(at=request.at),
        "visible": entry.scope.startswith(request.actor.scope), **forms,
    }  # fmt: skip
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "work/responsibility.html", shown, status=status)


@page("post")
@require_POST
def reply(request: WorkRequest, pk: int) -> HttpResponse:
    """The post concerned answers."""
    form = ReplyForm(request.POST, at=request.at)

    def answer() -> None:
        services.reply_responsibility(
            responsibility_id=pk, by=request.actor, at=request.at, **form.cleaned_data
        )

    return _tried(request, pk, "reply", form, answer)


@page(duty=("consequence.decide", "problem.accept"))
@require_POST
def decide(request: WorkRequest, pk: int) -> HttpResponse:
    """Decide, after the reply or the time for it."""
    form = DecisionForm(request.POST, at=request.at)

    def answer() -> None:
        services.decide_responsibility(
            responsibility_id=pk, by=request.actor, at=request.at, **form.cleaned_data
        )

    return _tried(request, pk, "decision", form, answer)


def _tried(
    request: WorkRequest, pk: int, name: str, form: WorkForm, answer: Callable[[], None]
) -> HttpResponse:
    """Do it and come back, or show the form again with what stands in the way."""
    if form.is_valid():
        try:
            answer()
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("已保存"))
            return redirect("work:responsibility", pk)
    return _shown(request, pk, **{name: form})


@page(duty="slot.sign")
@require_POST
def sign(request: WorkRequest, pk: int) -> HttpResponse:
    """The holder of a slot accepts the duty."""
    slot = sign_slot(slot_id=pk, by=request.actor, at=request.at)
    messages.success(request, _("已签字认领"))
    kind, _colon, serial = slot.subject.partition(":")
    return redirect("work:loop", int(serial)) if kind == "obligation" else redirect("work:mine")
