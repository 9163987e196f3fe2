"""The file of a cluster: its cases, its checklist, its hypothesis, its conclusion."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.core.errors import NotFound, Refused
from bihuan.core.loops.services import act
from bihuan.core.loops.types import MoveInput
from bihuan.core.packs import registry
from bihuan.epidemic.selectors import clusters as selectors
from bihuan.epidemic.selectors.sight import fetch_event
from bihuan.epidemic.services import clusters as services
from bihuan.web.attempts import answering
from bihuan.web.messages import words_for
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page(duty="case.write")
@require_POST
def new_cluster(request: WorkRequest, outbreak_id: int) -> HttpResponse:
    """Open the file of a place now, without waiting for the clock to do it."""
    said = request.POST
    event = fetch_event(event_id=outbreak_id, by=request.actor)
    try:
        first = date.fromisoformat(said.get("first", ""))
        row = services.open_cluster(
            event_id=event.pk, found=services.Found(said.get("name", ""), first),
            by=request.actor, at=request.at,
        )  # fmt: skip
    except ValueError:
        return redirect("investigation:chains", outbreak_id)
    except NotFound:
        raise
    except Refused as refused:
        messages.error(request, str(words_for(refused)))
        return redirect("investigation:chains", outbreak_id)
    return redirect("investigation:cluster", row.pk)


@page(duty="case.read")
def cluster(request: WorkRequest, cluster_id: int) -> HttpResponse:
    """One file, with what whoever looks at it may do."""
    by, at = request.actor, request.at
    row = selectors.fetch_cluster(cluster_id=cluster_id, by=by)
    cases = selectors.members(row=row, by=by, at=at)
    loop = row.obligation
    open_ = loop.closed_at is None
    shown = {
        "cluster": row, "loop": loop, "cases": cases, "bars": selectors.bars_of(cases),
        "steps": selectors.step_rows(row=row, at=at), "outcomes": services.outcomes_of(row, at),
        "pack": registry.by_edition(row.edition),
        "leads": by.has("case.write") and by.org_id == loop.owner_org_id
        and open_ and loop.state != "submitted",
        "judges": open_ and loop.state == "submitted" and by.has("task.accept")
        and by.org_id == loop.issuer_org_id,
    }  # fmt: skip
    return render(request, "investigation/cluster.html", shown)


@page(duty="case.read")
@require_POST
def deed(request: WorkRequest, cluster_id: int, deed: str) -> HttpResponse:
    """Tick a step, state a hypothesis, conclude; accept or return the conclusion."""
    selectors.fetch_cluster(cluster_id=cluster_id, by=request.actor)
    if deed not in DEEDS:
        raise NotFound("not_found", deed=deed)
    with answering(request, _("已记录")):
        DEEDS[deed](request, cluster_id)
    return redirect("investigation:cluster", cluster_id)


def _step(request: WorkRequest, pk: int) -> Any:
    said = request.POST
    return services.tick_step(
        cluster_id=pk, key=said.get("key", ""), state=said.get("state", ""),
        note=said.get("note", ""), by=request.actor, at=request.at,
    )  # fmt: skip


def _hypothesis(request: WorkRequest, pk: int) -> Any:
    text = request.POST.get("text", "")
    return services.state_hypothesis(cluster_id=pk, text=text, by=request.actor, at=request.at)


def _conclude(request: WorkRequest, pk: int) -> Any:
    said = request.POST
    return services.conclude(
        cluster_id=pk, outcome=said.get("outcome", ""), reason=said.get("reason", ""),
        by=request.actor, at=request.at,
    )  # fmt: skip


def _judge(request: WorkRequest, pk: int) -> Any:
    row = selectors.fetch_cluster(cluster_id=pk, by=request.actor)
    move = "accept" if request.POST.get("move") == "accept" else "return"
    given = MoveInput(note=request.POST.get("note", ""))
    return act(obligation_id=row.obligation_id, move=move, by=request.actor, at=request.at,
               given=given)  # fmt: skip


DEEDS = {"step": _step, "hypothesis": _hypothesis, "conclude": _conclude, "judge": _judge}
