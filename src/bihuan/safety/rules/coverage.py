"""How far a campaign is: the cells of its coverage cube, and the moments it is read at (M116)."""

from dataclasses import dataclass
from datetime import date, timedelta

WEEK = timedelta(days=7)
MOST = 80  # per cent from which the heat table says "most", and "half"; its legend has the words
HALF = 40


@dataclass(frozen=True, slots=True)
class Cell:
    """Checked of all places."""

    checked: int = 0
    total: int = 0

    @property
    def left(self) -> int:
        """Places nobody has looked at yet."""
        return max(self.total - self.checked, 0)

    @property
    def share(self) -> str:
        """Per cent in words: 100 is said of all alone, 0 of none alone."""
        if not self.total:
            return "—"
        whole = min(100 * self.checked // self.total, 100)
        return f"{whole}%" if whole or not self.checked else "<1%"

    @property
    def band(self) -> str:
        """The shade of the heat table; none where there is nothing to look at."""
        if not self.total:
            return ""
        if not self.left:
            return "full"
        share = 100 * self.checked / self.total
        return "most" if share >= MOST else "half" if share >= HALF else self._little

    @property
    def _little(self) -> str:
        return "little" if self.checked else "none"

    def __add__(self, other: "Cell") -> "Cell":
        return Cell(self.checked + other.checked, self.total + other.total)


def week_ends(starts: date, ends: date, until: date, *, most: int) -> list[tuple[int, date]]:
    """The weeks of a time that have begun by a day, with their numbers and last days.

    The latest of them, `most` at most.
    """
    count = max((min(ends, until) - starts).days // WEEK.days + 1, 0)
    weeks = [(n, min(starts + n * WEEK - timedelta(days=1), ends)) for n in range(1, count + 1)]
    return weeks[-most:]
