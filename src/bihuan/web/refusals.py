"""From a refusal to what the person sees: what happened, is anything lost, what to do, a number."""

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from bihuan.core.errors import Refused, Unauthenticated
from bihuan.web.messages import words_for
from bihuan.web.requests import AnyRequest, is_htmx

SIGN_IN = "account:sign_in"


def refusal(request: AnyRequest, refused: Refused) -> HttpResponse:
    """The answer to a refused request: a whole page, or a toast for a part of one."""
    if isinstance(refused, Unauthenticated):
        return _ask_to_sign_in(request)
    told = {
        "code": refused.code, "status": refused.status, "words": words_for(refused),
        "facts": refused.facts, "number": request.number, "wrote": request.method == "POST",
    }  # fmt: skip
    if not is_htmx(request):
        return render(request, "web/refusal.html", told, status=refused.status)
    answer = render(request, "web/partials/refusal_toast.html", told, status=refused.status)
    answer["HX-Retarget"] = "#toasts"
    answer["HX-Reswap"] = "beforeend"
    return answer


def _ask_to_sign_in(request: AnyRequest) -> HttpResponse:
    here = request.get_full_path() if request.method == "GET" else ""
    address = reverse(SIGN_IN) + (f"?{urlencode({'next': here})}" if here not in {"", "/"} else "")
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse(SIGN_IN)})
    return HttpResponseRedirect(address)
