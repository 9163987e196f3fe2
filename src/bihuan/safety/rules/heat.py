"""The day's results of the heat campaign, and how a table of forecasts is headed. Pure."""

from dataclasses import dataclass

from bihuan.core.evidence.cells import Column

COLUMNS = (
    Column("place", "地方", "Place"), Column("day", "日期", "Date"),
    Column("celsius", "最高气温", "Highest temperature"), Column("source", "来源", "Source"),
)  # fmt: skip
NEEDED = ("place", "day", "celsius")
COLDEST, HOTTEST = -60.0, 60.0  # what lies beyond was never measured in the open air here


@dataclass(frozen=True, slots=True)
class Result:
    """Sites that must be looked at on a day: how many were, and how many of these failed."""

    owed: int
    checked: int
    failed: int

    @property
    def left(self) -> int:
        """Sites nobody has reached."""
        return self.owed - self.checked

    @property
    def fine(self) -> int:
        """Checked, and nothing found."""
        return self.checked - self.failed


def plausible(celsius: float) -> bool:
    """Whether a figure can be a temperature of the air."""
    return COLDEST <= celsius <= HOTTEST
