"""From a refusal to what the person sees: what happened, is anything lost, what to do, a number."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from bihuan.core.errors import Refused, Unauthenticated
from bihuan.core.orgs.rules import DUTIES
from bihuan.core.orgs.types import Role
from bihuan.web.messages import duties_in, words_for
from bihuan.web.requests import AnyRequest, is_htmx
from bihuan.web.words import Words, duty_words, role_words

SIGN_IN = "account:sign_in"


def refusal(request: AnyRequest, refused: Refused) -> HttpResponse:
    """The answer to a refused request: a whole page, or a toast for a part of one."""
    if isinstance(refused, Unauthenticated):
        return _ask_to_sign_in(request)
    told = {
        "code": refused.code, "status": refused.status, "words": words_for(refused),
        "facts": refused.facts, "number": request.number, "wrote": request.method == "POST",
        "lacking": _lacking(refused), "back": _back(request),
    }  # fmt: skip
    if not is_htmx(request):
        return render(request, "web/refusal.html", told, status=refused.status)
    answer = render(request, "web/partials/refusal_toast.html", told, status=refused.status)
    answer["HX-Retarget"] = "#toasts"
    answer["HX-Reswap"] = "beforeend"
    return answer


def _lacking(refused: Refused) -> list[tuple[Words, list[Words]]]:
    """Each duty that would do, in words, and the types of posts that carry it."""
    return [
        (duty_words(duty), [role_words(role) for role in Role if duty in DUTIES[role]])
        for duty in duties_in(refused.facts)
    ]


def _back(request: AnyRequest) -> str:
    """The page of this site that somebody came from; "" where that leads here again."""
    came = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came, {request.get_host()}):
        return ""
    page = urlsplit(came)
    address = urlunsplit(("", "", page.path, page.query, ""))
    again = request.method == "GET" and address == request.get_full_path()
    return "" if again else address


def _ask_to_sign_in(request: AnyRequest) -> HttpResponse:
    here = request.get_full_path() if request.method == "GET" else ""
    address = reverse(SIGN_IN) + (f"?{urlencode({'next': here})}" if here not in {"", "/"} else "")
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse(SIGN_IN)})
    return HttpResponseRedirect(address)
