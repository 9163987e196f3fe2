"""GB 18218-2018: identification and grade of major hazard sources. Pure, in exact fractions."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Substance:
    """A substance on the spot: quantity and threshold in tonnes, correction factor beta."""

    quantity: Fraction
    threshold: Fraction
    beta: Fraction


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of the edition in force, both from the most down, as exact numbers.

    alpha: permanent population within 500 m from → factor; levels: R from → level.
    """

    alpha: Sequence[tuple[int, Fraction]]
    levels: Sequence[tuple[Fraction, int]]


def ratio(substances: Sequence[Substance]) -> Fraction:
    """S = sum of q/Q; a major hazard source from 1 on."""
    return sum((s.quantity / s.threshold for s in substances), Fraction(0))


def alpha(people: int, tables: Tables) -> Fraction:
    """The factor of exposed people outside. Raises ValueError below zero."""
    for least, factor in tables.alpha:
        if people >= least:
            return factor
    raise ValueError("people")


def grade_value(substances: Sequence[Substance], people: int, tables: Tables) -> Fraction:
    """R = alpha x sum of beta x q/Q."""
    weighted = (s.beta * s.quantity / s.threshold for s in substances)
    return alpha(people, tables) * sum(weighted, Fraction(0))


@dataclass(frozen=True, slots=True)
class Source:
    """What came out: S, R, and the level 1 to 4; None below the threshold."""

    s: Fraction
    r: Fraction
    level: int | None


def identify(substances: Sequence[Substance], people: int, tables: Tables) -> Source:
    """Identify a unit and grade it. R grades only what S makes a major hazard source."""
    s, r = ratio(substances), grade_value(substances, people, tables)
    if s < 1:
        return Source(s, r, None)
    return Source(s, r, next(level for least, level in tables.levels if r >= least))
