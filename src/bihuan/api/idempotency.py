"""Idempotency-Key: the act and the memory of its answer are one transaction.

A second request with the same key waits for the first and gets its answer; the same key with
another body is refused. Only successes are remembered: a refused act changed nothing.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from bihuan.api.models import Answered
from bihuan.api.problems import problem_response
from bihuan.core.clock import read_clock
from bihuan.core.errors import Conflict, Invalid

KEPT = timedelta(days=2)
LONGEST = 80
REPLAYED = ("Content-Type", "ETag", "Location")


class IdempotencyMiddleware:
    """Wraps writes of the API that carry an Idempotency-Key."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.headers.get("Idempotency-Key", "")
        if not key or request.method != "POST" or not request.path.startswith("/api/"):
            return self.get_response(request)
        if len(key) > LONGEST:
            return problem_response(request, Invalid("api.key_too_long", longest=LONGEST))
        with transaction.atomic():
            row, fresh = self._take(request, key)
            if not fresh:
                return self._replay(request, row)
            response = self.get_response(request)
            if 200 <= response.status_code < 300:
                row.status, row.body = response.status_code, response.content
                row.headers = {name: response[name] for name in REPLAYED if name in response}
                row.save()
            else:
                transaction.set_rollback(True)
        return response

    def _take(self, request: HttpRequest, key: str) -> tuple[Answered, bool]:
        """Claim the key; whoever comes second waits here until the first has committed."""
        at = read_clock()
        Answered.objects.filter(at__lt=at - KEPT).delete()
        return Answered.objects.get_or_create(
            caller=_sha(request.headers.get("Authorization", "").encode()),
            key=key,
            defaults={"request": _request_digest(request), "at": at},
        )

    def _replay(self, request: HttpRequest, row: Answered) -> HttpResponse:
        if row.request != _request_digest(request):
            return problem_response(request, Conflict("api.key_reused", key=row.key))
        response = HttpResponse(bytes(row.body), status=row.status)
        for name, told in row.headers.items():
            response[name] = told
        response["Idempotency-Replayed"] = "true"
        return response


def _request_digest(request: HttpRequest) -> str:
    said = f"{request.method} {request.get_full_path()}\n".encode()
    return _sha(said + request.body)


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
