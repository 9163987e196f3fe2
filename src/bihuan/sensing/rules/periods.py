"""The days of a festival or key period: its lead, itself, what follows, and when it is off. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

PHASES = ("draft", "coming", "lead", "during", "after", "off")
OWN = "own"  # the level of a measure that the place itself owes
DESK = "desk"  # the owner of a measure that no department of a sector has


@dataclass(frozen=True, slots=True)
class Days:
    """When the lead begins, the first and the last day, and the last day on which measures hold."""

    starts: date
    first: date
    last: date
    ends: date

    def phase(self, today: date) -> str:
        """Where a day lies; on the morning after `ends` everything is off."""
        if today < self.starts:
            return "coming"
        if today < self.first:
            return "lead"
        if today <= self.last:
            return "during"
        return "after" if today <= self.ends else "off"

    def due(self, offset: int) -> date:
        """The day by whose end a measure is owed: so many days before or after the first."""
        return self.first + timedelta(days=offset)

    @property
    def off_on(self) -> date:
        """The morning on which all measures are off."""
        return self.ends + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bar:
    """A span as it is drawn in a year: the day of the year it begins on, and how many days."""

    x: int
    width: int


def bar(year: int, first: date, last: date) -> Bar | None:
    """The part of a span, both days included, that lies in a year; None where there is none."""
    begin, end = max(first, date(year, 1, 1)), min(last, date(year, 12, 31))
    if begin > end:
        return None
    return Bar(begin.timetuple().tm_yday - 1, (end - begin).days + 1)
