"""Phases, topics and measures of a campaign: small forms on its page."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bihuan.core.errors import NotFound
from bihuan.safety.selectors.inspections import fetch_campaign
from bihuan.safety.services import programmes as services
from bihuan.safety.services.teams import hand_out
from bihuan.supervision.selectors.visits import posts_below
from bihuan.web.attempts import attempt
from bihuan.web.field.forms import HandOutForm, MeasureForm, PhaseForm, TopicForm
from bihuan.web.field.words import PHASE_DEEDS
from bihuan.web.forms import WorkForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page(duty="supervise.plan")
def deed(request: WorkRequest, campaign_id: int, deed: str) -> HttpResponse:
    """A phase, a topic, or a measure that came out of a hazard."""
    row = fetch_campaign(campaign_id=campaign_id, by=request.actor)
    ask: dict[str, Any] = {"campaign_id": row.pk, "by": request.actor, "at": request.at}
    form = _form(request, deed, row)
    done = attempt(form, lambda said: _DEEDS[deed](**said, **ask))
    if done is not None:
        messages.success(request, _("已保存。"))
        return redirect("safety:campaign", row.pk)
    shown = {"form": form, "title": f"{row.title} · {PHASE_DEEDS[deed]}",
             "back": ("safety:campaign", row.title, row.pk), "verb": PHASE_DEEDS[deed],
             "posts": posts_below(by=request.actor) if deed == "hand_out" else ()}  # fmt: skip
    return render(request, "safety/form.html", shown)


_DEEDS: dict[str, Any] = {
    "phase": services.set_phase, "topic": services.add_topic, "measure": services.add_measure,
    "hand_out": hand_out,
}  # fmt: skip


def _form(request: WorkRequest, deed: str, row: Any) -> WorkForm:
    data = request.POST or None
    if deed == "phase":
        return PhaseForm(data, at=request.at)
    if deed == "hand_out":
        return HandOutForm(data, by=request.actor, at=request.at)
    if deed == "topic":
        return TopicForm(data, at=request.at)
    if deed == "measure":
        choices = [(one.pk, one.title) for one in row.topics.order_by("pk")]
        return MeasureForm(data, at=request.at, topics=choices)
    raise NotFound("not_found", deed=deed)
