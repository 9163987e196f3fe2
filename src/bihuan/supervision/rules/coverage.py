"""How much of a plan is done: sampling fills only its own cells, full is only all of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Coverage:
    """Filled cells of all cells."""

    filled: int
    cells: int

    @property
    def full(self) -> bool:
        """Full coverage is every cell, not nearly every one (2.7)."""
        return self.cells > 0 and self.filled == self.cells

    @property
    def empty(self) -> int:
        """Cells without a result."""
        return self.cells - self.filled

    @property
    def percent(self) -> float | None:
        """Per cent with one place, rounded down, so that 100.0 is said of full coverage only."""
        if not self.cells:
            return None
        return self.filled * 1000 // self.cells / 10

    @property
    def band(self) -> str:
        """full | most | half | little | none: the colour of a cell of the heat table."""
        if self.full:
            return "full"
        share = self.percent or 0
        return "most" if share >= 80 else "half" if share >= 40 else "little" if share else "none"


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
