"""The request as a view sees it, after `WorkRequestMiddleware`."""

from datetime import datetime

from django.http import HttpRequest

from bihuan.core.orgs.types import Actor


class AnyRequest(HttpRequest):
    """A request of anybody: `actor` is None for whoever has not signed in or has no post."""

    at: datetime
    """The moment the request speaks of: now, or the past one asked for with `?as_of=`."""
    as_of: datetime | None
    """The past moment asked for; None on a page that shows the present."""
    number: str
    """What a person quotes when something went wrong."""
    actors: list[Actor]
    """Every post the person may act in."""
    actor: Actor | None


class WorkRequest(AnyRequest):
    """A request of somebody acting in a post: what every classified working page gets."""

    actor: Actor


def account_id(request: HttpRequest) -> int:
    """The account of whoever is signed in; only for pages that ask them to."""
    assert request.user.pk is not None, "the page is not classified `account` or higher"
    return request.user.pk


def is_htmx(request: HttpRequest) -> bool:
    """Whether a part of a page was asked for."""
    return request.headers.get("HX-Request") == "true"
