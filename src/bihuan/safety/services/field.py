"""Take in what the field app sends: pieces of photos, whole inspections. Safe to repeat.

An inspection comes under a key that the device chose. The key, the inspection, its hazards and
photos are one transaction: whatever dies in between, a second sending finds all of it or nothing.
"""

import hashlib
import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from bihuan.core.audit.services import record
from bihuan.core.errors import Conflict, Invalid, NotAllowed, Refused
from bihuan.core.evidence.services import Made, add_file
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.safety.models import Device, Establishment, FieldEntry, Inspection, PhotoPart
from bihuan.safety.rules.checklists import is_gap, items_of
from bihuan.safety.rules.field import Found, Sent, Shot, differences, read_sent
from bihuan.safety.selectors.establishments import fetch_establishment
from bihuan.safety.selectors.field import fetch_entry, last_inspections, seen_of
from bihuan.safety.selectors.inspections import fetch_checklist
from bihuan.safety.services.hazards import Grading, NewHazard, grade_hazard, report_hazard
from bihuan.safety.services.inspections import (
    domains_of,
    may_inspect,
    new_inspection,
    refuse_answer,
    refuse_open,
    settle,
)

MOST_PART = 512 * 1024


@transaction.atomic
def keep_part(
    *, device: Device, sha256: str, size: int, start: int, data: bytes, at: datetime
) -> int:
    """Keep a piece of a photo; how many bytes from its beginning are here.

    A piece sent again changes nothing. When the last one is here the whole is held against its
    digest. Raises Invalid("field.part" | "field.broken_photo" | "evidence.too_large").
    """
    limit = int(registry.value("evidence.max_bytes", at, scope=device.scope).value)
    if size > limit:
        raise Invalid("evidence.too_large", limit=limit)
    if not (0 < len(data) <= MOST_PART and start >= 0 and start + len(data) <= size):
        raise Invalid("field.part", field="start")
    PhotoPart.objects.get_or_create(
        device=device, sha256=sha256, start=start, defaults={"size": size, "data": data, "at": at}
    )
    have = photo_length(device, sha256)
    if have == size and hashlib.sha256(_whole(device, sha256)).hexdigest() != sha256:
        device.parts.filter(sha256=sha256).delete()
        return 0  # the device begins again
    return have


def photo_length(device: Device, sha256: str) -> int:
    """How many bytes of a photo are here without a hole. One query."""
    have = 0
    for start, data in (
        device.parts.filter(sha256=sha256).order_by("start").values_list("start", "data")
    ):
        if start != have:
            break
        have += len(data)
    return have


def _whole(device: Device, sha256: str) -> bytes:
    parts = device.parts.filter(sha256=sha256).order_by("start").values_list("data", flat=True)
    return b"".join(bytes(part) for part in parts)


@transaction.atomic
def receive(*, device: Device, key: UUID, raw: Any, by: Actor, at: datetime) -> FieldEntry:
    """Take one inspection, once; what cannot be taken as it is stays and waits for a person.

    The same key again answers what it answered. Raises Invalid("field.malformed"), NotFound,
    NotAllowed, Conflict("field.key_reused" | "field.photos_missing").
    """
    digest = hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()
    sent = read_sent(raw)
    place = fetch_establishment(establishment_id=sent.establishment_id, by=by)
    may_inspect(place, by)
    checklist = fetch_checklist(checklist_id=sent.checklist_id)
    entry, fresh = FieldEntry.objects.get_or_create(
        key=key, defaults={
            "device": device, "establishment": place, "checklist": checklist,
            "scope": place.scope, "sector": place.sector, "owner_org_id": place.owner_org_id,
            "issuer_org_id": by.org_id, "digest": digest, "content": raw, "received_at": at,
            "state": "conflict",
        },
    )  # fmt: skip
    if not fresh:
        if entry.digest != digest or entry.device_id != device.pk:
            raise Conflict("field.key_reused")
        if entry.state != "conflict":  # its answer was lost on the way, and the photos came again
            device.parts.filter(sha256__in=sent.digests).delete()
        return entry
    _refuse_missing(device, sent.digests)
    entry.differs = differences(sent.seen, _there(place, entry))
    if not entry.differs:
        _try(entry, sent, by, at)
    entry.save()
    record(action="field.receive", subject=place.subject, by=by, at=at, scope=place.scope,
           facts={"state": entry.state, "reason": entry.reason})  # fmt: skip
    return entry


def _refuse_missing(device: Device, digests: Collection[str]) -> None:
    sizes = dict(device.parts.filter(sha256__in=digests).values_list("sha256", "size"))
    missing = sorted(d for d in digests if photo_length(device, d) != sizes.get(d, -1))
    if missing:
        raise Conflict("field.photos_missing", photos=missing)


def _there(place: Establishment, entry: FieldEntry) -> dict[str, Any]:
    own = place.owner_org_id == entry.issuer_org_id
    last = last_inspections([place.pk]).get((place.pk, entry.checklist.code, own), 0)
    return seen_of(place, last)


def _try(entry: FieldEntry, sent: Sent, by: Actor, at: datetime) -> None:
    """Take it; a refusal takes everything back and is kept as the reason."""
    try:
        with transaction.atomic():
            _take(entry, sent, by, at)
    except Refused as refused:
        entry.state, entry.reason, entry.inspection = "conflict", refused.code[:60], None


def _take(entry: FieldEntry, sent: Sent, by: Actor, at: datetime) -> None:
    row = new_inspection(
        entry.establishment, entry.checklist, by=by, begun_at=min(sent.begun_at, at)
    )
    row.answers, row.ended_at = dict(sent.answers), min(sent.ended_at, at)
    items = {item.code: item for item in items_of(entry.checklist.items)}
    for code, answer in sent.answers.items():
        if code not in items:
            raise Invalid("inspection.answer", field=code)
        refuse_answer(items[code], answer, sent.answers)
    refuse_open(row)
    told = {one.item for one in sent.hazards}
    unsaid = [
        Found(item.finding, "", item.type or item.text[:60], item.code)
        for item in items.values()
        if item.code not in told and is_gap(item, sent.answers.get(item.code))
    ]
    hazards = (*sent.hazards, *unsaid)
    row.found = len(hazards)
    row.save()
    settle(row, by=by, at=at)
    for one in hazards:
        _hazard(entry, row, one, by, at)
    subject = f"inspection:{row.pk}"
    for shot in sent.photos:
        _attach(entry, shot, subject, shot.item, by, at)
    if sent.signature is not None:
        _attach(entry, sent.signature, subject, sent.signer, by, at)
    entry.device.parts.filter(sha256__in=sent.digests).delete()
    entry.inspection, entry.state, entry.reason = row, "taken", ""


def _hazard(entry: FieldEntry, row: Inspection, one: Found, by: Actor, at: datetime) -> None:
    """A hazard of an inspection, graded at once where the inspector may and did."""
    item = next((i for i in items_of(entry.checklist.items) if i.code == one.item), None)
    given = NewHazard(one.title, one.text, one.type, origin_name=entry.checklist.title,
                      inspection_id=row.pk, domains=domains_of(item) if item else ())  # fmt: skip
    found = report_hazard(establishment_id=row.establishment_id, given=given, by=by, at=at)
    for shot in one.photos:
        _attach(entry, shot, found.subject, "", by, at)
    if one.criterion:
        post = found.owner_post_id if one.interim else None
        grading = Grading(one.criterion, one.interim, post, one.rehousing)
        grade_hazard(hazard_id=found.pk, given=grading, by=by, at=at)


def _attach(
    entry: FieldEntry, shot: Shot, subject: str, text: str, by: Actor, at: datetime
) -> None:
    """A photo becomes evidence, with the time and place of its stamp."""
    made = Made(min(shot.at, at), shot.lon, shot.lat, text)
    add_file(subject=subject, scope=entry.scope, name=f"{shot.sha256[:12]}.jpg",
             chunks=[_whole(entry.device, shot.sha256)], made=made, by=by, at=at)  # fmt: skip


@transaction.atomic
def decide_entry(*, entry_id: int, take: bool, note: str, by: Actor, at: datetime) -> FieldEntry:
    """Take what waits although the place changed, or file it with a reason; nothing is dropped.

    Locks the entry. Raises NotFound, NotAllowed, Invalid("loop.no_reason"),
    Conflict("field.decided"), and what hinders the inspection itself.
    """
    entry = fetch_entry(entry_id=entry_id, by=by, lock=True)
    if entry.state != "conflict":
        raise Conflict("field.decided")
    if not by.has("evidence.add"):
        raise NotAllowed("not_allowed", duty="evidence.add")
    if not take and not note.strip():
        raise Invalid("loop.no_reason", field="note")
    sent = read_sent(entry.content)
    if take:
        _take(entry, sent, by, at)
    else:
        for shot in _shots(sent):
            _attach(entry, shot, f"fieldentry:{entry.pk}", "", by, at)
        entry.device.parts.filter(sha256__in=sent.digests).delete()
        entry.state = "filed"
    entry.note, entry.decided_at, entry.decided_by = note.strip(), at, by.name
    entry.save()
    record(action="field.decide", subject=entry.establishment.subject, by=by, at=at,
           scope=entry.scope, facts={"taken": take, "note": entry.note})  # fmt: skip
    return entry


def forget_parts(*, at: datetime) -> int:
    """Delete pieces of photos whose rest never came; how many. What waits for a decision stays.

    A phone that comes back later finds nothing here and sends the whole again.
    """
    days = timedelta(days=float(registry.value("field.part_days", at).value))
    stale = (
        PhotoPart.objects.values("device", "sha256")
        .annotate(last=Max("at"))
        .filter(last__lt=at - days)
    )
    waiting = {
        (entry.device_id, sha256)
        for entry in FieldEntry.objects.filter(
            state="conflict", device__in=stale.values_list("device")
        )
        for sha256 in read_sent(entry.content).digests
    }
    gone = 0
    for device, sha256 in stale.values_list("device", "sha256"):
        if (device, sha256) not in waiting:
            gone += PhotoPart.objects.filter(device=device, sha256=sha256).delete()[0]
    return gone


def _shots(sent: Sent) -> list[Shot]:
    """Every photo once."""
    every = [*sent.photos, *(shot for one in sent.hazards for shot in one.photos)]
    every += [sent.signature] if sent.signature else []
    return list({shot.sha256: shot for shot in every}.values())
