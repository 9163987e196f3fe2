"""The choices of Farrington's method."""

from dataclasses import dataclass
from typing import Literal

from bihuan_analytics.arrays import at_least, between
from bihuan_analytics.errors import NumericsError

Mode = Literal["corrected", "r-compatible"]
Bound = Literal["delta", "nb-plugin", "muan"]


def checked_mode(mode: Mode) -> Mode:
    """The mode, if there is such a one. Raises "argument.unknown"."""
    if mode not in ("corrected", "r-compatible"):
        raise NumericsError("argument.unknown", name="mode", value=mode)
    return mode


@dataclass(frozen=True, slots=True)
class FlexibleControl:
    """Choices of the method; the defaults are those recommended in 2013.

    years: of history. half_window: weeks on each side of a reference week. seasons: groups of a
    year, 1 uses the windows alone. excluded_weeks: recent weeks kept out of the baseline.
    reweight_above: Anscombe residual from which past outbreaks count less. trend_below: p value
    under which the slope is kept, 1 for always. alpha: one-sided. least_cases in the last
    least_weeks are needed for a judgement. mode: "r-compatible" repeats the numbers of R's
    surveillance 1.20, faults included.
    """

    years: int = 5
    half_window: int = 3
    seasons: int = 10
    excluded_weeks: int = 26
    reweight_above: float = 2.58
    trend_below: float = 1.0
    alpha: float = 0.005
    bound: Bound = "delta"
    least_cases: int = 5
    least_weeks: int = 4
    mode: Mode = "corrected"

    def __post_init__(self) -> None:
        at_least(self.years, 1, name="years")
        at_least(self.half_window, 0, name="half_window")
        at_least(self.seasons, 1, name="seasons")
        at_least(self.excluded_weeks, 0, name="excluded_weeks")
        at_least(self.least_cases, 0, name="least_cases")
        at_least(self.least_weeks, 1, name="least_weeks")
        between(self.alpha, 0.0, 1.0, name="alpha")
        if not self.reweight_above > 0:
            raise NumericsError("argument.too_small", name="reweight_above", low=0)
        if not 0 < self.trend_below <= 1:
            raise NumericsError("argument.out_of_range", name="trend_below", low=0, high=1)
        if self.bound not in ("delta", "nb-plugin", "muan"):
            raise NumericsError("argument.unknown", name="bound", value=self.bound)
        checked_mode(self.mode)


@dataclass(frozen=True, slots=True)
class ClassicControl:
    """Choices of the method of 1996; alpha is two-sided, as in the paper.

    years, half_window, least_cases, least_weeks, mode: as in FlexibleControl.
    """

    years: int = 5
    half_window: int = 3
    alpha: float = 0.05
    least_cases: int = 5
    least_weeks: int = 4
    mode: Mode = "corrected"

    def flexible(self) -> FlexibleControl:
        """The same choices in terms of the flexible method."""
        return FlexibleControl(
            years=self.years,
            half_window=self.half_window,
            seasons=1,
            excluded_weeks=self.half_window,
            reweight_above=1.0,
            trend_below=0.05,
            alpha=self.alpha / 2.0,
            least_cases=self.least_cases,
            least_weeks=self.least_weeks,
            mode=self.mode,
        )
