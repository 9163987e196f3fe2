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


# Permanent population within 500 m, from the most down → alpha.
ALPHA = (
    (100, Fraction(2)), (50, Fraction(3, 2)), (30, Fraction(6, 5)), (1, Fraction(1)),
    (0, Fraction(1, 2)),
)  # fmt: skip
LEVELS = ((100, 1), (50, 2), (10, 3), (0, 4))  # R from → level


def ratio(substances: Sequence[Substance]) -> Fraction:
    """S = sum of q/Q; a major hazard source from 1 on."""
    return sum((s.quantity / s.threshold for s in substances), Fraction(0))


def alpha(people: int) -> Fraction:
    """The factor of exposed people outside. Raises ValueError below zero."""
    for least, factor in ALPHA:
        if people >= least:
            return factor
    raise ValueError("people")


def grade_value(substances: Sequence[Substance], people: int) -> Fraction:
    """R = alpha x sum of beta x q/Q."""
    weighted = (s.beta * s.quantity / s.threshold for s in substances)
    return alpha(people) * sum(weighted, Fraction(0))


@dataclass(frozen=True, slots=True)
class Source:
    """What came out: S, R, and the level 1 to 4; None below the threshold."""

    s: Fraction
    r: Fraction
    level: int | None


def identify(substances: Sequence[Substance], people: int) -> Source:
    """Identify a unit and grade it. R grades only what S makes a major hazard source."""
    s, r = ratio(substances), grade_value(substances, people)
    if s < 1:
        return Source(s, r, None)
    return Source(s, r, next(level for least, level in LEVELS if r >= least))
