"""Refusals as RFC 9457 problem documents, from the same code table as the pages."""

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from bihuan.core.errors import Refused

MEDIA = "application/problem+json"


@cache
def _words() -> Any:
    return import_string(settings.ERROR_WORDS)


def problem_response(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The answer to a refused request: stable code, words in the caller's language, facts."""
    document = {
        "type": f"/docs/errors#{refused.code}",
        "title": _words()(refused.code, **refused.facts),
        "status": refused.status,
        "code": refused.code,
        "facts": refused.facts,
        "instance": request.path,
    }
    body = json.dumps(document, ensure_ascii=False, default=str)
    response = HttpResponse(body, status=refused.status, content_type=MEDIA)
    if refused.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response
