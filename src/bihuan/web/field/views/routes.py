"""Put a place on a route."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bihuan.safety.selectors import establishments as places
from bihuan.safety.selectors.inspections import lists_for, usual_checklist
from bihuan.safety.services.routes import assign_stop
from bihuan.supervision.selectors.visits import posts_below
from bihuan.web.attempts import attempt
from bihuan.web.field.forms import StopForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page(duty=("supervise.visit", "task.assign"))
def assign(request: WorkRequest, establishment_id: int) -> HttpResponse:
    """Who inspects the place, by which checklist, on which day."""
    by, at = request.actor, request.at
    place = places.fetch_establishment(establishment_id=establishment_id, by=by)
    posts = posts_below(by=by) if by.has("task.assign") else ()
    form = StopForm(request.POST or None, at=at, lists=lists_for(place, at=at),
                    posts=posts, own=by.post_id, usual=usual_checklist(place))  # fmt: skip
    row = attempt(form, lambda said: assign_stop(establishment_id=place.pk, by=by, at=at, **said))
    if row is not None:
        messages.success(request, _("已列入 %(day)s 的路线。") % {"day": row.day})
        return redirect("safety:establishment", place.pk)
    back = ("safety:establishment", place.venue.name, place.pk)
    shown = {"form": form, "title": _("列入路线"), "back": back}
    return render(request, "safety/form.html", shown)
