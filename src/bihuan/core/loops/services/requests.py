"""Matters that a place brings up: to the next desk, or past it straight to one above (M187)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from bihuan.core.audit.services import emit, record
from bihuan.core.errors import Invalid, NotAllowed
from bihuan.core.flow import Move
from bihuan.core.loops.models import Notice, Obligation, Request, RequestKind
from bihuan.core.loops.services.facts import next_desk
from bihuan.core.loops.services.opening import Deadline, put_row, write_brief
from bihuan.core.loops.types import BriefInput, MoveInput
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.selectors import desk_of
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.core.places.rules import upper_paths


@dataclass(frozen=True, slots=True)
class Matter:
    """What is brought up, to which place, and whether past the desks between."""

    kind: str
    title: str
    text: str
    domain: str
    place_id: int
    direct: bool = False
    urgent: bool = False


@transaction.atomic
def ask(*, given: Matter, by: Actor, at: datetime) -> Obligation:
    """Bring a matter to the desk of a place above, which owes an answer within the pack's limit.

    Directly, the desks between hear of it at the same moment; otherwise the first of them has it
    and answers or passes it on. Raises NotAllowed, Invalid("brief.…" | "request.…").
    """
    if not by.has("relay.answer"):
        raise NotAllowed("not_allowed", duty="relay.answer")
    if given.kind not in RequestKind.values:
        raise Invalid("request.kind", field="kind")
    own = Place.objects.get(pk=by.place_id)
    aim = Place.objects.filter(
        pk=given.place_id, path__in=upper_paths(own.path), valid_to=None
    ).first()
    if aim is None:
        raise Invalid("request.not_above", field="place_id")
    desks = _desks(own, aim)
    if not desks or desks[-1].place_id != aim.pk:
        raise Invalid("request.no_desk", field="place_id", place=aim.name)
    first = desks[-1] if given.direct else desks[0]
    row = _open(given, first, own, by=by, at=at)
    arrived = first.place_id == aim.pk
    Request.objects.create(
        obligation=row, kind=given.kind, urgent=given.urgent, addressed=aim, direct=given.direct,
        reached_at=at if arrived else None,
    )  # fmt: skip
    copies = desks[:-1] if given.direct else []
    news = [Notice(post=first, obligation=row, kind="request.issued", at=at)]
    news += [Notice(post=desk, obligation=row, kind="request.copy", at=at) for desk in copies]
    Notice.objects.bulk_create(news)
    emit("request.issued", subject=row.subject, at=at)
    record(
        action="request.ask", subject=row.subject, by=by, at=at, after=row.state,
        facts={"to": aim.name, "direct": given.direct, "urgent": given.urgent,
               "copies": [desk.title for desk in copies]},
    )  # fmt: skip
    return row


def _desks(own: Place, aim: Place) -> list[Post]:
    """The desks above a place up to another, the nearest first; a level without one is left out."""
    paths = [path for path in upper_paths(own.path) if path.startswith(aim.path)]
    places = Place.objects.filter(path__in=paths, valid_to=None).order_by("-path")
    found = desk_of(place_ids=[place.pk for place in places])
    return [found[place.pk] for place in places if place.pk in found]


def _open(given: Matter, first: Post, own: Place, *, by: Actor, at: datetime) -> Obligation:
    brief = write_brief(
        given=BriefInput(title=given.title, text=given.text, domain=given.domain), place=own, at=at
    )
    due = Deadline(*_limit(urgent=given.urgent, at=at, scope=own.path))
    return put_row(
        flow="request", brief=brief, owner=first, issuer=by, due=due, at=at, place_id=own.pk,
        scope=own.path,
    )  # fmt: skip


def _limit(*, urgent: bool, at: datetime, scope: str) -> tuple[datetime, str]:
    return registry.due("request.urgent" if urgent else "request.answer", at, scope=scope)


def request_changes(
    move: Move, row: Obligation, *, given: MoveInput, at: datetime
) -> dict[str, Any]:
    """What the moves of a request set beside the state: the answer, or the next desk and clock."""
    request = Request.objects.select_for_update().get(pk=row.pk)
    changes: dict[str, Any] = {}
    if move.name == "answer":
        request.answer = given.note.strip()
        Notice.objects.create(
            post_id=row.issuer_post_id, obligation=row, kind="request.answered", at=at
        )
    elif move.name == "pass_on":
        desk = next_desk(row)
        assert desk is not None  # the move's check says so
        request.hops += 1
        request.reached_at = at if desk.place_id == request.addressed_id else None
        due_at, rule = _limit(urgent=request.urgent, at=at, scope=row.scope)
        changes = {
            "owner_post_id": desk.pk, "owner_org_id": desk.org_id, "assigned_at": at,
            "due_at": due_at, "due_rule": rule, "overdue_at": None, "level": 0,
        }  # fmt: skip
        Notice.objects.create(post=desk, obligation=row, kind="request.issued", at=at)
    elif move.name == "return":
        due_at, rule = _limit(urgent=request.urgent, at=at, scope=row.scope)
        changes = {"due_at": due_at, "due_rule": rule, "overdue_at": None, "level": 0}
    request.save(update_fields=["answer", "hops", "reached_at"])
    return changes
