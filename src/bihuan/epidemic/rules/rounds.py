"""When a checklist is due, who of the staff is still to be tested, how long a house was clean. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


def round_due(last: date | None, *, since: date, days: int) -> date:
    """The last day of the next round; of a list nobody has gone through, one interval after `since`."""
    return (last or since) + timedelta(days=days)


def still_owed(
    people: int, tested: Iterable[tuple[date, int]], *, days: int, on: date
) -> tuple[int, int]:
    """How many tests of a group count on a day, and how many are still owed.

    Everybody is tested once in so many days, so those of the last `days` days count, `on`
    included. A day counts people, not tubes.
    """
    first = on - timedelta(days=days - 1)
    done = sum(n for day, n in tested if first <= day <= on)
    return min(done, people), max(people - done, 0)


@dataclass(frozen=True, slots=True)
class Record:
    """Infections inside a house: days since the last, and how many this year."""

    days: int | None  # None: there was none
    this_year: int


def infection_record(found: Sequence[date], *, on: date) -> Record:
    """From the days on which infections were found."""
    past = [day for day in found if day <= on]
    days = (on - max(past)).days if past else None
    return Record(days, sum(day.year == on.year for day in past))
