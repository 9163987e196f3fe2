"""/healthz: whether this process serves and reaches its database."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bihuan.web.rights import page


@page("public")
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """`ok`, or the error page of a lost database. Says nothing else to whoever asks."""
    connection.ensure_connection()
    return HttpResponse("ok", content_type="text/plain")
