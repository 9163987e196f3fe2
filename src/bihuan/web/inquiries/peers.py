"""The installations we have agreements with: keys, fingerprints, what waits for them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.core.errors import NotFound
from bihuan.epidemic.selectors.peers import peer_rows
from bihuan.epidemic.services import peers as services
from bihuan.web.attempts import answering, attempt
from bihuan.web.inquiries.forms import PeerForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page(duty="peer.manage")
def peers(request: WorkRequest) -> HttpResponse:
    """Peers and our own invitation."""
    by, at = request.actor, request.at
    form = PeerForm(request.POST or None, at=at)
    row = attempt(form, lambda _s: services.add_peer(given=form.given(), by=by, at=at))
    if row is not None:
        messages.success(request, _("已登记,待第二人核对指纹后生效"))
        return redirect("inquiries:peers")
    shown = {
        "rows": peer_rows(), "form": form, "invitation": services.invitation(at),
        "fingerprint": services.fingerprint(at),
    }  # fmt: skip
    return render(request, "inquiries/peers.html", shown)


@page(duty="peer.manage")
@require_POST
def deed(request: WorkRequest, peer_id: int, deed: str) -> HttpResponse:
    """Confirm or suspend a peer."""
    acts = {"confirm": services.confirm_peer, "suspend": services.suspend_peer}
    if deed not in acts:
        raise NotFound("not_found", deed=deed)
    with answering(request, _("已记录")):
        acts[deed](peer_id=peer_id, by=request.actor, at=request.at)
    return redirect("inquiries:peers")


@page(duty="peer.manage")
@require_POST
def change_key(request: WorkRequest) -> HttpResponse:
    """Take a new key; the old one announces it."""
    services.change_key(by=request.actor, at=request.at)
    messages.success(request, _("已换新密钥,由旧密钥通知各对接单位"))
    return redirect("inquiries:peers")
