"""Gives every request its moment and its actor, and holds every page to its class of rights."""

import logging
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from bihuan.core.clock import read_clock
from bihuan.core.errors import Invalid, NotAllowed, Refused, Unauthenticated
from bihuan.core.orgs.selectors import actors_of
from bihuan.core.orgs.types import Actor
from bihuan.web.moments import read_moment
from bihuan.web.refusals import refusal
from bihuan.web.requests import AnyRequest
from bihuan.web.rights import Rights, rights_of

POST_KEY = "post"  # the session remembers the post somebody acts in
OWN_RULES = "/api/"  # the API proves its caller by token and classifies its own routes

log = logging.getLogger(__name__)


class WorkRequestMiddleware:
    """Sets `at`, `as_of`, `number`, `actors` and `actor`; admits; turns refusals into pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        work = cast("AnyRequest", request)
        work.at = read_clock()
        work.as_of = None
        work.number = secrets.token_hex(4).upper()
        work.actors, work.actor = [], None
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], *_args: Any
    ) -> HttpResponse | None:
        """Admit or refuse before the view runs."""
        if request.path.startswith(OWN_RULES):
            return None
        work = cast("AnyRequest", request)
        rights = rights_of(view)
        if rights is None:
            raise ImproperlyConfigured(f"{request.path}: the page has no class of rights")
        try:
            identify(work)
            _admit(work, rights)
            _travel(work, rights)
        except Refused as refused:
            return refusal(work, refused)
        return None

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """A refusal becomes a page; anything else is logged under the number that is shown."""
        if request.path.startswith(OWN_RULES):
            return None
        work = cast("AnyRequest", request)
        if isinstance(fault, Refused):
            return refusal(work, fault)
        if not isinstance(fault, Http404):
            log.exception("request %s failed at %s", work.number, request.path)
        return None


def identify(request: AnyRequest) -> None:
    """Find the posts of the signed-in account and the one it acts in. One query more."""
    if not request.user.is_authenticated:
        return
    request.actors = actors_of(account_id=request.user.pk, at=request.at)
    request.actor = chosen(request.actors, request.session.get(POST_KEY))


def chosen(actors: list[Actor], post_id: int | None) -> Actor | None:
    """The remembered post while it is still held, else the first one."""
    for actor in actors:
        if actor.post_id == post_id:
            return actor
    return actors[0] if actors else None


def _admit(request: AnyRequest, rights: Rights) -> None:
    if rights.kind == "demo" and not settings.DEMO:
        raise Http404
    if rights.kind in {"public", "demo"}:
        return
    if not request.user.is_authenticated:
        raise Unauthenticated
    if rights.kind == "account":
        return
    if request.actor is None:
        raise NotAllowed("post.none")
    if not rights.admits(request.actor):
        raise NotAllowed("page.no_duty", duty=rights.duties)


def _travel(request: AnyRequest, rights: Rights) -> None:
    """Move `at` to the past moment asked for. Raises Invalid."""
    asked = request.GET.get("as_of", "").strip()
    if not asked:
        return
    if not rights.past or request.method not in {"GET", "HEAD"}:
        raise Invalid("as_of.not_here", field="as_of")
    moment: datetime = read_moment(asked, at=request.at)
    if moment > request.at:
        raise Invalid("as_of.future", field="as_of")
    request.at = request.as_of = moment
