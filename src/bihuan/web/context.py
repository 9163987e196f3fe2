"""What the frame of every page needs: rail, notices, clock, language, posts."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from bihuan.core.loops.counts import unread
from bihuan.core.orgs.types import Actor
from bihuan.web.nav import drawn_as, phone_lines, rail
from bihuan.web.requests import AnyRequest
from bihuan.web.rights import rights_of

THEME_COOKIE = "theme"
THEMES = ("light", "dark")
BELL = 20  # so many unread news and more show as "20+"


def shell(request: HttpRequest) -> dict[str, Any]:
    """Lazily: a partial or an error page that draws no frame pays nothing."""
    work = cast("AnyRequest", request)
    actor = getattr(work, "actor", None)
    groups: Any = SimpleLazyObject(
        lambda: rail(actor, path=request.path, at=work.at) if actor else ()
    )
    return {
        "actor": actor,
        "at": getattr(work, "at", None),
        "as_of": getattr(work, "as_of", None),
        "looks_back": _looks_back(request),
        "theme": _theme(request),
        "languages": settings.LANGUAGES,
        "language": get_language(),
        "rail": groups,
        "rail_key": SimpleLazyObject(lambda: drawn_as(groups)),
        "phone": SimpleLazyObject(lambda: phone_lines(groups)),
        "bell": SimpleLazyObject(lambda: _bell(actor) if actor else ""),
    }


def _bell(actor: Actor) -> str:
    """What stands beside the bell: nothing, a figure, or "20+"."""
    n = unread(by=actor, most=BELL)
    return f"{n}{'+' * (n == BELL)}" if n else ""


def _looks_back(request: HttpRequest) -> bool:
    """Whether the page can be asked for a past moment."""
    rights = rights_of(request.resolver_match.func) if request.resolver_match else None
    return rights is not None and rights.past


def _theme(request: HttpRequest) -> str:
    asked = request.COOKIES.get(THEME_COOKIE, "")
    return asked if asked in THEMES else THEMES[0]
