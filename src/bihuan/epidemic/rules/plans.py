"""A management plan as days: segments, tests and the end, computed from an edition.

Day 1 is the day after the anchor; a period of n days ends at 24:00 of day n.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bihuan.core.clock import day_end
from bihuan.core.packs.types import Pack


@dataclass(frozen=True, slots=True)
class Segment:
    """So many days in one place, with the days of its tests."""

    place: str
    first: date
    last: date
    tests: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """What a plan means for one person."""

    plan: str
    edition: str
    anchor: date
    segments: tuple[Segment, ...]
    entry_test: date | None = None  # one test on entry in place of those missed before

    @property
    def last(self) -> date:
        """The last day."""
        return self.segments[-1].last

    @property
    def release_at(self) -> datetime:
        """The first instant after the last day: nobody needs to approve it."""
        return day_end(self.last)

    @property
    def tests(self) -> tuple[date, ...]:
        """Every test still to be done, in order."""
        days = {day for segment in self.segments for day in segment.tests}
        return tuple(sorted(days | ({self.entry_test} if self.entry_test else set())))

    def place_on(self, day: date) -> str:
        """Where the person is on a day; "" after the end. Before day 1 it is the first place."""
        return next((segment.place for segment in self.segments if day <= segment.last), "")


def timeline(pack: Pack, plan: str, *, anchor: date, found: date | None = None) -> Timeline | None:
    """The plan of an edition from an anchor; None when the edition has no such plan.

    Days that passed before the person was found count (填平补齐): tests missed by then are
    replaced by one on entry, the end does not move.
    """
    row = pack.rows("plan").get(plan)
    if row is None:
        return None
    segments, start = [], anchor
    for part in row["segments"]:
        last = start + timedelta(days=part["days"])
        tests = tuple(start + timedelta(days=day) for day in part["tests"])
        segments.append(Segment(part["place"], start + timedelta(days=1), last, tests))
        start = last
    whole = Timeline(plan, pack.ref, anchor, tuple(segments))
    if found is None or found <= anchor:
        return whole
    return _entered(whole, found)


def _entered(whole: Timeline, found: date) -> Timeline:
    missed = any(day < found for day in whole.tests)
    segments = tuple(
        Segment(s.place, s.first, s.last, tuple(day for day in s.tests if day >= found))
        for s in whole.segments
    )
    due_today = any(found in segment.tests for segment in segments)
    entry = found if missed and not due_today else None
    return Timeline(whole.plan, whole.edition, whole.anchor, segments, entry)


@dataclass(frozen=True, slots=True)
class Switch:
    """What another edition means for somebody already under a plan."""

    before: Timeline
    after: Timeline | None  # None: the new edition does not manage this class of person
    days: int  # difference of the end, negative: sooner

    @property
    def adopted(self) -> bool:
        """An open episode is recomputed only when that makes it shorter."""
        return self.days < 0


def switched(before: Timeline, pack: Pack, *, on: date) -> Switch:
    """The same anchor under another edition from a day on; time served is never lost."""
    after = timeline(pack, before.plan, anchor=before.anchor)
    if after is None:
        return Switch(before, None, min((on - before.last).days, 0))
    last = max(after.last, on - timedelta(days=1))  # what has passed has passed
    return Switch(
        before, after, min((last - before.last).days, 0) or (after.last - before.last).days
    )
