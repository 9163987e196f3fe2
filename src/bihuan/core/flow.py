"""Flows: which states a loop has, which moves lead from one to the next, and what each needs.

A flow is a table. Pages draw their buttons from it, the API its answers, the documents
their diagram. `bihuan.core.loops.services.advance` is its only executor.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bihuan.core.errors import MoveBlocked, NoSuchMove

Facts = Mapping[str, Any]
Check = Callable[[Facts], str | None]


@dataclass(frozen=True, slots=True)
class Move:
    """One arrow of a flow. `checks` return the code of what is missing, or None."""

    name: str
    sources: frozenset[str]
    target: str  # "" keeps the state: a move that only changes a date or an owner
    duty: str
    checks: tuple[Check, ...] = ()

    def missing(self, facts: Facts) -> tuple[str, ...]:
        """Codes of everything that stands in the way, in the order of the checks."""
        return tuple(code for check in self.checks if (code := check(facts)) is not None)

    def check(self, facts: Facts) -> None:
        """Raise MoveBlocked with the first missing code and all of them as facts."""
        missing = self.missing(facts)
        if missing:
            raise MoveBlocked(missing[0], move=self.name, missing=list(missing))


@dataclass(frozen=True, slots=True)
class Flow:
    """A loop's states and moves. Raises ValueError when a state cannot be reached or cannot end."""

    name: str
    start: str
    ends: frozenset[str]
    moves: tuple[Move, ...]
    states: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        states = {self.start} | self.ends
        for move in self.moves:
            states |= move.sources | ({move.target} if move.target else set())
        object.__setattr__(self, "states", frozenset(states))
        unreachable = states - _closure({self.start}, self.moves, forward=True)
        endless = states - _closure(set(self.ends), self.moves, forward=False)
        if unreachable or endless:
            raise ValueError(f"{self.name}: unreachable {unreachable}, without end {endless}")

    def find(self, name: str, state: str) -> Move:
        """The move `name` from `state`. Raises NoSuchMove."""
        for move in self.moves:
            if move.name == name and state in move.sources:
                return move
        raise NoSuchMove(flow=self.name, move=name, state=state)

    def moves_from(self, state: str) -> tuple[Move, ...]:
        """Every move that starts in `state`, in the order of the table."""
        return tuple(move for move in self.moves if state in move.sources)


def _closure(seen: set[str], moves: tuple[Move, ...], *, forward: bool) -> set[str]:
    """States that the seen ones lead to (forward) or that lead to them (backward)."""
    grown = True
    while grown:
        before = len(seen)
        for move in moves:
            if not move.target:
                continue
            if forward and move.sources & seen:
                seen.add(move.target)
            if not forward and move.target in seen:
                seen |= move.sources
        grown = len(seen) > before
    return seen
