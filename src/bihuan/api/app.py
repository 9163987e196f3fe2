"""The API: routers, the error shape, the OpenAPI document."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja.errors import AuthenticationError, HttpError, ValidationError

from bihuan.api.cases import router as cases
from bihuan.api.directives import router as directives
from bihuan.api.document import CleanParser, DocumentedAPI
from bihuan.api.epidemic import router as epidemic
from bihuan.api.line import router as line
from bihuan.api.line_lists import router as line_lists
from bihuan.api.loops import router as loops
from bihuan.api.problems import problem_response
from bihuan.api.public import router as public
from bihuan.api.reference import router as reference
from bihuan.api.safety import router as safety
from bihuan.api.sensing import router as sensing
from bihuan.core.errors import Invalid, Refused, Unauthenticated

api = DocumentedAPI(
    title="Bihuan",
    version="1",
    description="Loops with an owner, a clock, evidence and acceptance. Errors are RFC 9457 "
    "problem documents with stable codes; lists go on by key (`after`); updates need the version "
    "that was read (`If-Match`); writes may carry an `Idempotency-Key`.",
    docs_url=None,
    parser=CleanParser(),
)
api.add_router("", loops)
api.add_router("", directives)
api.add_router("", reference)
api.add_router("", safety)
api.add_router("", sensing)
api.add_router("", public)
api.add_router("", line)
api.add_router("", epidemic)
api.add_router("", cases)
api.add_router("", line_lists)


def _refused(request: HttpRequest, refused: Any) -> HttpResponse:
    return problem_response(request, refused)


def _malformed(request: HttpRequest, fault: Any) -> HttpResponse:
    """Input that does not fit its schema: every field with its reason."""
    fields = [
        {"field": ".".join(str(part) for part in error["loc"][1:]), "reason": error["msg"]}
        for error in fault.errors
    ]
    return problem_response(request, Invalid("api.malformed", fields=fields))


def _unreadable(request: HttpRequest, fault: Any) -> HttpResponse:
    """A body that is no JSON at all."""
    fields = [{"field": "body", "reason": str(fault)}]
    return problem_response(request, Invalid("api.malformed", fields=fields))


def _unknown(request: HttpRequest, _fault: Any) -> HttpResponse:
    """Nobody, or nobody we know."""
    return problem_response(request, Unauthenticated())


api.add_exception_handler(Refused, _refused)
api.add_exception_handler(AuthenticationError, _unknown)
api.add_exception_handler(HttpError, _unreadable)
api.add_exception_handler(ValidationError, _malformed)
