"""Pages for what went wrong outside a view."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from bihuan.web.middleware import identify
from bihuan.web.requests import AnyRequest


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """No such address: with the frame of whoever asks, so that they find their way back."""
    identify(cast("AnyRequest", request))
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of the product: draws no frame, asks no database, tells the number to quote."""
    told = {"number": getattr(request, "number", "—"), "language": get_language()}
    return render(None, "web/broken.html", told, status=500)


def forgery(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django's call
    """A form without its token: opened too long ago, or sent by another site."""
    return render(request, "web/csrf.html", status=403)
