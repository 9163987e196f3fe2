"""Personal tokens for the API: shown once, revoked at once."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bihuan.core.errors import Refused
from bihuan.core.orgs.models import Token
from bihuan.core.orgs.services.tokens import make_token, revoke_token
from bihuan.web.account.forms import TokenForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page("post")
@never_cache
def tokens(request: WorkRequest) -> HttpResponse:
    """One's own tokens; a new one is bound to the post one acts in."""
    form, secret = TokenForm(request.POST or None, at=request.at), ""
    if form.is_valid():
        try:
            _made, secret = make_token(by=request.actor, at=request.at, **form.cleaned_data)
            form = TokenForm(at=request.at)
        except Refused as refused:
            form.refuse(refused)
    own = Token.objects.filter(account=request.user.pk, revoked_at=None).select_related("post")
    shown = {"form": form, "secret": secret, "tokens": own.order_by("-pk")}
    status = 422 if form.errors else 200
    return render(request, "account/tokens.html", shown, status=status)


@page("post")
@require_POST
def revoke(request: WorkRequest, token_id: int) -> HttpResponse:
    """End a token at once."""
    token = revoke_token(token_id=token_id, by=request.actor, at=request.at)
    messages.success(request, _("令牌“%(name)s”已作废。") % {"name": token.name})
    return redirect("account:tokens")
