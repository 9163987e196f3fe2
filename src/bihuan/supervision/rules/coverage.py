"""How much of a plan is done: sampling fills only its own cells, full is only all of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Missed:
    """What a second pass says about one group of the first."""

    team: str
    sites: int  # looked at again
    found: int  # gaps the first pass had found there
    missed: int  # gaps that existed then and were not found

    @property
    def rate(self) -> float | None:
        """Missed of all gaps that were there; None when there were none."""
        there = self.found + self.missed
        return self.missed / there if there else None

    @property
    def percent(self) -> float | None:
        """The rate in per cent with one place."""
        return None if self.rate is None else round(self.rate * 100, 1)
