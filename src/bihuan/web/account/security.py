"""One's own account: password and second factor."""

import pyotp
import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from bihuan.core.errors import Refused
from bihuan.core.orgs.models import Account
from bihuan.core.orgs.services.second_factor import (
    disable_second_factor,
    enable_second_factor,
    new_secret,
)
from bihuan.core.orgs.services.signin import change_password
from bihuan.web.account.forms import CodeForm, PasswordForm
from bihuan.web.requests import AnyRequest, account_id
from bihuan.web.rights import page

SECRET = "second_factor_secret"  # noqa: S105  the key under which the session keeps it


def own_account(request: AnyRequest) -> Account:
    """The account of whoever asks."""
    return Account.objects.select_related("person").get(pk=account_id(request))


@page("account")
def profile(request: AnyRequest) -> HttpResponse:
    """Who one is here, in which posts, and how safe the account is."""
    return render(request, "account/profile.html", {"account": own_account(request)})


@page("account")
@sensitive_post_parameters()
@never_cache
def password(request: AnyRequest) -> HttpResponse:
    """Change the password."""
    form = PasswordForm(request.POST or None, at=request.at)
    if form.is_valid():
        try:
            account = change_password(
                account_id=account_id(request), at=request.at, **form.cleaned_data
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            update_session_auth_hash(request, account)
            messages.success(request, _("密码已更改。"))
            return redirect("account:profile")
    status = 422 if form.errors else 200
    return render(request, "account/password.html", {"form": form}, status=status)


@page("account")
@never_cache
def second_factor(request: AnyRequest) -> HttpResponse:
    """Set up the second factor: show the secret, take a first code, give recovery codes."""
    secret = request.session.setdefault(SECRET, new_secret())
    form = CodeForm(request.POST or None, at=request.at)
    if form.is_valid():
        try:
            codes = enable_second_factor(
                account_id=account_id(request), secret=secret, at=request.at, **form.cleaned_data
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            del request.session[SECRET]
            return render(request, "account/recovery.html", {"codes": codes})
    shown = {"form": form, "secret": secret, "qr": _qr(secret, request.user.get_username())}
    status = 422 if form.errors else 200
    return render(request, "account/second_factor.html", shown, status=status)


def _qr(secret: str, username: str) -> str:
    address = pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name="Bihuan")
    return mark_safe(segno.make(address).svg_inline(scale=4))  # noqa: S308  drawn here, of our words


@page("account")
@never_cache
def second_factor_off(request: AnyRequest) -> HttpResponse:
    """Turn the second factor off, against a last code."""
    form = CodeForm(request.POST or None, at=request.at)
    if form.is_valid():
        try:
            disable_second_factor(
                account_id=account_id(request), at=request.at, **form.cleaned_data
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("已关闭第二重验证。"))
            return redirect("account:profile")
    status = 422 if form.errors else 200
    return render(request, "account/second_factor_off.html", {"form": form}, status=status)
