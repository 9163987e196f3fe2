"""Load a site's own list of communities and grids."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.db import transaction

from bihuan.core.audit.services import SYSTEM, Who, record
from bihuan.core.clock import local_date
from bihuan.core.places import rules
from bihuan.core.places.errors import BadFile
from bihuan.core.places.models import Place
from bihuan.core.places.services.insert import insert_places
from bihuan.core.places.types import ImportReport, NewPlace, Refusal

MAX_BYTES = 100_000_000


@transaction.atomic
def load_communities(
    *, file: Path, at: datetime, preview: bool = False, by: Who = SYSTEM
) -> ImportReport:
    """Add the communities of a CSV (columns code, name; optional households, lon, lat).

    UTF-8 or GB18030. Codes have 12 digits, or "-" and three more for a grid. A code that is
    already there is left as it is, so that the same file twice changes nothing. With `preview`
    nothing is written. Raises BadFile where the columns are missing.
    """
    rows = list(_rows(file))
    standing = set(Place.objects.filter(valid_to=None).values_list("code", flat=True))
    new: dict[str, NewPlace] = {}
    refused, unchanged = [], 0
    for line, row in rows:
        code = (row["code"] or "").strip()
        fault = _fault(code, row, standing | new.keys())
        if fault == "places.same":
            unchanged += 1
        elif fault:
            refused.append(Refusal(line, code, fault))
        else:
            new[code] = NewPlace(
                code, row["name"].strip(), local_date(at), households=_whole(row.get("households")),
                lon=_real(row.get("lon")), lat=_real(row.get("lat")),
            )  # fmt: skip
    report = ImportReport(len(new), unchanged, tuple(refused))
    if new and not preview:
        insert_places(list(new.values()))
        record(
            action="places.communities", subject="place:list", by=by, at=at,
            facts={"taken": report.taken, "unchanged": unchanged, "refused": len(refused)},
        )  # fmt: skip
    return report


def _fault(code: str, row: dict[str, str], standing: set[str]) -> str:
    """Why a line cannot be taken; "" when it can."""
    if not rules.is_code(code) or rules.level_of(code) not in {"community", "grid"}:
        return "places.bad_code"
    if code in standing:
        return "places.same"
    if not (row["name"] or "").strip():
        return "places.no_name"
    if rules.upper_codes(code)[0] not in standing:
        return "places.no_parent"
    if _whole(row.get("households")) is None and (row.get("households") or "").strip():
        return "places.bad_households"
    return ""


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines of the file with their numbers, as a spreadsheet counts them."""
    if file.stat().st_size > MAX_BYTES:
        raise BadFile(reason="too_large", limit=MAX_BYTES)
    packed = file.read_bytes()
    try:
        text = packed.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = packed.decode("gb18030")
        except UnicodeDecodeError as broken:
            raise BadFile(reason="encoding") from broken
    reader = csv.DictReader(io.StringIO(text), restval="")
    if not {"code", "name"} <= set(reader.fieldnames or ()):
        raise BadFile(reason="columns", needed="code, name")
    for row in reader:
        yield reader.line_num, row


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.strip().isdecimal() else None


def _real(text: str | None) -> float | None:
    try:
        return float(text) if text and text.strip() else None
    except ValueError:
        return None
