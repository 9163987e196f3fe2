"""The lists of My work: what the post owes, what waits for it, what it was told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bihuan.core.loops.counts import owed
from bihuan.core.loops.rules import FLOWS
from bihuan.core.loops.selectors import loop_row, mine
from bihuan.core.loops.services.moves import fetch
from bihuan.core.loops.types import Filter, LoopPage, LoopRow
from bihuan.core.orgs.types import Actor

Find = Callable[..., LoopPage]  # `selectors.mine` or `selectors.to_accept`
MOST = 100  # a counter in the rail need not go further
FORMS = {"prove", "return"}  # moves that ask for more than the press of a button
OWNER = ("acknowledge", "plan", "begin", "register", "prove")
ISSUER = ("accept", "verify", "return")


@dataclass(frozen=True, slots=True)
class Step:
    """A move that can be made from the list itself."""

    name: str
    asks: bool


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A loop in a list of My work with the moves its state and the post's duties allow.

    What a move still lacks is not asked here: the answer would cost queries for each row.
    """

    loop: LoopRow
    steps: tuple[Step, ...]


def desk_row(loop: LoopRow, *, by: Actor) -> DeskRow:
    """The row with the moves of whoever owes it, or of whoever waits for it. Pure."""
    wanted = OWNER if loop.owner_post_id == by.post_id else ISSUER
    steps = tuple(
        Step(move.name, asks=move.name in FORMS)
        for move in FLOWS[loop.flow].moves_from(loop.state)
        if move.name in wanted
        and by.has(move.duty)
        and (loop.flow, move.name) != ("relay", "prove")
    )
    return DeskRow(loop, steps)


def owed_count(by: Actor, _at: datetime) -> int:
    """Open loops of the post, at most `MOST`. One query."""
    return owed(by=by, most=MOST)


def desk_row_of(*, obligation_id: int, by: Actor, at: datetime) -> DeskRow:
    """One loop as the lists show it, after a move from the list. Raises NotFound."""
    return desk_row(loop_row(fetch(obligation_id=obligation_id, by=by), by=by, at=at), by=by)


def chosen_ids(given: Sequence[str]) -> list[int]:
    """The loops ticked in a list; what is no number is left out."""
    return [int(text) for text in given if text.isascii() and text.isdigit() and len(text) < 19]


def chosen(ids: Sequence[int], *, by: Actor, at: datetime) -> list[DeskRow]:
    """The post's own loops among those ticked, as a preview of a bulk act. One query."""
    rows = mine(by=by, at=at, wanted=Filter(ids=tuple(ids)), size=len(ids)).rows
    return [desk_row(row, by=by) for row in rows]
