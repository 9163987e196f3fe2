"""Boundaries of places: a site imports its own GeoJSON, the demo stores invented ones."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from bihuan.core.audit.services import SYSTEM, Who, record
from bihuan.core.places import rules
from bihuan.core.places.errors import BadFile
from bihuan.core.places.models import Boundary, Place
from bihuan.core.places.types import ImportReport, Refusal, within

MAX_BYTES = 200_000_000
WAITING = Path(settings.EVIDENCE_ROOT).parent / "imports"  # uploads between preview and act
_COUNTRY = "156"  # the national map service writes it before the code


@transaction.atomic
def import_boundaries(
    *, file: Path, source: str, at: datetime, preview: bool = False, by: Who = SYSTEM
) -> ImportReport:
    """Read a GeoJSON collection whose features name a place by `gb`, `code` or `name`.

    A feature is refused when its place is unknown or ambiguous, or its geometry no polygon.
    With `preview` nothing is written. The same file again replaces what it brought.
    Raises BadFile where the file is not such a collection.
    """
    found: dict[str, dict[str, Any]] = {}
    refused: list[Refusal] = []
    names = _Names()
    for number, feature in enumerate(_features(file), start=1):
        given = feature.get("properties") or {}
        code, fault = names.find(given)
        geometry = feature.get("geometry") or {}
        if not fault and geometry.get("type") not in {"Polygon", "MultiPolygon"}:
            fault = "places.no_polygon"
        if fault:
            told = given.get("gb") or given.get("code") or given.get("name") or ""
            refused.append(Refusal(number, str(told), fault))
        else:
            found[code] = _rounded(geometry)
    held = dict(Boundary.objects.filter(place__code__in=found, place__valid_to=None)
                .values_list("place__code", "geojson"))  # fmt: skip
    new = {code: shape for code, shape in found.items() if held.get(code) != shape}
    report = ImportReport(len(new), len(found) - len(new), tuple(refused))
    if new and not preview:
        store_boundaries(new, source=source, at=at)
        record(
            action="places.boundaries", subject="place:list", by=by, at=at,
            facts={"taken": report.taken, "refused": len(refused), "source": source},
        )  # fmt: skip
    return report


def store_boundaries(shapes: Mapping[str, Mapping[str, Any]], *, source: str, at: datetime) -> None:
    """Write the geometry of places in force by code; what they had before is replaced."""
    ids = dict(Place.objects.filter(valid_to=None, code__in=shapes).values_list("code", "id"))
    Boundary.objects.filter(place_id__in=ids.values()).delete()
    Boundary.objects.bulk_create(
        (Boundary(place_id=ids[code], geojson=shape, source=source, imported_at=at)
         for code, shape in shapes.items() if code in ids), batch_size=200,
    )  # fmt: skip


def forget_previews(*, before: datetime) -> int:
    """Delete the files that were previewed before a moment and never imported; how many."""
    old = [
        file for file in (WAITING.iterdir() if WAITING.is_dir() else ())
        if file.is_file() and file.stat().st_mtime < before.timestamp()
    ]  # fmt: skip
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


class _Names:
    """The places in force by code, and by name where the name is unique."""

    def __init__(self) -> None:
        rows = Place.objects.filter(within("path", ""), valid_to=None)
        self.codes: set[str] = set()
        self.by_name: dict[str, str] = {}
        for code, name in rows.values_list("code", "name"):
            self.codes.add(code)
            self.by_name[name] = "" if name in self.by_name else code

    def find(self, given: Mapping[str, Any]) -> tuple[str, str]:
        """The code a feature means, or why there is none."""
        text = str(given.get("gb") or given.get("code") or "")
        if text:
            try:
                code = rules.short_code(text.removeprefix(_COUNTRY) if len(text) == 9 else text)
            except ValueError:
                return "", "places.bad_code"
            return (code, "") if code in self.codes else ("", "places.unknown")
        code = self.by_name.get(str(given.get("name") or ""), "?")
        return (
            (code, "")
            if code in self.codes
            else ("", "places.unknown" if code else "places.ambiguous")
        )


def _features(file: Path) -> list[dict[str, Any]]:
    if file.stat().st_size > MAX_BYTES:
        raise BadFile(reason="too_large", limit=MAX_BYTES)
    try:
        read = json.loads(file.read_text("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as broken:
        raise BadFile(reason="not_json") from broken
    features = read.get("features") if isinstance(read, dict) else None
    if not isinstance(features, list) or not all(isinstance(f, dict) for f in features):
        raise BadFile(reason="not_a_collection")
    return features


def _rounded(geometry: Mapping[str, Any]) -> dict[str, Any]:
    """The geometry with four decimals (about ten metres), all a screen can show."""

    def rounded(part: Any) -> Any:
        if isinstance(part, int | float):
            return round(part, 4)
        return [rounded(inner) for inner in part]

    return {"type": geometry["type"], "coordinates": rounded(geometry.get("coordinates") or [])}
