"""Grades of risk: LEC, LS and matrix, each with the jurisdiction's own cut points. Pure.

Arithmetic is exact: scores are decimals, never floats.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

COLOURS = ("red", "orange", "yellow", "blue")  # the gravest first


@dataclass(frozen=True, slots=True)
class Cut:
    """From which score a colour begins; `over` means the score must exceed it."""

    colour: str
    score: Decimal
    over: bool


@dataclass(frozen=True, slots=True)
class Method:
    """A method as the pack in force has it: allowed factors and cut points, the gravest first."""

    key: str
    factors: Mapping[str, tuple[Decimal, ...]]
    cuts: tuple[Cut, ...]


class FactorWrong(ValueError):
    """A factor that the method does not know; the message is its name."""


def score(method: Method, given: Mapping[str, Decimal]) -> Decimal:
    """The product of the factors. Raises FactorWrong."""
    product = Decimal(1)
    for name, allowed in method.factors.items():
        value = given.get(name)
        if value is None or value not in allowed:
            raise FactorWrong(name)
        product *= value
    return product


def colour_of(method: Method, value: Decimal) -> str:
    """The colour of a score; blue below every cut."""
    for cut in method.cuts:
        if value > cut.score if cut.over else value >= cut.score:
            return cut.colour
    return "blue"


def matrix_colour(cells: Sequence[Sequence[str]], *, likelihood: int, severity: int) -> str:
    """The colour of a cell of a matrix, rows by likelihood, columns by severity, both from 1.

    Raises FactorWrong.
    """
    if not 1 <= likelihood <= len(cells):
        raise FactorWrong("likelihood")
    row = cells[likelihood - 1]
    if not 1 <= severity <= len(row):
        raise FactorWrong("severity")
    return row[severity - 1]


def graver(colour: str) -> str:
    """One colour up: what a risk becomes when a control fails."""
    return COLOURS[max(COLOURS.index(colour) - 1, 0)]


def worst(colours: Sequence[str]) -> str:
    """The gravest of several; empty for none."""
    return min((c for c in colours if c), key=COLOURS.index, default="")


@dataclass(frozen=True, slots=True)
class Control:
    """A control measure as it stands: its kind, its layer, and whether it may be counted."""

    kind: str  # human | physical | technical
    layer: str
    valid: bool


def kinds_missing(controls: Sequence[Control]) -> tuple[str, ...]:
    """Which of human, physical and technical defence has no valid control (M127)."""
    there = {control.kind for control in controls if control.valid}
    return tuple(kind for kind in ("human", "physical", "technical") if kind not in there)


def controlled(controls: Sequence[Control]) -> bool:
    """One valid control of each kind, in two independent layers at least (2.16)."""
    layers = {control.layer for control in controls if control.valid and control.layer}
    return not kinds_missing(controls) and len(layers) >= 2


def residual(inherent: str, rated: str, controls: Sequence[Control]) -> str:
    """The risk that is left: as rated while every control holds, one step graver for a failure.

    A grave or considerable risk that lacks a kind of control is never below orange; it is never
    graver than it was without any control.
    """
    left = rated
    if any(not control.valid for control in controls):
        left = graver(left)
    if inherent in {"red", "orange"} and kinds_missing(controls):
        left = worst((left, "orange"))
    return max((left, inherent), key=COLOURS.index)
