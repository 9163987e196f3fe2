"""Bodies: leading groups, committees, departments, nodes, units."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bihuan.core.clock import local_date
from bihuan.core.errors import Refused
from bihuan.core.orgs import services
from bihuan.core.orgs.staffing import orgs_under
from bihuan.core.places.selectors import place_by_code
from bihuan.web.admin.forms import OrgFilter, OrgForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page

MANAGE = "people.manage"


@page(duty=MANAGE)
def orgs(request: WorkRequest) -> HttpResponse:
    """The bodies of the place and below."""
    form = OrgFilter.read(request)
    rows, after = orgs_under(
        scope=request.actor.scope, text=form.said("text"), kind=form.said("kind"),
        after=request.GET.get("after", ""),
    )  # fmt: skip
    return render(request, "admin/orgs.html", {"form": form, "rows": rows, "after": after})


@page(duty=MANAGE)
def new_org(request: WorkRequest) -> HttpResponse:
    """Found a body in a place."""
    form = OrgForm(request.POST or None, at=request.at)
    if form.is_valid():
        said = form.cleaned_data
        try:
            place = place_by_code(said.pop("code"), local_date(request.at))
            made = services.found_org(place_id=place.pk, by=request.actor, at=request.at, **said)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("机构已设立,请设岗位。"))
            return redirect("admin:new_post", made.pk)
    status = 422 if form.errors else 200
    return render(request, "admin/new_org.html", {"form": form}, status=status)
