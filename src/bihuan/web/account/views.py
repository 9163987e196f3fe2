"""Sign in, sign out, choose the post to act in."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from bihuan.core.errors import Invalid, NotFound, TooMany
from bihuan.core.orgs.models import Account
from bihuan.core.orgs.selectors import actor_for
from bihuan.core.orgs.services.second_factor import pass_second_factor
from bihuan.core.orgs.services.signin import note_sign_in
from bihuan.web.account.forms import CodeForm, SignInForm
from bihuan.web.middleware import POST_KEY
from bihuan.web.refusals import refusal
from bihuan.web.requests import AnyRequest, WorkRequest, account_id
from bihuan.web.rights import page

BACKEND = "django.contrib.auth.backends.ModelBackend"
WAITING = "second_step"  # whose password was right, and since when
LONGEST_WAIT = timedelta(minutes=5)


@page("public")
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: AnyRequest) -> HttpResponse:
    """User name and password; the second factor afterwards, if there is one."""
    if request.user.is_authenticated:
        return redirect(_next(request))
    form = SignInForm(request.POST or None, at=request.at)
    if form.is_valid():
        account = authenticate(request, **form.cleaned_data)
        if isinstance(account, Account):
            return _first_step_done(request, account)
        form.refuse(Invalid("sign_in.wrong", field="password"))
    shown = {"form": form, "next": _next(request), "accounts": demo_accounts()}
    return render(request, "account/sign_in.html", shown, status=422 if form.errors else 200)


def _first_step_done(request: AnyRequest, account: Account) -> HttpResponse:
    if not account.second_factor:
        return _enter(request, account, how="password")
    request.session.cycle_key()
    request.session[WAITING] = [account.pk, request.at.timestamp(), _next(request)]
    return redirect("account:second_step")


@page("public")
@never_cache
def second_step(request: AnyRequest) -> HttpResponse:
    """The code of the second factor. A wrong one counts as a failed sign-in."""
    account = _waiting(request)
    form = CodeForm(request.POST or None, at=request.at)
    if form.is_valid():
        code = form.cleaned_data["code"]
        if pass_second_factor(account_id=account.pk, code=code, at=request.at):
            return _enter(request, account, how="second_factor")
        user_login_failed.send(
            __name__, credentials={"username": account.username}, request=request
        )
        form.refuse(Invalid("second_factor.wrong", field="code"))
    status = 422 if form.errors else 200
    return render(request, "account/second_step.html", {"form": form}, status=status)


def _waiting(request: AnyRequest) -> Account:
    """Whose password was right a moment ago. Raises Invalid("second_factor.expired")."""
    number, since, _address = request.session.get(WAITING, (0, 0, ""))
    if request.at.timestamp() - since > LONGEST_WAIT.total_seconds():
        request.session.pop(WAITING, None)
        raise Invalid("second_factor.expired")
    return Account.objects.get(pk=number, is_active=True)


def _enter(request: AnyRequest, account: Account, *, how: str) -> HttpResponse:
    address = request.session.pop(WAITING, (0, 0, _next(request)))[2]
    login(request, account, backend=BACKEND)
    note_sign_in(account_id=account.pk, at=request.at, how=how)
    answer = redirect(address)
    if account.language:
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, account.language, samesite="Lax")
    return answer


@page("demo")
@require_POST
def demo_sign_in(request: AnyRequest) -> HttpResponse:
    """One click into an account of the demonstration."""
    username = request.POST.get("username", "")
    account = Account.objects.filter(username=username, is_active=True).first()
    if account is None or username not in {known.username for known in demo_accounts()}:
        raise NotFound("sign_in.no_such_demo_account")
    return _enter(request, account, how="demo")


def demo_accounts() -> tuple[Any, ...]:
    """The accounts a visitor of the demonstration may use; none anywhere else."""
    return tuple(settings.DEMO_ACCOUNTS) if settings.DEMO else ()


def locked_out(
    request: AnyRequest, _response: HttpResponse | None = None, _who: Any = None
) -> HttpResponse:
    """The answer of django-axes once a name failed too often from one address: 429."""
    return refusal(request, TooMany("sign_in.locked"))


@page("account")
@require_POST
def sign_out(request: AnyRequest) -> HttpResponse:
    """Leave."""
    logout(request)
    return redirect("account:sign_in")


@page("post")
@require_POST
def act_as(request: WorkRequest) -> HttpResponse:
    """Act in another of one's posts from now on."""
    chosen = actor_for(account_id=account_id(request), post_id=_number(request), at=request.at)
    request.session[POST_KEY] = chosen.post_id
    return redirect("pages:home")


def _number(request: HttpRequest) -> int:
    try:
        return int(request.POST.get("post", ""))
    except ValueError:
        raise NotFound("post.not_found") from None


def _next(request: HttpRequest) -> str:
    """Where to go afterwards: an address of this site only."""
    asked = request.POST.get("next") or request.GET.get("next") or "/"
    own = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return asked if own else "/"
