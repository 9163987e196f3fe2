"""Reports from the public: sent and followed without a name, answered by the desk."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bihuan.core.places.models import Place
from bihuan.safety.selectors.tips import place_of_token
from bihuan.safety.selectors.tips import tips as tip_rows
from bihuan.safety.services import tips as services
from bihuan.web.attempts import attempt
from bihuan.web.requests import AnyRequest, WorkRequest
from bihuan.web.rights import page
from bihuan.web.safety.forms.hazards import CodeForm, TipAnswerForm, TipForm


@page("public")
def report(request: AnyRequest) -> HttpResponse:
    """Anybody reports a hazard; nothing about who did is kept."""
    at = request.at
    token = request.GET.get("at", "")
    named = place_of_token(token) if token else ""
    known = {"token": token if named else "", "place": request.GET.get("place", "")}
    form = TipForm(request.POST or None, at=at, initial=known)
    code = attempt(
        form, lambda said: services.send_tip(given=form.given(_place(said["place"])), at=at)
    )
    shown = {"form": form, "code": code, "ask": CodeForm(at=at), "named": named}
    return render(request, "safety/report.html", shown)


def _place(said: str) -> int | None:
    rows = Place.objects.filter(valid_to=None).order_by("path")
    found = rows.filter(code=said.strip()) | rows.filter(name=said.strip())
    return found.values_list("pk", flat=True).first() if said.strip() else None


@page("public")
def follow(request: AnyRequest) -> HttpResponse:
    """What became of a report, for whoever holds its code."""
    form = CodeForm(request.POST or None, at=request.at)
    tip = attempt(form, lambda said: services.tip_by_code(code=said["code"]))
    return render(request, "safety/follow.html", {"form": form, "tip": tip})


@page(duty="task.do")
def tips(request: WorkRequest) -> HttpResponse:
    """The reports that the post answers."""
    return render(request, "safety/tips.html", {"rows": tip_rows(by=request.actor)})


@page(duty="task.do")
def tip(request: WorkRequest, tip_id: int) -> HttpResponse:
    """One report: its answer, then the reward paid out against the code."""
    by, at = request.actor, request.at
    row = services.fetch_tip(tip_id=tip_id, by=by)
    ask: dict[str, Any] = {"tip_id": tip_id, "by": by, "at": at}
    form: Any
    if row.answered_at is not None:
        form = CodeForm(request.POST or None, at=at)
        done = attempt(form, lambda said: services.pay_reward(code=said["code"], **ask))
        told = _("奖励已发放")
    else:
        placed = row.establishment_id is not None
        form = TipAnswerForm(request.POST or None, by=by, placed=placed, at=at)
        done = attempt(form, lambda _s: services.answer_tip(given=form.given(), **ask))
        told = _("已答复")
    if done is not None:
        messages.success(request, told)
        return redirect("safety:tip", tip_id)
    return render(request, "safety/tip.html", {"tip": row, "form": form})
