"""Home, the whole menu, help, language, display."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from bihuan.core.orgs.services.signin import choose_language
from bihuan.web.context import THEME_COOKIE, THEMES
from bihuan.web.nav import rail
from bihuan.web.requests import AnyRequest, WorkRequest
from bihuan.web.rights import page

YEAR_SECONDS = 365 * 86_400


@page("post")
def home(request: WorkRequest) -> HttpResponse:
    """The first page of the rail that this post sees."""
    groups = rail(request.actor, path="/", at=request.at)
    return redirect(groups[0].lines[0].href if groups else "account:profile")


@page("post")
def more(request: WorkRequest) -> HttpResponse:
    """Every page of this post: what a phone's bottom bar leaves out."""
    return render(request, "pages/more.html")


@page("account")
def help_page(request: AnyRequest) -> HttpResponse:
    """Keys, and how to read states and deadlines."""
    return render(request, "pages/help.html")


@page("public")
@require_POST
def language(request: AnyRequest) -> HttpResponse:
    """Choose the language, on this device and for one's account."""
    answer = redirect(_back(request))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR_SECONDS, samesite="Lax"
        )
        if request.user.is_authenticated:
            choose_language(account_id=request.user.pk, language=chosen)
    return answer


@page("public")
@require_POST
def theme(request: AnyRequest) -> HttpResponse:
    """Light for the desk, dark for the wall; on this device."""
    answer = redirect(_back(request))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        answer.set_cookie(THEME_COOKIE, chosen, max_age=YEAR_SECONDS, samesite="Lax")
    return answer


def _back(request: HttpRequest) -> str:
    asked = request.POST.get("next", "/")
    own = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return asked if own else "/"
