"""Tells the browser which form was taken, so that the draft kept on the device may go."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

FIELD = "draft"  # the hidden field in which `drafts.js` names the form
COOKIE = "draft_taken"
LONGEST_NAME = 80
SEEN_WITHIN = 300  # seconds in which the next page reads the cookie


class DraftsMiddleware:
    """A form that was taken answers with a redirect: whatever else comes back keeps the draft."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if request.method == "POST" and answer.status_code in {302, 303}:
            name = request.POST.get(FIELD, "")
            if name.isascii() and name.replace("-", "").isalnum() and request.user.is_authenticated:
                answer.set_cookie(COOKIE, name[:LONGEST_NAME], max_age=SEEN_WITHIN, samesite="Lax")
        return answer
