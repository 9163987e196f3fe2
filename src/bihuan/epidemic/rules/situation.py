"""What a list of cases says of a day: stock and flow, community cases, zero, rebound. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

CURED, DIED = "cured", "died"


@dataclass(frozen=True, slots=True)
class Known:
    """One case as it was known at a moment: the class of then, no later news."""

    happened: date  # onset; the diagnosis where no onset is known
    reported: date
    kind: str
    origin: str
    county: str  # path of its county
    controlled: bool  # found in isolation, a closed loop or at a gate
    outcome: str = ""  # cured | died
    ended: date | None = None
    found_in: str = ""

    def here(self, day: date) -> bool:
        """Whether the case is an open one at the end of a day."""
        return self.reported <= day and (self.ended is None or self.ended > day)


@dataclass(frozen=True, slots=True)
class Line:
    """Cases of one class on a day."""

    kind: str
    new: int
    existing: int
    cured: int  # on the day
    died: int
    cured_all: int
    died_all: int
    total: int


def tally(cases: Iterable[Known], *, day: date, kinds: Sequence[str]) -> tuple[Line, ...]:
    """New, existing, cured and dead of each class at the end of a day.

    total = existing + cured_all + died_all, for each class.
    """
    held: dict[str, list[Known]] = {kind: [] for kind in kinds}
    for case in cases:
        if case.reported <= day:
            held.setdefault(case.kind, []).append(case)
    return tuple(_line(kind, mine, day) for kind, mine in held.items())


def _line(kind: str, cases: Sequence[Known], day: date) -> Line:
    ended = [c for c in cases if c.ended is not None and c.ended <= day]
    outcomes = Counter(c.outcome for c in ended)
    today = Counter(c.outcome for c in ended if c.ended == day)
    return Line(
        kind, new=sum(c.reported == day for c in cases), existing=sum(c.here(day) for c in cases),
        cured=today[CURED], died=today[DIED], cured_all=outcomes[CURED],
        died_all=outcomes[DIED], total=len(cases),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flow:
    """One day by report: cases found in the community and under control, stock at its end."""

    day: date
    community: int
    controlled: int
    out: int
    stock: int

    @property
    def new(self) -> int:
        """All cases reported on the day."""
        return self.community + self.controlled


def flows(cases: Sequence[Known], *, first: date, last: date) -> tuple[Flow, ...]:
    """Each day from first to last; stock of a day = stock before + new - out."""
    told = []
    for step in range((last - first).days + 1):
        day = first + timedelta(days=step)
        new = [c for c in cases if c.reported == day]
        controlled = sum(c.controlled for c in new)
        out = sum(c.ended == day for c in cases)
        stock = sum(c.here(day) for c in cases)
        told.append(Flow(day, len(new) - controlled, controlled, out, stock))
    return tuple(told)


@dataclass(frozen=True, slots=True)
class ZeroRule:
    """When a place has reached zero in the community, by the edition in force (2.15, M193)."""

    run_days: int
    near_days: int
    near_per_100k: float


@dataclass(frozen=True, slots=True)
class Zero:
    """How far zero is: days in a row without a community case, near-zero, achieved and since when."""

    run: int
    near: bool | None  # None: population not known
    achieved: bool
    since: date | None


def zero(counts: Sequence[tuple[date, int]], rule: ZeroRule, *, population: int = 0) -> Zero:
    """Judge daily community cases, oldest first, up to the day that is judged.

    Near-zero asks for fewer than the limit on each day: a day that equals it breaks the run.
    """
    run = 0
    for _, n in reversed(counts):
        if n:
            break
        run += 1
    achieved = run >= rule.run_days
    since = counts[-run + rule.run_days - 1][0] if achieved else None
    if population <= 0 or len(counts) < rule.near_days:
        return Zero(run, None, achieved, since)
    limit = population / 100_000 * rule.near_per_100k
    near = all(n < limit for _, n in counts[-rule.near_days :])
    return Zero(run, near, achieved, since)


@dataclass(frozen=True, slots=True)
class ReboundRule:
    """The bottom line (M195): local cases of a window in so many counties, and where amber begins."""

    window_days: int
    cases: int
    counties: int
    amber_share: float


def rebound(
    by_county: Mapping[str, Mapping[date, int]], rule: ReboundRule, *, day: date
) -> tuple[str, int, int]:
    """ "red", "amber" or "", with the local cases of the window and the counties that had any.

    Red when both thresholds are reached; amber from the share of either of them on.
    """
    days = [day - timedelta(days=back) for back in range(rule.window_days)]
    sums = {path: sum(counts.get(d, 0) for d in days) for path, counts in by_county.items()}
    cases, counties = sum(sums.values()), sum(n > 0 for n in sums.values())
    if cases >= rule.cases and counties >= rule.counties:
        return "red", cases, counties
    near = cases >= rule.amber_share * rule.cases, counties >= rule.amber_share * rule.counties
    return "amber" if any(near) else "", cases, counties
