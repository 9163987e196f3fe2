"""Edit, split, merge, reject, restore and add drafts; every step can be taken back."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_date, parse_datetime

from bihuan.command.selectors.demands import demands_above
from bihuan.command.selectors.sight import fetch_demand
from bihuan.command.services.ready import shares_of
from bihuan.core.audit.services import record
from bihuan.core.errors import Conflict, Invalid, NotFound
from bihuan.core.loops.models import Domain
from bihuan.core.loops.services.joint import refuse_shares
from bihuan.core.orgs.models import Org, Post
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import under
from bihuan.intake.models import Document, Draft, Edit, Status
from bihuan.intake.selectors.doors import open_document, open_draft
from bihuan.intake.types import DraftChange, Minutes

_FIELDS = (
    "position", "text", "start", "end", "original_start", "original_end", "speaker", "label",
    "section", "domain", "responsible", "deadline_text", "due_at", "criterion", "owner_post_id",
    "support_post_ids", "body_id", "direct_level", "upper_id", "repeats_id", "stricter", "stricter_until",
    "actionable", "status",
)  # fmt: skip
IN_SIGHT = (Status.PROPOSED, Status.KEPT, Status.REJECTED)


def _snapshot(drafts: Sequence[Draft]) -> list[dict[str, Any]]:
    return [
        {"id": draft.pk} | {name: _written(getattr(draft, name)) for name in _FIELDS}
        for draft in drafts
    ]


def _written(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime | date) else value


def _note(
    verb: str, document: Document, before: list[dict[str, Any]], *, by: Actor, at: datetime,
    born: Sequence[Draft] = (),
) -> None:  # fmt: skip
    """Write the step down, for undo and for the audit."""
    Edit.objects.create(
        document=document, verb=verb, by=by.name, at=at, before=before,
        born=[draft.pk for draft in born],
    )  # fmt: skip
    record(
        action=f"draft.{verb}", subject=document.subject, by=by, at=at, scope=document.scope,
        facts={"drafts": [row["id"] for row in before], "born": [draft.pk for draft in born]},
    )  # fmt: skip


@transaction.atomic
def edit_draft(*, draft_id: int, change: DraftChange, by: Actor, at: datetime) -> Draft:
    """Change fields of a draft; it counts as checked from then on.

    Raises NotFound, NotAllowed, Conflict("document.directed"), Invalid("draft.…").
    """
    draft = open_draft(draft_id=draft_id, by=by)
    before = _snapshot([draft])
    given = change.given()
    _refuse(given, draft, by=by)
    for name, new in given.items():
        setattr(draft, name, new.strip() if isinstance(new, str) else new)
    draft.status = Status.KEPT if draft.status == Status.PROPOSED else draft.status
    if change.given().get("domain"):
        draft.domains = [draft.domain, *(d for d in draft.domains if d != draft.domain)]
    draft.save()
    _note("edit", draft.document, before, by=by, at=at)
    return draft


def _refuse(given: dict[str, Any], draft: Draft, *, by: Actor) -> None:
    if "text" in given and not given["text"].strip():
        raise Invalid("draft.no_text", field="text")
    if "domain" in given and given["domain"] not in Domain.values:
        raise Invalid("draft.domain", field="domain", value=given["domain"])
    _refuse_parties(given, draft, by=by)
    body = given.get("body_id")
    if body is not None and not Org.objects.filter(pk=body, place=by.place_id).exists():
        raise NotFound("draft.owner_outside", field="body_id")
    if given.get("repeats_id") is not None:
        fetch_demand(demand_id=given["repeats_id"], by=by)
    upper = given.get("upper_id")
    if upper is not None:
        above = demands_above(relay_id=draft.document.relay_id)
        carried = any(demand.id == upper for demand in above)
        if not carried:
            raise Invalid("draft.upper_foreign", field="upper_id")


def _refuse_parties(given: dict[str, Any], draft: Draft, *, by: Actor) -> None:
    """Posts of the own place and below; who supports needs somebody who leads (M019)."""
    if not given.keys() & {"owner_post_id", "support_post_ids"}:
        return
    owner = given.get("owner_post_id", draft.owner_post_id)
    supports = given.get("support_post_ids", draft.support_post_ids)
    shares = shares_of(owner, supports)
    if shares:
        refuse_shares(shares)
    wanted = {share.post_id for share in shares}
    scopes = dict(Post.objects.filter(pk__in=wanted, valid_to=None).values_list("pk", "scope"))
    for share in shares:
        if share.post_id not in scopes or not under(scopes[share.post_id], by.scope):
            field = "owner_post_id" if share.part == "lead" else "support_post_ids"
            raise Invalid("draft.owner_outside", field=field)


@transaction.atomic
def set_status(*, draft_id: int, status: str, by: Actor, at: datetime) -> Draft:
    """Keep, reject or restore a draft ("kept", "rejected", "proposed").

    Raises NotFound, NotAllowed, Conflict("document.directed"), Invalid("draft.domain").
    """
    draft = open_draft(draft_id=draft_id, by=by)
    if status not in IN_SIGHT:
        raise Invalid("draft.status", field="status", value=status)
    before = _snapshot([draft])
    draft.status = status
    draft.save(update_fields=["status"])
    verbs = {"kept": "keep", "rejected": "reject", "proposed": "restore"}
    _note(verbs[status], draft.document, before, by=by, at=at)
    return draft


@transaction.atomic
def confirm_all(*, document_id: int, by: Actor, at: datetime) -> int:
    """Keep every draft that was proposed; how many there were. Raises what the door raises."""
    document = open_document(document_id=document_id, by=by)
    drafts = list(document.drafts.filter(status=Status.PROPOSED).order_by("position", "pk"))
    if drafts:
        before = _snapshot(drafts)
        document.drafts.filter(pk__in=[d.pk for d in drafts]).update(status=Status.KEPT)
        _note("keep", document, before, by=by, at=at)
    return len(drafts)


@transaction.atomic
def split_draft(*, draft_id: int, offset: int, by: Actor, at: datetime) -> Draft:
    """Cut a draft in two at an offset of its text; the second half is the new one.

    Raises NotFound, NotAllowed, Conflict("document.directed"), Invalid("draft.split_outside").
    """
    draft = open_draft(draft_id=draft_id, by=by)
    first, rest = draft.text[:offset].rstrip(" ,，、;；"), draft.text[offset:].strip()
    if not 0 < offset < len(draft.text) or not first or not rest:
        raise Invalid("draft.split_outside", field="offset", offset=offset)
    before = _snapshot([draft])
    following = document_drafts(draft.document).filter(position__gt=draft.position).first()
    after = following.position if following is not None else draft.position + 2
    second = Draft(**{name: getattr(draft, name) for name in _FIELDS}, domains=draft.domains)
    second.document = draft.document
    second.text, second.position = rest, (draft.position + after) / 2
    document = draft.document
    if draft.start is not None and document.clean_text[draft.start : draft.end] == draft.text:
        second.start = draft.start + draft.text.index(rest, offset)
        draft.end = draft.start + len(first)
    else:
        second.start = second.end = None
    second.original_start = second.original_end = None
    second.status = draft.status = Status.KEPT
    draft.text = first
    draft.save()
    second.save(force_insert=True)
    _note("split", document, before, by=by, at=at, born=[second])
    return second


def document_drafts(document: Document) -> Any:
    """The drafts in sight, in the order of the text."""
    return document.drafts.filter(status__in=IN_SIGHT).order_by("position", "pk")


@transaction.atomic
def merge_drafts(*, draft_id: int, by: Actor, at: datetime) -> Draft:
    """Join a draft with the next one in the text; the next one steps out of sight.

    Raises NotFound, NotAllowed, Conflict("document.directed" | "draft.nothing_to_merge").
    """
    draft = open_draft(draft_id=draft_id, by=by)
    following = document_drafts(draft.document).filter(position__gt=draft.position).first()
    if following is None:
        raise Conflict("draft.nothing_to_merge")
    before = _snapshot([draft, following])
    clean = draft.document.clean_text
    joined = f"{draft.text.rstrip('。;；')}；{following.text}"
    if draft.start is not None and following.end is not None and draft.start < following.end:
        draft.end = following.end
        joined = clean[draft.start : draft.end] if draft.end - draft.start < 600 else joined
    draft.text, draft.status = joined, Status.KEPT
    draft.deadline_text = draft.deadline_text or following.deadline_text
    draft.due_at = draft.due_at or following.due_at
    draft.responsible = draft.responsible or following.responsible
    following.status = Status.MERGED
    draft.save()
    following.save(update_fields=["status"])
    _note("merge", draft.document, before, by=by, at=at)
    return draft


@transaction.atomic
def add_draft(
    *, document_id: int, text: str, by: Actor, at: datetime, start: int | None = None,
    end: int | None = None,
) -> Draft:  # fmt: skip
    """Add a demand that nobody proposed: a stretch of the clean text, or typed words.

    Raises NotFound, NotAllowed, Conflict, Invalid("draft.no_text" | "draft.span_outside").
    """
    document = open_document(document_id=document_id, by=by)
    if start is not None and end is not None:
        if not 0 <= start < end <= len(document.clean_text):
            raise Invalid("draft.span_outside", field="start")
        text = text.strip() or document.clean_text[start:end]
    if not text.strip():
        raise Invalid("draft.no_text", field="text")
    last = document.drafts.order_by("position").last()
    nearest = None if start is None else (
        document_drafts(document).filter(start__lte=start).order_by("start").last()
    )  # fmt: skip
    neighbour = nearest or (last if start is None else None)
    draft = Draft.objects.create(
        document=document, text=text.strip(), start=start, end=end,
        position=_between(document, neighbour), domain=neighbour.domain if neighbour else "command",
        domains=[neighbour.domain if neighbour else "command"],
        speaker=neighbour.speaker if neighbour else "",
        body_id=neighbour.body_id if neighbour else None, status=Status.KEPT,
    )  # fmt: skip
    _note("add", document, [], by=by, at=at, born=[draft])
    return draft


def _between(document: Document, neighbour: Draft | None) -> float:
    """A position right behind a draft, or before all of them."""
    if neighbour is None:
        first = document.drafts.order_by("position").first()
        return first.position - 1 if first is not None else 1.0
    following = document.drafts.filter(position__gt=neighbour.position).order_by("position").first()
    after = following.position if following is not None else neighbour.position + 2
    return (neighbour.position + after) / 2


@transaction.atomic
def edit_minutes(
    *, document_id: int, given: Minutes, by: Actor, at: datetime, session: int = 0
) -> Document:
    """Correct the proposed record of a meeting, the first unless said. Raises as the door, Invalid.

    `session` counts the meetings under one headline from 0.
    """
    document = open_document(document_id=document_id, by=by)
    if not given.title.strip():
        raise Invalid("document.no_title", field="title")
    told: dict[str, Any] = {
        "title": given.title.strip()[:200], "form": given.form,
        "held_at": (given.held_at or at).isoformat(), "chair": given.chair.strip(),
        "speakers": list(given.speakers), "attendees": list(given.attendees),
        "attendees_complete": given.attendees_complete, "body_ids": list(given.body_ids),
        "relays_text": given.relays_text.strip(),
    }  # fmt: skip
    later = list(document.meeting.get("later", ()))
    if 0 < session <= len(later):
        later[session - 1] = told
        told = document.meeting
    document.meeting = told | {"later": later}
    document.save(update_fields=["meeting"])
    record(
        action="document.minutes", subject=document.subject, by=by, at=at, scope=document.scope,
        facts={"title": given.title, "form": given.form},
    )  # fmt: skip
    return document


@transaction.atomic
def undo(*, document_id: int, by: Actor, at: datetime) -> Edit:
    """Take back the last step of the review that was not taken back yet.

    Raises what the door raises, Conflict("draft.nothing_to_undo").
    """
    document = open_document(document_id=document_id, by=by)
    step = document.edits.filter(undone_at=None).order_by("-pk").first()
    if step is None:
        raise Conflict("draft.nothing_to_undo")
    for row in step.before:
        values = {name: row[name] for name in _FIELDS if name in row}
        values["due_at"] = parse_datetime(values["due_at"]) if values["due_at"] else None
        until = values["stricter_until"]
        values["stricter_until"] = parse_date(until) if until else None
        Draft.objects.filter(pk=row["id"], document=document).update(**values)
    document.drafts.filter(pk__in=step.born).update(status=Status.UNDONE)
    step.undone_at = at
    step.save(update_fields=["undone_at"])
    record(
        action="draft.undo", subject=document.subject, by=by, at=at, scope=document.scope,
        facts={"verb": step.verb},
    )  # fmt: skip
    return step
