"""Take evidence in: files by their hash, and typed statements. Written once, never changed."""

import hashlib
import io
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import puremagic
from django.conf import settings
from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from bihuan.core.audit.services import record
from bihuan.core.errors import Invalid, NotAllowed
from bihuan.core.evidence.models import Blob, Item, Kind
from bihuan.core.evidence.rules import kind_of, safe_name
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry

THUMB = (320, 320)
TEXT_NAMES = {"": "text/plain", ".txt": "text/plain", ".csv": "text/csv"}
MOST_PIXELS = 60_000_000


@dataclass(frozen=True, slots=True)
class Made:
    """When and where a proof was made, and what it says."""

    at: datetime
    lon: float | None = None
    lat: float | None = None
    text: str = ""
    quantity: float | None = None
    measure: str = ""


def blob_path(sha256: str) -> Path:
    """Where the original lies."""
    return Path(settings.EVIDENCE_ROOT) / sha256[:2] / sha256


def shown_path(sha256: str) -> Path:
    """Where the re-encoded picture for display lies; photos only."""
    return blob_path(sha256).with_name(f"{sha256}.webp")


def keep(data: bytes, *, mime: str, at: datetime) -> Blob:
    """Keep bytes as they came, named by their hash; the same bytes are stored once.

    Callers decide what may be kept; nothing kept here is ever served as a page.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    _store(blob_path(sha256), data)
    blob, _ = Blob.objects.get_or_create(
        sha256=sha256, defaults={"size": len(data), "mime": mime, "stored_at": at}
    )
    return blob


@transaction.atomic
def add_file(
    *,
    subject: str,
    scope: str,
    name: str,
    chunks: Iterable[bytes],
    made: Made,
    by: Actor,
    at: datetime,
) -> Item:
    """Keep a file and attach it to a subject. The same bytes are stored once.

    A file already used for another subject is taken, and marked as its twin (M043).
    Raises NotAllowed, Invalid("evidence.empty" | "too_large" | "type" | "bad_image" | "future").
    """
    _may_add(by, made=made, at=at)
    limit = int(registry.value("evidence.max_bytes", at, scope=scope).value)
    data = _read(chunks, limit)
    mime = _type_of(data, name)
    kind = kind_of(mime)
    if kind is None:
        raise Invalid("evidence.type", file=safe_name(name), type=mime)
    shown = _shown(data) if kind == "photo" else None
    blob = keep(data, mime=mime, at=at)
    if shown is not None:
        _store(shown_path(blob.sha256), shown)
    twin = Item.objects.filter(blob=blob).exclude(subject=subject).order_by("pk").first()
    return _write(
        Item(kind=kind, blob=blob, file_name=safe_name(name), twin_of=twin),
        subject=subject, scope=scope, made=made, by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def add_statement(
    *, subject: str, scope: str, kind: str, made: Made, by: Actor, at: datetime
) -> Item:
    """Attach a reading, a counter-signature or a statement.

    Raises NotAllowed, Invalid("evidence.empty" | "evidence.kind" | "evidence.future").
    """
    _may_add(by, made=made, at=at)
    if kind not in {Kind.READING, Kind.COUNTERSIGN, Kind.STATEMENT}:
        raise Invalid("evidence.kind", field="kind", value=kind)
    needs = made.quantity is None if kind == Kind.READING else not made.text.strip()
    if needs:
        raise Invalid("evidence.empty", field="quantity" if kind == Kind.READING else "text")
    return _write(Item(kind=kind), subject=subject, scope=scope, made=made, by=by, at=at)


def _may_add(by: Actor, *, made: Made, at: datetime) -> None:
    if not by.has("evidence.add"):
        raise NotAllowed("not_allowed", duty="evidence.add")
    if made.at > at:
        raise Invalid("evidence.future", field="made_at")


def _write(item: Item, *, subject: str, scope: str, made: Made, by: Actor, at: datetime) -> Item:
    item.subject, item.scope = subject, scope
    item.text, item.quantity, item.measure = made.text.strip(), made.quantity, made.measure
    item.made_at, item.recorded_at, item.lon, item.lat = made.at, at, made.lon, made.lat
    item.maker, item.maker_person_id = by.name, by.person_id
    item.maker_post_id, item.maker_org_id = by.post_id, by.org_id
    item.save(force_insert=True)
    facts = {"kind": item.kind, "sha256": item.blob_id, "twin": item.twin_of_id}
    record(
        action="evidence.add", subject=subject, by=by, at=at, scope=scope,
        facts={name: told for name, told in facts.items() if told is not None},
    )  # fmt: skip
    return item


def _read(chunks: Iterable[bytes], limit: int) -> bytes:
    data = bytearray()
    for chunk in chunks:
        data += chunk
        if len(data) > limit:
            raise Invalid("evidence.too_large", limit=limit)
    if not data:
        raise Invalid("evidence.empty", field="file")
    return bytes(data)


def _type_of(data: bytes, name: str) -> str:
    """The type by content; the name only tells text formats and Office files apart."""
    try:
        found = {match.mime_type for match in puremagic.magic_string(data, filename=name)}
    except puremagic.PureError:
        found = set()
    for mime in found:
        if kind_of(mime) is not None and not mime.startswith("text/"):
            return str(mime)
    text_type = TEXT_NAMES.get(Path(name.lower()).suffix)
    if text_type and not found & {"text/html", "application/xhtml+xml"} and _is_text(data):
        return text_type
    return min(found) if found else "application/octet-stream"


def _is_text(data: bytes) -> bool:
    """Plain text in UTF-8 without markup: nothing that a browser could run."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return "\x00" not in text and "<" not in text[:1024]


def _shown(data: bytes) -> bytes:
    """A picture re-encoded for display: no metadata, no hidden payload, a bounded size."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Invalid("evidence.bad_image", reason="pixels")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            upright.thumbnail(THUMB)
            out = io.BytesIO()
            upright.save(out, "WEBP", quality=80)
            return out.getvalue()
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as fault:
        raise Invalid("evidence.bad_image", reason="unreadable") from fault


def _store(path: Path, data: bytes) -> None:
    """Write once, whole or not at all: a kill leaves no half file under the final name."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with part.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)
