"""`advance` makes one move; `act` is the door to it for pages, API and jobs."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef

from bihuan.core.audit.services import System, emit, record
from bihuan.core.errors import NotAllowed, NotFound, Stale
from bihuan.core.flow import Facts, Flow, Move
from bihuan.core.loops.gates import PROMISED, promised_by
from bihuan.core.loops.models import Obligation, Problem, Watcher
from bihuan.core.loops.rules import FLOWS
from bihuan.core.loops.services.facts import facts_of
from bihuan.core.loops.services.requests import request_changes
from bihuan.core.loops.types import MoveInput
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry

NOTHING_GIVEN = MoveInput()


def fetch(*, obligation_id: int, by: Actor, lock: bool = False) -> Obligation:
    """The one door to an obligation: what the post may not see, or works on, does not exist.

    Raises NotFound("loop.not_found").
    """
    rows = Obligation.objects.select_related("brief", "place", "owner_post", "issuer_post")
    if lock:
        rows = rows.select_for_update(of=("self",))
    seen = sight(by) | Exists(Watcher.objects.filter(obligation=OuterRef("pk"), post=by.post_id))
    row = rows.filter(seen, pk=obligation_id).first()
    if row is None:
        raise NotFound("loop.not_found", id=obligation_id)
    return row


@transaction.atomic
def act(
    *,
    obligation_id: int,
    move: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
    given: MoveInput = NOTHING_GIVEN,
    extra: dict[str, Any] | None = None,
) -> Obligation:
    """Make a move on an obligation: fetch and lock it, gather facts, advance, tell.

    `version` is what the person saw; `extra` are facts that only a domain knows (the cascade's
    unmapped demands). Raises NotFound, NoSuchMove, NotAllowed, MoveBlocked or Stale.
    """
    row = fetch(obligation_id=obligation_id, by=by, lock=True)
    if version is not None and version != row.version:
        raise Stale("stale", subject=row.number)
    facts = facts_of(row, by=by, at=at, given=given, extra=extra or {})
    return advance(FLOWS[row.flow], row, move, facts=facts, given=given, by=by, at=at)


@transaction.atomic
def advance(
    flow: Flow,
    row: Obligation,
    name: str,
    *,
    facts: Facts,
    by: Actor | System,
    at: datetime,
    given: MoveInput = NOTHING_GIVEN,
) -> Obligation:
    """Make one move of a loop: the only writer of `state` in the product.

    Asks in this order: is there such a move, has this post the duty, is nothing missing.
    Then writes the state, what moves with it, the audit entry and the event together.
    Raises NoSuchMove, NotAllowed, MoveBlocked or Stale.
    """
    move = flow.find(name, row.state)
    if not by.has(move.duty):
        raise NotAllowed("not_allowed", duty=move.duty, move=name)
    move.check(facts)
    before, version = row.state, row.version
    target = move.target or before
    changes = _changes(move, row, given=given, by=by, at=at, ends=target in flow.ends)
    written = {"state": target, "state_since": at, "version": version + 1} | changes
    won = Obligation.objects.filter(pk=row.pk, version=version).update(**written)
    if won != 1:
        raise Stale("stale", subject=row.number)
    for column, value in written.items():  # the row as it is now, without asking again
        setattr(row, column, value)
    emit(f"{flow.name}.{name}", subject=row.subject, at=at, facts={"by": by.post_id})
    record(
        action=f"{flow.name}.{name}", subject=row.subject, by=by, at=at, scope=row.scope,
        before=before, after=target, facts=_told(given, changes),
    )  # fmt: skip
    return row


@transaction.atomic
def keep_promise(*, obligation_id: int, by: Actor, at: datetime) -> Obligation:
    """Let what was promised for a rectification bind its clock, where it is earlier. Locks it.

    A later promise changes nothing: the issuer alone extends, with a reason. Raises NotFound.
    """
    row = fetch(obligation_id=obligation_id, by=by, lock=True)
    if row.state not in {"assigned", "rectifying"}:
        return row  # before it is assigned another clock runs; assigning asks for the promise
    until = promised_by(row, due_at=row.due_at, at=at)
    if until is not None:
        row.due_at, row.due_rule, row.version = until, PROMISED, row.version + 1
        row.save(update_fields=["due_at", "due_rule", "version"])
        record(action="problem.promise", subject=row.subject, by=by, at=at, scope=row.scope,
               facts={"due": until.isoformat()})  # fmt: skip
        emit("problem.promise", subject=row.subject, at=at, facts={"by": by.post_id})
    return row


def _told(given: MoveInput, changes: dict[str, Any]) -> dict[str, object]:
    """What the audit keeps of a move beyond the states."""
    told: dict[str, object] = {"note": given.note} if given.note else {}
    if "due_at" in changes:
        told["due"] = changes["due_at"].isoformat()
    if given.until is not None:
        told["until"] = given.until.isoformat()
    if given.grade:
        told["grade"] = given.grade
    if given.owner_post_id:
        told["owner_post"] = given.owner_post_id
    return told


def _changes(
    move: Move,
    row: Obligation,
    *,
    given: MoveInput,
    by: Actor | System,
    at: datetime,
    ends: bool,
) -> dict[str, Any]:
    """Columns that move with the state."""
    changes: dict[str, Any] = {"closed_at": at if ends else None}
    if move.name in {"prove", "answer"}:
        changes |= {
            "submitted_at": at, "submitted_by_id": by.person_id,
            "submitted_org_id": by.org_id, "accepted_by_id": None,
        }  # fmt: skip
    elif move.name in {"accept", "verify"}:
        changes["accepted_by_id"] = by.person_id
    elif move.name in {"return", "reopen"}:
        changes |= {"returns": row.returns + 1, "submitted_by_id": None, "accepted_by_id": None}
    elif move.name in {"extend", "watch"}:
        changes |= {
            "due_at": given.until, "due_rule": "extended", "extensions": row.extensions + 1,
            "overdue_at": None, "level": 0,
        }  # fmt: skip
    elif move.name == "pause":
        changes["resume_at"] = given.until
    elif move.name == "resume":
        left = max(row.due_at - row.state_since, timedelta(0))
        changes |= {"resume_at": None, "due_at": at + left}
    elif move.name == "plan":
        changes |= _due_with_parts(row)
    elif move.name == "ask_withdraw":
        changes["asked_by_id"] = by.person_id
    own = {"problem": _problem_changes, "request": request_changes}.get(row.flow)
    return changes if own is None else changes | own(move, row, given=given, at=at)


def _due_with_parts(row: Obligation) -> dict[str, Any]:
    """A relay that was answered is due with the last of the tasks it was answered with."""
    last = row.parts.aggregate(last=Max("due_at"))["last"]
    if last is None or last <= row.due_at:
        return {}
    return {"due_at": last, "due_rule": "parts", "overdue_at": None, "level": 0}


def _problem_changes(
    move: Move, row: Obligation, *, given: MoveInput, at: datetime
) -> dict[str, Any]:
    """What a problem's moves set beside the state: grade, gates, owner and the next clock."""
    problem = Problem.objects.select_for_update().get(pk=row.pk)
    clock = {"register": "problem.grade", "grade": "problem.assign",
             "assign": "problem.rectify", "prove": "problem.verify"}.get(move.name)  # fmt: skip
    changes: dict[str, Any] = {}
    if clock is not None:
        due_at, rule = registry.due(clock, at, scope=row.scope)
        if move.name == "assign":
            promised = promised_by(row, due_at=due_at, at=at)
            due_at, rule = (promised, PROMISED) if promised else (due_at, rule)
        changes |= {"due_at": due_at, "due_rule": rule, "overdue_at": None, "level": 0}
    if move.name == "grade":
        problem.grade = given.grade or problem.grade
    if given.interim:
        problem.interim = given.interim
        problem.interim_post_id = given.interim_post_id
    if move.name == "assign":
        changes["assigned_at"] = at
        if given.owner_post_id is not None:
            post = Post.objects.get(pk=given.owner_post_id)
            changes |= {"owner_post_id": post.pk, "owner_org_id": post.org_id}
    if move.name == "verify":
        problem.verified_at = at
        problem.recheck_at = registry.due("problem.recheck", at, scope=row.scope)[0]
    if move.name in {"return", "reopen"}:
        problem.verified_at = problem.recheck_at = None
    if given.external_accepted:
        problem.answered_at = at
    problem.save()
    return changes
