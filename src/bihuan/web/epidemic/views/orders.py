"""Control orders, the public page of what is in force, appeals."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.core.clock import local_date
from bihuan.core.errors import NotFound
from bihuan.core.packs import registry
from bihuan.core.packs.types import Pack
from bihuan.core.places.models import Place
from bihuan.epidemic.rules.areas import drawn
from bihuan.epidemic.selectors import orders as selectors
from bihuan.epidemic.selectors.areas import (
    AreaOption,
    area_options,
    chosen_area,
    drawn_area,
    exposures,
    judged_on,
    land,
    stricter_than_above,
)
from bihuan.epidemic.selectors.sight import fetch_event, fetch_order
from bihuan.epidemic.services import orders as services
from bihuan.epidemic.services.cases import edition_of
from bihuan.web.attempts import answering, attempt
from bihuan.web.epidemic.forms import AnswerForm, AppealForm, CodeForm, JudgeForm, OrderForm
from bihuan.web.requests import AnyRequest, WorkRequest
from bihuan.web.rights import page

MOST_BYTES = 1_000_000  # of an outline


@page(duty="epidemic.read", past=True)
def orders(request: WorkRequest) -> HttpResponse:
    """Orders of the place, and the appeals that wait."""
    return _orders(request)


def _orders(request: WorkRequest, **more: Any) -> HttpResponse:
    by, at = request.actor, request.at
    shown = {
        "rows": selectors.order_rows(by=by, at=at),
        "appeals": selectors.open_appeals(by=by, at=at),
        "figures": selectors.appeal_figures(by=by, at=at),
        "now": at,
    }
    return render(request, "epidemic/orders.html", shown | more)


@page(duty="order.draft")
def new_order(request: WorkRequest, outbreak_id: int) -> HttpResponse:
    """Draft an order."""
    by, at = request.actor, request.at
    event = fetch_event(event_id=outbreak_id, by=by)
    pack = edition_of(event, at)
    told = _proposed(event, pack, request) | request.GET.dict()
    form = OrderForm(request.POST or None, pack=pack, at=at, scope=by.scope, initial=told)
    row = attempt(
        form, lambda _s: services.draft_order(given=form.given(outbreak_id), by=by, at=at)
    )
    if row is not None:
        return redirect("epidemic:order", row.pk)
    return render(request, "epidemic/form.html", {"form": form, "title": _("起草措施")})


def _proposed(event: Any, pack: Pack, request: WorkRequest) -> dict[str, Any]:
    """The measures of the chosen grade, the services they owe, the day of the last case."""
    menu = registry.edition("response", request.at).rows("measure")
    zone = pack.rows("zone").get(request.GET.get("level", ""), {})
    measures = [key for key in zone.get("measures", ()) if key in menu]
    seen = exposures(event, request.at, pack)
    last = max((local_date(case.diagnosed_at) for case in seen), default=None)
    owed = dict.fromkeys(service for key in measures for service in menu[key]["services"])
    return {"measures": measures, "services": list(owed), "last_case": last}


@page(duty="order.draft")
def areas(request: WorkRequest, outbreak_id: int) -> HttpResponse:
    """Areas an order could cover, the smallest proposed, with what each costs."""
    event = fetch_event(event_id=outbreak_id, by=request.actor)
    pack = edition_of(event, request.at)
    cases = exposures(event, request.at, pack)
    options = area_options(event=event, pack=pack, at=request.at)
    shown = {
        "event": event, "pack": pack, "cases": cases, "options": options,
        "grades": pack.tables.get("zone", ()),
    }  # fmt: skip
    if options:
        shown |= _own_area(request, options, cases=cases, pack=pack)
    return render(request, "epidemic/areas.html", shown)


def _own_area(request: WorkRequest, options: tuple[AreaOption, ...], **told: Any) -> dict[str, Any]:
    """The land one level above the proposal; what was chosen on it (`?pick=`) or drawn."""
    picks, outline = request.GET.getlist("pick"), request.GET.get("outline", "")
    ask = {"within_path": options[-1].place.path, "at": request.at, **told}
    above = options[min(1, len(options) - 1)].place
    own = drawn_area(text=outline, **ask) if outline else chosen_area(codes=picks, **ask)
    return {"land": land(path=above.path, cases=told["cases"]), "own": own, "picks": picks,
            "outline": outline, "above": above}  # fmt: skip


@page(duty="order.draft")
@require_POST
def outline(request: WorkRequest, order_id: int) -> HttpResponse:
    """Give a draft its outline, typed or from a file."""
    file = request.FILES.get("file")
    said = file.read(MOST_BYTES).decode("utf-8-sig", "replace") if file else ""
    with answering(request, _("已记录")):
        services.outline_order(order_id=order_id, text=said or request.POST.get("outline", ""),
                               by=request.actor, at=request.at)  # fmt: skip
    return redirect("epidemic:order", order_id)


@page("public")
def judge(request: AnyRequest) -> HttpResponse:
    """How a place stood on a day, by the list of that day."""
    form = JudgeForm(request.GET or None, at=request.at)
    rows = None
    if form.is_bound and form.is_valid():
        place = Place.objects.get(pk=form.cleaned_data["place"])
        rows = judged_on(path=place.path, day=form.cleaned_data["day"])
    return render(request, "epidemic/judge.html", {"form": form, "rows": rows})


@page(duty="epidemic.read")
def order(request: WorkRequest, order_id: int) -> HttpResponse:
    """One order with what the rules say against it."""
    row = fetch_order(order_id=order_id, by=request.actor)
    pack = edition_of(row.event, request.at, scope=row.scope)
    shown = {"order": row, "row": selectors.order_row(row, request.at),
             "broken": services.findings(row, pack),
             "stricter": stricter_than_above(row, pack, request.at),
             "outline": drawn(row.outline) if row.outline else ""}  # fmt: skip
    return render(request, "epidemic/order.html", shown)


@page(duty="order.sign")
@require_POST
def deed(request: WorkRequest, order_id: int, deed: str) -> HttpResponse:
    """Sign an order, or lift it before its time."""
    acts = {"sign": services.sign_order, "lift": services.lift_order}
    if deed not in acts:
        raise NotFound("not_found", deed=deed)
    with answering(request, _("已记录")):
        acts[deed](order_id=order_id, by=request.actor, at=request.at)
    return redirect("epidemic:order", order_id)


@page(duty=("order.draft", "order.sign"))
@require_POST
def answer(request: WorkRequest, appeal_id: int) -> HttpResponse:
    """Answer an appeal; refused, the page comes again with what was typed and why."""
    selectors.fetch_appeal(appeal_id=appeal_id, by=request.actor)
    form = AnswerForm(request.POST, at=request.at)
    row = attempt(form, lambda said: services.answer_appeal(
        appeal_id=appeal_id, granted=request.POST.get("granted") == "yes", answer=said["answer"],
        by=request.actor, at=request.at))  # fmt: skip
    if row is None:
        return _orders(request, answering=appeal_id, form=form)
    messages.success(request, _("已答复"))
    return redirect("epidemic:orders")


@page("public", past=True)
def in_force(request: AnyRequest) -> HttpResponse:
    """What is in force and until when, for everybody."""
    rows = selectors.public_orders(at=request.at)
    return render(request, "epidemic/in_force.html", {"rows": rows})


@page("public")
def appeal(request: AnyRequest) -> HttpResponse:
    """Anybody may contest an order (`?order=`) or ask for an exception."""
    number = request.GET.get("order", "")
    order_id = int(number) if number.isdecimal() else 0
    order = next((o for o in selectors.public_orders(at=request.at) if o.id == order_id), None)
    if order is None:  # nothing is chosen, or it is no longer in force
        return render(request, "epidemic/appealed.html", {"over": True})
    form = AppealForm(request.POST or None, at=request.at)
    row = attempt(
        form, lambda said: services.appeal(order_id=order_id, text=said["text"], at=request.at)
    )
    shown = {"order": order} | ({"appeal": row} if row is not None else {"form": form})
    return render(request, "epidemic/appealed.html", shown)


@page("public")
def appeal_answer(request: AnyRequest) -> HttpResponse:
    """The answer to an appeal, by its code."""
    form = CodeForm(request.POST or None, at=request.at)
    row = attempt(form, lambda said: selectors.appeal_by_code(said["code"]))
    return render(request, "epidemic/appealed.html", {"appeal": row, "form": form})
