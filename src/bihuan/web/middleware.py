"""Gives every request its moment and its actor."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class WorkRequestMiddleware:
    """Scaffold: passes the request on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
