"""Lines upward: bring a matter to a desk above, and see how many hops and hours each route takes."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bihuan.command.selectors.lines import desks_above, routes
from bihuan.command.selectors.lines import lines as line_rows
from bihuan.core.errors import Refused
from bihuan.core.loops.services import ask
from bihuan.web.command.forms import MatterForm
from bihuan.web.intake.forms import typed
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page(duty="relay.answer")
def lines(request: WorkRequest) -> HttpResponse:
    """Matters brought up, newest first, and the figures of every route."""
    by, at = request.actor, request.at
    rows, after = line_rows(by=by, at=at, after=request.GET.get("after", ""))
    shown: dict[str, Any] = {"rows": rows, "after": after, "routes": routes(by=by, at=at)}
    return render(request, "command/lines.html", shown | {"above": desks_above(by=by)})


@page(duty="relay.answer")
def new_line(request: WorkRequest) -> HttpResponse:
    """Bring a matter up."""
    form = MatterForm(typed(request), at=request.at, above=desks_above(by=request.actor))
    if request.method == "POST" and form.is_valid():
        try:
            given = form.matter()
            row = ask(given=given, by=request.actor, at=request.at)
            told = _("已送达,中间各级同时收到抄送。") if given.direct else _("已送达上一级。")
            messages.success(request, told)
            return redirect("work:loop", row.pk)
        except Refused as refused:
            form.refuse(refused)
    status = 422 if form.errors else 200
    return render(request, "command/new_line.html", {"form": form}, status=status)
