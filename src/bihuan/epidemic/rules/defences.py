"""Lines of screening one after the other: what one misses, the next one meets (M065). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passed:
    """One line: how many came to it, and how many it caught."""

    met: int
    caught: int

    @property
    def leaked(self) -> int:
        """Whom it missed: the next line meets them; after the last one nobody does."""
        return self.met - self.caught

    @property
    def rate(self) -> float | None:
        """The share it caught; None where nobody came."""
        return self.caught / self.met if self.met else None


def pass_lines(at_risk: int, caught: Sequence[int]) -> tuple[Passed, ...]:
    """Those at risk through the lines in their order."""
    found, met = [], at_risk
    for n in caught:
        found.append(Passed(met, n))
        met -= n
    return tuple(found)
