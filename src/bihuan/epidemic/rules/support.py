"""What a hospital needs to treat the people it will have, and for how many days it has it. Pure."""

from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class Ratio:
    """What one occupied bed needs: at once, or of what is used up (`stock`) in a day."""

    per_bed: float
    per_icu: float
    stock: bool
    whole: bool

    def need(self, *, beds: int, icu: int) -> float:
        """For so many occupied beds; people and devices come whole."""
        wanted = self.per_bed * beds + self.per_icu * icu
        return float(ceil(round(wanted, 6))) if self.whole else round(wanted, 6)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is needed then, what lacks, and for how many days a stock lasts."""

    need: float  # at once, or a day's use
    short: float
    days: float | None = None  # of a stock alone; None: nothing is used


def judge(
    ratio: Ratio, *, held: float, per_day: float | None, beds: int, icu: int, days: int
) -> Verdict:
    """Whether what is held will do for so many occupied beds.

    A stock is used at the larger of the counted use and the need, and must last so many days.
    """
    need = ratio.need(beds=beds, icu=icu)
    if not ratio.stock:
        return Verdict(need, max(need - held, 0.0))
    used = max(need, per_day or 0.0)
    lasts = held / used if used > 0 else None
    return Verdict(used, max(used * days - held, 0.0), lasts)
