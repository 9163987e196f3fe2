"""The paper burden: forms, what is asked, how long it takes, photos used twice."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bihuan.supervision.selectors import burden as selectors
from bihuan.supervision.services import burden as services
from bihuan.web.attempts import attempt
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.supervision.forms.burden import AskForm, FigureForm, FillForm


@page(duty="loop.read")
def burden(request: WorkRequest) -> HttpResponse:
    """Minutes per township and week, forms, twins."""
    by, at = request.actor, request.at
    shown = {
        "burden": selectors.burden(by=by, at=at),
        "forms": selectors.forms(by=by, at=at),
        "twins": selectors.twins(by=by),
        "tab": "burden",
    }
    return render(request, "supervision/burden.html", shown)


@page(duty="supervise.plan")
def write(request: WorkRequest) -> HttpResponse:
    """A new form."""
    by, at = request.actor, request.at
    form = FigureForm(request.POST or None, at=at)
    if attempt(form, lambda _said: services.write_form(given=form.given(), by=by, at=at)):
        return redirect("supervision:burden")
    return render(request, "supervision/form.html", {"form": form, "title": _("新立报表")})


@page(duty="supervise.plan")
def ask(request: WorkRequest) -> HttpResponse:
    """Ask places for a figure; what is known is refused with the way to it."""
    by, at = request.actor, request.at
    figures = selectors.open_figures(by=by, at=at)
    places = selectors.places_to_ask(by=by)
    form = AskForm(request.POST or None, figures=figures, places=places, at=at)
    rows = attempt(form, lambda _said: services.ask_figure(**form.given(), by=by, at=at))
    if rows:
        messages.success(request, _("已布置 %(n)d 项填报") % {"n": len(rows)})
        return redirect("supervision:asks")
    return render(request, "supervision/form.html", {"form": form, "title": _("布置填报")})


@page(duty="loop.read")
def asks(request: WorkRequest) -> HttpResponse:
    """What is asked of the places in the area."""
    shown = {"rows": selectors.asks(by=request.actor), "tab": "asks"}
    return render(request, "supervision/asks.html", shown)


@page(duty="loop.read")
def fill(request: WorkRequest, ask_id: int) -> HttpResponse:
    """One figure: read by whoever may, filled in by the place that was asked."""
    by, at = request.actor, request.at
    row = selectors.ask_detail(ask_id=ask_id, by=by)
    form = FillForm(request.POST or None, at=at)
    if row.mine and row.filled_at is None:
        services.open_ask(ask_id=ask_id, by=by, at=at)
    done = attempt(
        form,
        lambda said: services.fill_figure(ask_id=ask_id, value=said["value"], by=by, at=at),
    )
    if done is not None:
        messages.success(request, _("已填报"))
        return redirect("supervision:asks")
    return render(request, "supervision/fill.html", {"row": row, "form": form})
