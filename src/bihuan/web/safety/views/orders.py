"""Stop-work orders and restart."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.core.errors import NotFound
from bihuan.safety.selectors.establishments import fetch_establishment
from bihuan.safety.selectors.writs import law_of
from bihuan.safety.services import orders as services
from bihuan.safety.types import WritKind
from bihuan.web.attempts import attempt
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.safety.forms.hazards import OrderForm


@page(duty="problem.accept")
def stop(request: WorkRequest, establishment_id: int) -> HttpResponse:
    """Order work to stand still."""
    by, at = request.actor, request.at
    place = fetch_establishment(establishment_id=establishment_id, by=by)
    said = request.GET.get("hazard", "")
    hazard = int(said) if said.isdecimal() else None
    known = {"basis": law_of(WritKind.STOP, at=at, scope=place.scope)}
    form = OrderForm(request.POST or None, at=at, initial=known)
    ask: dict[str, Any] = {"establishment_id": place.pk, "by": by, "at": at}
    row = attempt(form, lambda _s: services.order_stop(given=form.given(hazard), **ask))
    if row is not None:
        return redirect("safety:order", row.pk)
    title = _("停产停业指令:%(name)s") % {"name": place.venue.name}
    back = ("safety:establishment", place.venue.name, place.pk)
    if hazard is not None:
        back = ("safety:hazard", _("隐患"), hazard)
    shown = {"form": form, "title": title, "back": back, "verb": _("下达停产停业指令")}
    return render(request, "safety/form.html", shown)


@page(duty="loop.read")
def order(request: WorkRequest, order_id: int) -> HttpResponse:
    """One order: what stands still, what is checked, who signed."""
    row = services.fetch_order(order_id=order_id, by=request.actor)
    signatures = list(row.signatures.select_related("post").order_by("pk"))
    party = services.party_of(row, request.actor)
    ready = all(line["fine"] for line in row.checklist)
    shown = {
        "order": row, "signatures": signatures, "party": party,
        "signs": ready and party not in {one.party for one in signatures},
        "missing": services.restart_lacks(row), "writs": row.writs.order_by("pk"),
        "writ_forms": _writ_forms(request, row),
    }  # fmt: skip
    return render(request, "safety/order.html", shown)


def _writ_forms(request: WorkRequest, row: Any) -> list[tuple[str, Any, str]]:
    """The documents that the reader may issue now: kind, name, address."""
    if not request.actor.has("problem.accept") or row.owner_org_id == request.actor.org_id:
        return []
    kinds = [WritKind.STOP] + ([WritKind.RESTART] if row.lifted_at else [])
    return [
        (kind, kind.label, reverse("safety:order_writ", args=[row.pk, kind.value]))
        for kind in kinds
    ]


@page(duty="loop.read")
@require_POST
def deed(request: WorkRequest, order_id: int, deed: str) -> HttpResponse:
    """Answer a step, sign, lift."""
    ask: dict[str, Any] = {"order_id": order_id, "by": request.actor, "at": request.at}
    said = request.POST
    if deed == "answer":
        index = said.get("index", "")
        services.answer_step(
            index=int(index) if index.isdecimal() else -1, fine=said.get("fine") == "yes", **ask
        )
    elif deed == "sign":
        services.sign_restart(**ask)
    elif deed == "lift":
        services.lift_order(**ask)
    else:
        raise NotFound("not_found", deed=deed)
    return redirect("safety:order", order_id)
