"""Proof for a loop: files, a reading and words in one act, with or without submitting."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import System
from bihuan.core.errors import Conflict, Invalid
from bihuan.core.evidence.models import Item, Kind
from bihuan.core.evidence.services import Made, add_file, add_statement
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.rules import TASK_FLOW
from bihuan.core.loops.services.moves import act, advance, fetch
from bihuan.core.orgs.types import Actor


@dataclass(frozen=True, slots=True)
class File:
    """A file as it arrives: its name and a way to read it."""

    name: str
    chunks: Callable[[], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody brings: any of files, words and a reading, made at one time and place."""

    files: tuple[File, ...] = ()
    text: str = ""
    quantity: float | None = None
    measure: str = ""
    made_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


@transaction.atomic
def add_proof(*, obligation_id: int, given: Proof, by: Actor, at: datetime) -> list[Item]:
    """Attach everything or nothing to an open loop. Locks the loop.

    Raises NotFound, NotAllowed, Conflict("loop.ended"), Invalid("evidence.empty"), and
    Invalid("evidence.files_refused", refused=[(name, code), …]) naming every file at fault.
    """
    row = fetch(obligation_id=obligation_id, by=by, lock=True)
    if row.closed_at is not None:
        raise Conflict("loop.ended", number=row.number)
    where = Made(given.made_at or at, given.lon, given.lat)
    items, refused = [], []
    for file in given.files:
        try:
            items.append(
                add_file(subject=row.subject, scope=row.scope, name=file.name,
                         chunks=file.chunks(), made=where, by=by, at=at)
            )  # fmt: skip
        except Invalid as fault:
            refused.append((file.name, fault.code))
    if refused:
        raise Invalid("evidence.files_refused", field="photos", refused=refused)
    if given.quantity is not None or given.text.strip():
        kind = Kind.STATEMENT if given.quantity is None else Kind.READING
        made = replace(where, text=given.text, quantity=given.quantity, measure=given.measure)
        items.append(
            add_statement(subject=row.subject, scope=row.scope, kind=kind, made=made, by=by, at=at)
        )
    if not items:
        raise Invalid("evidence.empty", field="photos")
    return items


@transaction.atomic
def prove(
    *, obligation_id: int, given: Proof, by: Actor, at: datetime, version: int | None = None
) -> Obligation:
    """Attach what is given, if anything, and submit the loop for acceptance; all or nothing.

    Raises what `add_proof` and `act` raise.
    """
    if given.files or given.text.strip() or given.quantity is not None:
        add_proof(obligation_id=obligation_id, given=given, by=by, at=at)
    return act(obligation_id=obligation_id, move="prove", by=by, at=at, version=version)


def prove_by_deed(row: Obligation, *, said: str, by: Actor, at: datetime) -> None:
    """What was done is the proof of a task that asked for it, whoever did it; its issuer judges.

    The caller has locked the task. One that cannot be proved as it stands is left alone.
    """
    if "prove" not in {move.name for move in TASK_FLOW.moves_from(row.state)}:
        return
    add_statement(
        subject=row.subject, scope=row.scope, kind=Kind.STATEMENT, made=Made(at, text=said),
        by=by, at=at,
    )  # fmt: skip
    who = System(by.name, by.post_id, by.person_id, by.org_id)
    facts = {"is_owner": True, "evidence_after_assignment": 1, "open_parts": 0}
    advance(TASK_FLOW, row, "prove", facts=facts, by=who, at=at)
