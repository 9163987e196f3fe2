"""From checked drafts to an issued directive."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime

from bihuan.command import services as command
from bihuan.command.rules import title_of
from bihuan.command.types import DemandInput, DirectiveInput, MeetingInput, Preview
from bihuan.core.errors import Invalid
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.types import Actor
from bihuan.intake.models import Document, Draft, Status
from bihuan.intake.selectors.doors import fetch_document, open_document
from bihuan.intake.selectors.review import sessions_of

GOING = (Status.PROPOSED, Status.KEPT)


@transaction.atomic
def direct(
    *, document_id: int, title: str, place_ids: tuple[int, ...], by: Actor, at: datetime
) -> int:
    """Write the directive of a document and close its drafts; nothing is owed until it is sent.

    The directive's id.

    Raises what `command.prepare_directive` raises, Conflict("document.directed"),
    Invalid("document.no_title").
    """
    document = open_document(document_id=document_id, by=by)
    if not title.strip():
        raise Invalid("document.no_title", field="title")
    given = _input(document, title=title, place_ids=place_ids, at=at)
    directive = command.prepare_directive(given=given, by=by, at=at)
    document.directive = directive
    document.save(update_fields=["directive"])
    return directive.pk


@transaction.atomic
def issue(
    *, document_id: int, title: str, place_ids: tuple[int, ...], by: Actor, at: datetime
) -> int:
    """Write the directive of a document and send it, all or nothing; the directive's id.

    For directives small enough not to need the worker. Raises what `direct` and
    `command.send_directive` raise.
    """
    directive_id = direct(
        document_id=document_id, title=title, place_ids=place_ids, by=by, at=at
    )  # fmt: skip
    command.send_directive(directive_id=directive_id, by=by, at=at)
    return directive_id


def planned(*, document_id: int, place_ids: tuple[int, ...], by: Actor, at: datetime) -> Preview:
    """How many obligations the directive of a document will open. Raises NotFound."""
    document = fetch_document(document_id=document_id, by=by)
    given = _input(document, title=document.title, place_ids=place_ids, at=at)
    return command.preview(given=given, by=by)


def _input(
    document: Document, *, title: str, place_ids: tuple[int, ...], at: datetime
) -> DirectiveInput:
    drafts = document.drafts.filter(status__in=GOING, actionable=True)
    chosen = drafts.select_related("upper", "repeats").order_by("position", "pk")
    held = _meetings(document, at=at)
    return DirectiveInput(
        title=title, demands=tuple(_demand(draft) for draft in chosen), place_ids=place_ids,
        meeting=held[0] if held else None, later_meetings=tuple(held[1:]), source=document.subject, basis=document.title,
        relay_id=document.relay_id,
    )  # fmt: skip


def _demand(draft: Draft) -> DemandInput:
    return DemandInput(
        brief=BriefInput(
            title=title_of(draft.text), text=draft.text, domain=draft.domain,
            domains=tuple(draft.domains), criterion=draft.criterion,
            upper_id=draft.upper.brief_id if draft.upper else None,
            repeats_id=draft.repeats.brief_id if draft.repeats else None,
            stricter=draft.stricter, stricter_until=draft.stricter_until,
        ),
        label=draft.label, section=draft.section, speaker=draft.speaker,
        responsible=draft.responsible, deadline_text=draft.deadline_text, due_at=draft.due_at,
        owner_post_id=draft.owner_post_id, support_post_ids=tuple(draft.support_post_ids),
        body_id=draft.body_id, direct_level=draft.direct_level,
    )  # fmt: skip


def _meetings(document: Document, *, at: datetime) -> list[MeetingInput]:
    """The records of every meeting under the headline, in the order of the text."""
    return [_meeting(document, told, at=at) for told in sessions_of(document)]


def _meeting(document: Document, told: dict[str, Any], *, at: datetime) -> MeetingInput:
    held = parse_datetime(told.get("held_at", "")) or at
    return MeetingInput(
        title=told["title"], form=told.get("form", "plenary"), held_at=min(held, at),
        body_ids=tuple(told.get("body_ids", ())), chair=told.get("chair", ""),
        speakers=tuple(told.get("speakers", ())), attendees=tuple(told.get("attendees", ())),
        attendees_complete=told.get("attendees_complete", True),
        relays_text=told.get("relays_text", ""), relay_id=document.relay_id,
    )  # fmt: skip
