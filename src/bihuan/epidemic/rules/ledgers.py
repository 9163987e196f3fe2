"""Two ledgers of a span of days: what came in and from where, what is left (M059). Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bihuan.epidemic.rules.situation import CURED, DIED, Known


@dataclass(frozen=True, slots=True)
class Ledger:
    """New cases by how they were found and where from, and the stock at both ends.

    after = before + new - cured - died.
    """

    first: date
    last: date
    before: int
    community: int
    controlled: int
    found: tuple[tuple[str, int], ...]  # how found: n, the most first
    origins: tuple[tuple[str, int], ...]
    cured: int
    died: int

    @property
    def new(self) -> int:
        """All cases reported in the span."""
        return self.community + self.controlled

    @property
    def change(self) -> int:
        """How much larger the stock became; below zero where more left than came."""
        return self.new - self.cured - self.died

    @property
    def after(self) -> int:
        """Open cases at the end of the last day."""
        return self.before + self.change


def ledger(cases: Sequence[Known], *, first: date, last: date) -> Ledger:
    """The ledger from the first to the last day, both included.

    A case whose end is dated before its report leaves on the day it was reported.
    """
    new = [c for c in cases if first <= c.reported <= last]
    controlled = sum(c.controlled for c in new)
    left = Counter(
        c.outcome for c in cases if c.ended and first <= max(c.ended, c.reported) <= last
    )
    return Ledger(
        first, last, sum(c.here(first - timedelta(days=1)) for c in cases),
        community=len(new) - controlled, controlled=controlled,
        found=tuple(Counter(c.found_in for c in new).most_common()),
        origins=tuple(Counter(c.origin for c in new).most_common()),
        cured=left[CURED], died=left[DIED],
    )  # fmt: skip
