"""The results of a special inspection, unit by unit and added up by what the units declare. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnitResult:
    """One unit: whether its result is in, what was found, what of it is still open."""

    name: str
    done: bool
    found: int
    open: int


@dataclass(frozen=True, slots=True)
class Group:
    """Units that share a word of one of their own fields, such as an airport."""

    name: str
    units: int
    done: int
    found: int
    open: int


def grouped(results: Iterable[tuple[str, UnitResult]]) -> tuple[Group, ...]:
    """Added up by the word that each result comes with; those with most open first."""
    sums: dict[str, list[UnitResult]] = {}
    for word, one in results:
        sums.setdefault(word, []).append(one)
    groups = [_sum(word, mine) for word, mine in sums.items()]
    return tuple(sorted(groups, key=lambda one: (-one.open, -one.found, one.name)))


def _sum(word: str, mine: Sequence[UnitResult]) -> Group:
    return Group(word, len(mine), sum(one.done for one in mine), sum(one.found for one in mine),
                 sum(one.open for one in mine))  # fmt: skip
