"""What is said of chains of transmission: confidence in words, the race, whether it is broken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bihuan.core.clock import day_start


@dataclass(frozen=True, slots=True)
class Race:
    """The ring of a generation against the onset of the next: hours ahead, negative: behind.

    `closed` tells whether everybody of the ring is placed; while it is open the hours run.
    """

    hours: float
    closed: bool
    open_contacts: int
    expected: datetime


def confidence(probability: float, *, likely: float, possible: float) -> str:
    """likely | possible | doubtful."""
    if probability >= likely:
        return "likely"
    return "possible" if probability >= possible else "doubtful"


def race(
    ring: Sequence[datetime | None], *, first_onset: date, interval_days: float, at: datetime
) -> Race | None:
    """When the contacts of a generation were placed, against when the next would fall ill (M067).

    None without contacts: nobody was named, so there is no ring.
    """
    if not ring:
        return None
    expected = day_start(first_onset) + timedelta(days=interval_days)
    placed = [moment for moment in ring if moment is not None]
    open_contacts = len(ring) - len(placed)
    done = max(placed) if not open_contacts else at
    return Race((expected - done) / timedelta(hours=1), not open_contacts, open_contacts, expected)


def broken(*, last_onset: date, today: date, incubation_days: int, incubations: float) -> bool:
    """Whether a chain had no new case for so many longest incubations."""
    return (today - last_onset).days >= incubation_days * incubations


def above(start: int, source: Mapping[int, int | None]) -> list[int]:
    """Whom a case goes back to, nearest first. Ends where a circle would begin."""
    found: list[int] = []
    here = source.get(start)
    while here is not None and here not in found and here != start:
        found.append(here)
        here = source.get(here)
    return found


def below(start: int, source: Mapping[int, int | None]) -> list[int]:
    """Who goes back to a case, generation by generation."""
    onward: dict[int, list[int]] = {}
    for case, parent in source.items():
        if parent is not None:
            onward.setdefault(parent, []).append(case)
    found: list[int] = []
    waiting = [start]
    while waiting:
        here = waiting.pop(0)
        new = [case for case in sorted(onward.get(here, ())) if case not in found and case != start]
        found += new
        waiting += new
    return found
