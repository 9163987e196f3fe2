"""Rural road segments by their crash history: which need something first. Pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from bihuan.core.evidence.cells import Column

BARRIER = "barrier"  # the own field of a kind that makes it a road segment
COLUMNS = (
    Column("segment", "路段", "Segment"), Column("day", "日期", "Date"),
    Column("injury", "伤人事故起数", "Injury crashes"), Column("source", "来源", "Source"),
)  # fmt: skip
NEEDED = ("segment", "day", "injury")


@dataclass(frozen=True, slots=True)
class History:
    """What a segment is ranked by: crashes with injured people in the months, and a barrier.

    `barrier` is None where nobody has said.
    """

    crashes: int
    barrier: bool | None

    def black(self, least: int) -> bool:
        """Many crashes and no barrier: an interim measure is owed."""
        return self.crashes >= least and self.barrier is not True

    def rank(self, least: int) -> tuple[bool, int, bool]:
        """The order of the list: those that owe a measure, then the most crashes, no barrier."""
        return not self.black(least), -self.crashes, self.barrier is True


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
