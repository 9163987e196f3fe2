"""Attention that falls, allowances that run out, days on which risks meet, zeros too good. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp

FROM_MEDIUM = frozenset({"medium", "high"})


@dataclass(frozen=True, slots=True)
class Decay:
    """The last week against the mean of the weeks before it; `fallen` is the notice."""

    last: int
    mean: float
    fallen: bool


def decay(weeks: Sequence[int], *, least_share: float, least_mean: float) -> Decay:
    """Whether the last of some weeks fell below a share of the mean of the others (M137).

    Below `least_mean` a week there is too little to speak of a fall.
    """
    if len(weeks) < 2:
        return Decay(weeks[-1] if weeks else 0, 0.0, False)
    *before, last = weeks
    mean = sum(before) / len(before)
    return Decay(last, mean, mean >= least_mean and last < least_share * mean)


@dataclass(frozen=True, slots=True)
class Outlook:
    """A yearly allowance: what is used, what December will see at this pace."""

    most: int
    used: int
    forecast: float
    tone: str  # calm | amber | over


def outlook(*, most: int, used: int, day: int, days: int, amber: float) -> Outlook:
    """Amber from a share of the allowance on, or when the pace leads beyond it."""
    forecast = used * days / day
    if used > most:
        return Outlook(most, used, forecast, "over")
    early = used >= amber * most if most else used > 0
    return Outlook(most, used, forecast, "amber" if early or forecast > most else "calm")


@dataclass(frozen=True, slots=True)
class Meeting:
    """How many families of risk are at least medium on a day, and the staff they need."""

    families: int
    needed: int
    short: int | None  # needed above on hand; None where nobody said how many there are

    @property
    def compound(self) -> bool:
        """Several at once: they compete for the same staff and need a joint plan."""
        return self.families >= 2


def meet(levels: Mapping[str, tuple[str, int]], on_hand: int | None) -> Meeting:
    """The risks of one day: family → level and staff needed (M054)."""
    high = [staff for level, staff in levels.values() if level in FROM_MEDIUM]
    needed = sum(high)
    return Meeting(len(high), needed, None if on_hand is None else max(needed - on_hand, 0))


def expected_count(*, whole: int, share: int, of: int) -> float:
    """What a place would have if it were as the whole is: by its share of the denominator."""
    return whole * share / of if of else 0.0


def too_good(*, count: int, expected: float, chance: float) -> bool:
    """A zero that chance alone gives less often than `chance` is looked at, not praised (E16)."""
    return count == 0 and exp(-expected) < chance
