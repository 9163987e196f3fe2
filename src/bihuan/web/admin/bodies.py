"""Bodies: leading groups, committees, departments, nodes, units."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.core.clock import local_date
from bihuan.core.errors import NotFound, Refused
from bihuan.core.orgs import services
from bihuan.core.orgs.models import Org, SectorOwner
from bihuan.core.orgs.staffing import orgs_under
from bihuan.core.places.selectors import place_by_code
from bihuan.core.places.types import within
from bihuan.web.admin.forms import OrgFilter, OrgForm, SectorsForm
from bihuan.web.attempts import attempt
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


@page(duty=MANAGE)
def sectors(request: WorkRequest, org_id: int) -> HttpResponse:
    """The sectors that a department runs in its place: it is owner of their units and sees them."""
    rows = Org.objects.filter(within("scope", request.actor.scope), valid_to=None)
    org = rows.filter(pk=org_id).first()
    if org is None:
        raise NotFound("org.not_found")
    run = list(SectorOwner.objects.filter(place=org.place_id).select_related("org"))
    held = [one.sector_id for one in run if one.org_id == org.pk]
    others = {one.sector_id: one.org.name for one in run if one.org_id != org.pk}
    form = SectorsForm(
        request.POST or None, at=request.at, others=others, initial={"sectors": held},
        english=(get_language() or "").startswith("en"),
    )  # fmt: skip
    ask: dict[str, Any] = {"org_id": org_id, "by": request.actor, "at": request.at}
    if attempt(form, lambda said: services.share_out(**said, **ask)):
        messages.success(request, _("已保存。该部门现在看得到所管行业的内容。"))
        return redirect("admin:orgs")
    status = 422 if form.errors else 200
    return render(request, "admin/sectors.html", {"form": form, "org": org}, status=status)
