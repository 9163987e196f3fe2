"""The checklist of a task and its five-part grade."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from bihuan.core.errors import NotFound
from bihuan.supervision.selectors import quality as selectors
from bihuan.supervision.services import quality as services
from bihuan.web.attempts import attempt
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.supervision.forms.checklists import StepsForm


@page(duty="loop.read")
def checklist(request: WorkRequest, task_id: int) -> HttpResponse:
    """Steps, answers and the grade."""
    return _checklist(request, task_id, StepsForm(at=request.at))


def _checklist(request: WorkRequest, task_id: int, form: StepsForm) -> HttpResponse:
    found = selectors.checklist(task_id=task_id, by=request.actor, at=request.at)
    return render(request, "supervision/checklist.html", {"list": found, "form": form})


@page(duty="task.assign")
@require_POST
def set_steps(request: WorkRequest, task_id: int) -> HttpResponse:
    """Add steps."""
    by, at = request.actor, request.at
    form = StepsForm(request.POST, at=at)
    done = attempt(
        form,
        lambda _s: services.set_checklist(task_id=task_id, steps=form.given(), by=by, at=at),
    )
    if done is None:
        return _checklist(request, task_id, form)
    return redirect("supervision:checklist", task_id)


@page(duty=("task.do", "task.assign"))
@require_POST
def deed(request: WorkRequest, step_id: int, deed: str) -> HttpResponse:
    """Answer a step, or approve the exception asked for."""
    ask: dict[str, Any] = {"step_id": step_id, "by": request.actor, "at": request.at}
    said = request.POST
    if deed == "answer":
        answer, reason = said.get("answer", ""), said.get("reason", "")
        step = services.answer_step(**ask, answer=answer, reason=reason)
    elif deed == "approve":
        step = services.approve_exception(**ask)
    else:
        raise NotFound("not_found", deed=deed)
    return redirect("supervision:checklist", step.task_id)
