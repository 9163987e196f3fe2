"""The field app: a shell without anybody's data, and the few answers it asks for."""

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import asdict
from functools import cache, wraps
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bihuan.core.errors import Invalid, Refused
from bihuan.core.packs import registry
from bihuan.safety.selectors.devices import device_of, serving
from bihuan.safety.selectors.field import day_pack
from bihuan.safety.services.devices import enrol_device, unlock_device
from bihuan.safety.services.field import keep_part, photo_length, receive
from bihuan.web.field.words import APP
from bihuan.web.messages import words_for
from bihuan.web.requests import AnyRequest, WorkRequest
from bihuan.web.rights import page

MODULES = ("app", "hazard", "photo", "route", "rules", "sign", "stop", "store", "sync")
PARTS = (
    "web/mark.svg",
    "web/theme.css",
    "web/field.css",
    *(f"web/js/field/{name}.js" for name in MODULES),
)
HEADER = "X-Field-Device"


@cache
def _version() -> str:
    """Another one whenever a part of the app changes."""
    found = sha256()
    for part in PARTS:
        found.update(Path(str(finders.find(part))).read_bytes())
    for name in ("field/app.html", "field/partials/items.html", "field/worker.js"):
        found.update(Path(str(get_template(name).origin)).read_bytes())  # type: ignore[attr-defined]
    return found.hexdigest()[:12]


@page("public")
@require_GET
def shell(request: HttpRequest) -> HttpResponse:
    """The app itself. It holds nobody's data, so that it may stay on the device."""
    told = {"modules": [static(f"web/js/field/{name}.js") for name in MODULES], "words": APP}
    return render(request, "field/app.html", told)


@page("public")
@never_cache
def worker(request: HttpRequest) -> HttpResponse:
    """The app's own service worker: answers without a network, sends in the background."""
    told = {
        "version": _version(), "shell": reverse("field:app"),
        "parts": json.dumps([static(part) for part in PARTS]),
        "sync": static("web/js/field/sync.js"),
    }  # fmt: skip
    return render(request, "field/worker.js", told, content_type="text/javascript")


@page("public")
def manifest(_request: HttpRequest) -> JsonResponse:
    """How the app looks when it is installed on a phone."""
    icon = {"src": static("web/mark.svg"), "type": "image/svg+xml", "sizes": "any"}
    told = {
        "id": reverse("field:app"), "name": _("现场检查"), "short_name": _("现场检查"),
        "start_url": reverse("field:app"), "scope": reverse("field:app"),
        "display": "standalone", "background_color": "#ffffff", "theme_color": "#ffffff",
        "icons": [icon],
    }  # fmt: skip
    return JsonResponse(told, content_type="application/manifest+json")


def in_json(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A refusal as the app reads it: code, words, facts."""

    @wraps(view)
    def answered(request: Any, *args: Any, **said: Any) -> HttpResponse:
        try:
            return view(request, *args, **said)
        except Refused as refused:
            told = {"code": refused.code, "words": words_for(refused), "facts": refused.facts}
            return JsonResponse(told, status=refused.status)

    return answered


def _said(request: HttpRequest) -> Any:
    """The body as JSON, without what no database takes. Raises Invalid("field.malformed")."""
    try:
        told = json.loads(request.body, parse_constant=_refuse)
        if "\\u0000" in json.dumps(told):
            raise ValueError("a character that no database takes")
        return told
    except (ValueError, RecursionError):
        raise Invalid("field.malformed", field="json") from None


def _refuse(constant: str) -> None:
    """NaN and infinity are no JSON. Raises ValueError."""
    raise ValueError(constant)


def _key(device_token: str, request: WorkRequest) -> dict[str, Any]:
    """The key of the device's store, and how long it may be used."""
    session = request.session.session_key or ""
    _row, key = unlock_device(token=device_token, session=session, by=request.actor, at=request.at)
    hours = registry.value("field.key_hours", request.at, scope=request.actor.scope).value
    return {"key": b64encode(key).decode(), "seconds": int(float(hours) * 3600)}


@page("public")
@never_cache
@require_GET
@in_json
def hello(request: AnyRequest) -> HttpResponse:
    """Where the device stands. A revoked one is told to empty itself, signed in or not."""
    token = request.headers.get(HEADER, "")
    device = device_of(token)
    if token and (device is None or device.revoked_at is not None):
        return JsonResponse({"wipe": True})
    by = request.actor
    if by is None or not by.has("loop.read"):
        return JsonResponse({"signed_in": False})
    told: dict[str, Any] = {"signed_in": True, "csrf": get_token(request), "post": by.name}
    if device is not None and device.account_id != by.account_id:
        return JsonResponse(told | {"others": device.account.username})
    if device is not None:
        told |= _key(token, request)  # type: ignore[arg-type]
    return JsonResponse(told)


@page(duty="loop.read")
@require_POST
@in_json
def enrol(request: WorkRequest) -> HttpResponse:
    """Enrol this browser: its token and the first key."""
    said = _said(request)
    name = str(said.get("name", "")) if isinstance(said, dict) else ""
    session = request.session.session_key or ""
    _row, token = enrol_device(name=name, session=session, by=request.actor, at=request.at)
    return JsonResponse({"token": token} | _key(token, request), status=201)


@page(duty="loop.read")
@never_cache
@require_GET
@in_json
def pack(request: WorkRequest) -> HttpResponse:
    """Today's route with all it needs."""
    serving(request.headers.get(HEADER, ""), by=request.actor)
    return JsonResponse(asdict(day_pack(by=request.actor, at=request.at)))


@page(duty="loop.read")
@in_json
def photo(request: WorkRequest, sha256: str) -> HttpResponse:
    """How much of a photo is here; or a piece of it."""
    device = serving(request.headers.get(HEADER, ""), by=request.actor)
    if request.method == "GET":
        return JsonResponse({"have": photo_length(device, sha256[:64])})
    start, size = (request.GET.get(name, "") for name in ("start", "size"))
    if not (start.isdecimal() and size.isdecimal() and len(sha256) == len(sha256[:64])):
        raise Invalid("field.part", field="start")
    have = keep_part(device=device, sha256=sha256, size=int(size), start=int(start),
                     data=request.body, at=request.at)  # fmt: skip
    return JsonResponse({"have": have})


@page(duty="loop.read")
@require_POST
@in_json
def entries(request: WorkRequest) -> HttpResponse:
    """One inspection of the day. The same key again gets the same answer."""
    device = serving(request.headers.get(HEADER, ""), by=request.actor)
    try:
        key = UUID(request.headers.get("Idempotency-Key", ""))
    except ValueError:
        raise Invalid("field.malformed", field="key") from None
    row = receive(device=device, key=key, raw=_said(request), by=request.actor, at=request.at)
    there = (reverse("safety:inspection", args=[row.inspection_id]) if row.inspection_id
             else reverse("field:entry", args=[row.pk]))  # fmt: skip
    return JsonResponse({"state": row.state, "address": there})
