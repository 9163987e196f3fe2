"""What an installed page shows without a network: the service worker and its one page."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from bihuan.web.rights import page

PARTS = (
    "web/mark.svg",
    "web/theme.css",
    "web/vendor/tabler/tabler.min.css",
    "web/js/offline.js",
)


@cache
def _version() -> str:
    """Another one whenever a part of the shell changes."""
    found = sha256()
    for part in PARTS:
        found.update(Path(str(finders.find(part))).read_bytes())
    return found.hexdigest()[:12]


@page("public")
@never_cache
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, at the root so that it may answer for every page."""
    told = {
        "version": _version(),
        "offline": reverse("pages:offline"),
        "parts": [static(part) for part in PARTS],
        "settings_pages": json.dumps([reverse("pages:language"), reverse("pages:theme")]),
    }
    return render(request, "pages/worker.js", told, content_type="text/javascript")


@page("public")
@never_cache
def offline(request: HttpRequest) -> HttpResponse:
    """The page that stands in for others; kept on the device."""
    return render(request, "pages/offline.html")


@page("public")
def manifest(_request: HttpRequest) -> JsonResponse:
    """How the site looks when it is installed on a phone."""
    icon = {"src": static("web/mark.svg"), "type": "image/svg+xml", "sizes": "any"}
    told = {
        "name": _("闭环"), "short_name": _("闭环"), "start_url": "/", "scope": "/",
        "display": "standalone", "background_color": "#ffffff", "theme_color": "#ffffff",
        "icons": [icon],
    }  # fmt: skip
    return JsonResponse(told, content_type="application/manifest+json")
