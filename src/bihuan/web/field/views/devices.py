"""Devices of the field app: the list, and the end of a lost one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.safety.selectors import devices as selectors
from bihuan.safety.services.devices import revoke_device
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page("post")
def devices(request: WorkRequest) -> HttpResponse:
    """One's own devices; whoever keeps the people sees those of the area too."""
    return render(request, "field/devices.html", {"rows": selectors.devices(by=request.actor)})


@page("post")
@require_POST
def revoke(request: WorkRequest, device_id: int) -> HttpResponse:
    """Revoke a lost device."""
    row = revoke_device(device_id=device_id, by=request.actor, at=request.at)
    messages.success(request, _("“%(name)s”已停用,下次联网时自行清除。") % {"name": row.name})
    return redirect("field:devices")
