"""The tree of places, and the import of a site's own boundaries: a preview, then the act."""

import hashlib
import re
import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.core.clock import local_date
from bihuan.core.errors import NotFound, Refused
from bihuan.core.places import selectors
from bihuan.core.places.errors import BadFile
from bihuan.core.places.models import Boundary, Level, Place, PlaceChange
from bihuan.core.places.services import import_boundaries, set_population
from bihuan.core.places.services.boundaries import MAX_BYTES, WAITING
from bihuan.core.places.types import under
from bihuan.web.admin.forms import BoundaryForm, PopulationForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page

NAME = re.compile(r"[0-9a-f]{64}")


@page("post", past=True)
def browse(request: WorkRequest, code: str = "") -> HttpResponse:
    """One place: what lies above and below it, how many of each level, how its code changed."""
    return _browse(request, _place(request, code))


def _browse(request: WorkRequest, place: Place, form: PopulationForm | None = None) -> HttpResponse:
    day = local_date(request.at)
    shown = {
        "place": place,
        "above": selectors.ancestors(place.path, day),
        "below": selectors.children(place.pk, day),
        "counts": _by_level(selectors.counts(place.path, day)),
        "changes": PlaceChange.objects.filter(old_code=place.code)
        | PlaceChange.objects.filter(new_code=place.code),
        "boundary": Boundary.objects.filter(place=place.pk).first(),
        "populations": place.populations.filter(known_at__lte=request.at).order_by("-year", "-pk"),
        "form": form or PopulationForm(at=request.at),
    }
    return render(request, "admin/places.html", shown)


@page(duty="places.manage")
@require_POST
def population(request: WorkRequest, code: str) -> HttpResponse:
    """Enter how many people live in a place."""
    place = _place(request, code)
    form = PopulationForm(request.POST, at=request.at)
    if form.is_valid():
        try:
            set_population(place=place, **form.cleaned_data, by=request.actor, at=request.at)
            return redirect("admin:place", code)
        except Refused as refused:
            form.refuse(refused)
    return _browse(request, place, form)


def _by_level(counts: dict[str, int]) -> list[tuple[str, int]]:
    """From the top of the tree down."""
    return [(level, counts[level]) for level in Level.values if level in counts]


def _place(request: WorkRequest, code: str) -> Place:
    """The place asked for, the actor's own when none was. Raises NotFound outside the scope."""
    if not code:
        return Place.objects.get(pk=request.actor.place_id)
    place = selectors.place_by_code(code, local_date(request.at))
    if not under(place.path, request.actor.scope):
        raise NotFound("places.unknown")
    return place


@page(duty="places.manage")
def boundaries(request: WorkRequest) -> HttpResponse:
    """Upload a GeoJSON file and see what it would do; nothing is written yet."""
    form = BoundaryForm(request.POST or None, request.FILES or None, at=request.at)
    shown: dict[str, Any] = {"form": form, "report": None}
    if form.is_valid():
        source = form.cleaned_data["source"]
        try:
            kept = _keep(form.cleaned_data["file"])
            report = import_boundaries(
                file=kept, source=source, at=request.at, preview=True, by=request.actor
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            shown |= {"report": report, "kept": kept.stem, "source": source}
    status = 422 if form.errors else 200
    return render(request, "admin/boundaries.html", shown, status=status)


@page(duty="places.manage")
@require_POST
def import_now(request: WorkRequest) -> HttpResponse:
    """The act, after the preview."""
    name = request.POST.get("kept", "")
    file = WAITING / f"{name}.geojson"
    if not NAME.fullmatch(name) or not file.exists():
        raise BadFile
    report = import_boundaries(
        file=file, source=request.POST.get("source", "")[:200], at=request.at, by=request.actor
    )
    file.unlink(missing_ok=True)
    messages.success(request, _("已导入 %(n)d 个边界。") % {"n": report.taken})
    return redirect("admin:places")


def _keep(upload: "UploadedFile[bytes]") -> Path:
    """The upload under the name of its hash, until it is imported. Raises BadFile."""
    if (upload.size or 0) > MAX_BYTES:
        raise BadFile(field="file", limit_bytes=MAX_BYTES)
    WAITING.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with tempfile.NamedTemporaryFile(dir=WAITING, delete=False) as paper:
        for part in upload.chunks():
            digest.update(part)
            paper.write(part)
    return Path(paper.name).rename(WAITING / f"{digest.hexdigest()}.geojson")
