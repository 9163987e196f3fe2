"""Take a document in: keep the original, read it, propose drafts."""

import mimetypes
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath

from django.db import transaction

from bihuan.command.rules import body_kind
from bihuan.command.selectors.sight import directive_of
from bihuan.command.services.meetings import BODY_KINDS, own_relay
from bihuan.core.audit.services import emit, record
from bihuan.core.clock import day_end, day_start, local_date
from bihuan.core.errors import Invalid, NotAllowed
from bihuan.core.evidence.rules import safe_name
from bihuan.core.evidence.services import keep
from bihuan.core.orgs.models import Org
from bihuan.core.orgs.types import Actor
from bihuan.intake import communique
from bihuan.intake.models import Document, Draft
from bihuan.intake.rules import body_kinds, form_of
from bihuan.intake.selectors.doors import open_document
from bihuan.intake.selectors.review import sessions_of
from bihuan.intake.services.sessions import parted

PASTED = "pasted.txt"


@transaction.atomic
def upload(
    *, data: bytes, name: str, by: Actor, at: datetime, relay_id: int | None = None
) -> list[Document]:
    """Keep a file and read it; one document for each communiqué in it.

    `relay_id` names the relay that the communiqué answers. The same file again gives the
    documents that are there. Raises NotAllowed, Invalid with the reader's code (`intake.…`).
    """
    if not by.has("directive.draft"):
        raise NotAllowed("not_allowed", duty="directive.draft")
    label = safe_name(name or PASTED)
    hint = _hint(relay_id=relay_id, by=by, at=at)
    try:
        records = communique.read(data, name=label, hint=hint)
    except communique.Unreadable as fault:
        raise Invalid(fault.code, **fault.facts, file=label) from fault
    mime = mimetypes.guess_type(label)[0] or "application/octet-stream"
    blob = keep(data, mime=mime, at=at)
    known = Document.objects.filter(blob=blob, issuer_org=by.org_id, relay=relay_id)
    if known.exists():
        return list(known.order_by("part"))
    found = []
    for part, read in enumerate(records):
        document = _document(read, label=label, by=by, at=at)
        document.blob, document.part, document.relay_id = blob, part, relay_id
        document.save(force_insert=True)
        _propose(document, read, at=at)
        _tell("document.upload", document, by=by, at=at, relay=relay_id)
        found.append(document)
    return found


def _hint(*, relay_id: int | None, by: Actor, at: datetime) -> communique.Hint:
    """What is known without the text: the place, a day it is not later than, the upper meeting's."""
    sisters: tuple[date, ...] = ()
    if relay_id is not None:
        upper = directive_of(own_relay(relay_id=relay_id, by=by)).meeting
        sisters = (local_date(upper.held_at),) if upper is not None else ()
    return communique.Hint(
        jurisdiction=by.place_name, sister_dates=sisters, latest=local_date(at)
    )  # fmt: skip


def _tell(action: str, document: Document, *, by: Actor, at: datetime, **facts: object) -> None:
    emit(action, subject=document.subject, at=at)
    record(
        action=action, subject=document.subject, by=by, at=at, scope=document.scope,
        facts={"name": document.name, "sha256": document.blob_id, "drafts": document.drafts.count(),
               "is_communique": document.is_communique, **facts},
    )  # fmt: skip


def _document(read: communique.Communique, *, label: str, by: Actor, at: datetime) -> Document:
    told = communique.to_json(read)
    report = {
        name: value for name, value in told.items()
        if name not in {"original_text", "clean_text", "repairs", "directives"}
    }  # fmt: skip
    return Document(
        name=label, title=_title(read, label),
        issuer_org_id=by.org_id, place_id=by.place_id, scope=by.scope, uploaded_at=at,
        uploaded_by=by.name, original_text=_plain(read.original_text),
        clean_text=_plain(read.clean_text), encoding=read.encoding[:40],
        repairs=[asdict(repair) for repair in read.repairs], report=report,
        meeting=_minutes(read, by=by, at=at), is_communique=read.is_communique,
        reason=read.reason[:40],
    )  # fmt: skip


def _title(read: communique.Communique, label: str) -> str:
    """Its own title, else the meeting it tells of, else the name of the file."""
    return (read.title or next(iter(read.meetings), "") or PurePosixPath(label).stem)[:200]


def _plain(text: str) -> str:
    """PostgreSQL takes every character but NUL; a substitute of one keeps the offsets."""
    return text.replace("\x00", "\ufffd")


def _minutes(read: communique.Communique, *, by: Actor, at: datetime) -> dict[str, object]:
    """The proposed record of the meeting; empty when the text tells of none."""
    if not read.meetings:
        return {}
    bodies = Org.objects.filter(
        place=by.place_id, kind__in=BODY_KINDS, valid_to=None
    ).values_list("pk", "kind")  # fmt: skip
    sat = body_kinds(read.meetings)
    held = _held(read.dates, at)
    whole = {
        "title": read.meetings[0][:200],
        "form": form_of(read.meetings),
        "held_at": held.isoformat() if held else "",
        "chair": "、".join(read.chair),
        "speakers": list(read.speakers),
        "attendees": list(read.attendees),
        "attendees_complete": read.attendees_complete,
        "body_ids": [pk for pk, kind in bodies if kind in sat],
        "relays_text": "、".join(read.relayed_meetings)[:400],
    }
    return parted(whole, read, bodies=list(bodies))


def _held(dates: tuple[str, ...], at: datetime) -> datetime | None:
    """The first whole date of the text, `at` when that is later; None when a year stays open."""
    for text in dates:
        try:
            day = date.fromisoformat(text[:10])
        except ValueError:
            continue
        return min(day_start(day), at)
    return None


def _propose(document: Document, read: communique.Communique, *, at: datetime) -> None:
    bodies = _bodies(document)
    Draft.objects.bulk_create(
        _draft(document, found, bodies=bodies, at=at) for found in read.directives
    )


def _bodies(document: Document) -> dict[str, int]:
    chosen = [pk for told in sessions_of(document) for pk in told.get("body_ids", ())]
    return dict(Org.objects.filter(pk__in=chosen).values_list("kind", "pk"))


def _draft(
    document: Document, found: communique.Directive, *, bodies: dict[str, int], at: datetime
) -> Draft:
    responsible = "、".join(found.responsible or found.responsible_inherited)
    return Draft(
        document=document, position=float(found.index), text=_plain(found.text),
        start=found.start, end=found.end, original_start=found.original_start,
        original_end=found.original_end, speaker=found.speaker[:120],
        label=(found.number_label or "")[:40], section=(found.group or "")[:120],
        domain=found.domain, domains=list(found.domains), responsible=responsible[:400],
        deadline_text="、".join(d.text for d in found.deadline)[:200],
        due_at=due_of(found.deadline, at=at), actionable=found.actionable,
        body_id=bodies.get(body_kind(found.domain)),
    )  # fmt: skip


def due_of(deadlines: tuple[communique.Deadline, ...], *, at: datetime) -> datetime | None:
    """The first moment in the future that the text sets; a day means its end. None otherwise."""
    for deadline in deadlines:
        due = None
        if deadline.kind == "within" and deadline.hours:
            due = at + timedelta(hours=deadline.hours)
        elif deadline.kind in {"by", "during"} and deadline.due:
            due = _moment(deadline.due)
        if due is not None and due > at:
            return due
    return None


def _moment(text: str) -> datetime | None:
    try:
        if "T" in text:
            return day_start(date.fromisoformat(text[:10])) + _clock(text[11:])
        return day_end(date.fromisoformat(text)) - timedelta(minutes=1)
    except ValueError:
        return None


def _clock(text: str) -> timedelta:
    hour, _, minute = text.partition(":")
    return timedelta(hours=int(hour), minutes=int(minute[:2] or 0))


@transaction.atomic
def read_anyway(*, document_id: int, by: Actor, at: datetime) -> Document:
    """Go on with a text that was not taken for a communiqué: a person adds the demands.

    Raises NotFound, NotAllowed, Conflict("document.directed").
    """
    document = open_document(document_id=document_id, by=by)
    if not document.is_communique and not document.forced_by:
        document.forced_by = by.name
        document.meeting = document.meeting or {
            "title": document.title, "form": "decision", "held_at": at.isoformat(),
        }  # fmt: skip
        document.save(update_fields=["forced_by", "meeting"])
        _tell("document.read_anyway", document, by=by, at=at, reason=document.reason)
    return document
