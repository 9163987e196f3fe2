"""Farrington's regression detector: the method of 1996 and its flexible form of 2013."""

from collections.abc import Sequence

import numpy.typing as npt

from bihuan_analytics.arrays import Ints, series_of_counts
from bihuan_analytics.early_warning.control import ClassicControl, FlexibleControl
from bihuan_analytics.early_warning.regression import Error, fits, grid_positions, judgement
from bihuan_analytics.early_warning.result import FarringtonDetection
from bihuan_analytics.early_warning.weeks import week_grid


def farrington_flexible(
    counts: npt.ArrayLike,
    dates: npt.ArrayLike,
    *,
    judge: Sequence[int] | Ints,
    control: FlexibleControl | None = None,
    known: npt.ArrayLike | None = None,
    population: npt.ArrayLike | None = None,
) -> FarringtonDetection:
    """Judge weekly counts against a robust quasi-Poisson regression on earlier years.

    log mu_t = season_g(t) + beta t (+ log population); phi = max(1, Pearson chi2 / df); rows with
    an Anscombe residual s above the threshold are weighted by s^-2; the bound is
    (mu^(2/3) + z sqrt(4/9 mu^(1/3) (phi + se^2 / mu)))^(3/2) for "delta", a negative binomial
    quantile at mu for "nb-plugin" and at the upper limit of mu for "muan". Alarm where
    score > 1 and the count is not 0. Each week is judged by itself: judging one more week gives
    what a later batch gives.

    Args:
        counts: shape (S, T) or (T,), cases a week, whole, >= 0.
        dates: shape (T,), one day a week, ascending, the same weekday; weeks may be absent.
        judge: positions in `dates` to be judged; negative ones count from the end.
        control: see FlexibleControl.
        known: shape (S, T) or (T,), False where a count is not known. None: all known.
        population: shape (S, T) or (T,), people, > 0. None: constant.

    Returns:
        FarringtonDetection with arrays of shape (S, len(judge)); expected and bound in cases.

    Raises:
        NumericsError: "judge.out_of_range" with the index; "judge.empty"; what
            `series_of_counts` and `week_grid` raise.

    Source: Noufaily et al. 2013, doi:10.1002/sim.5595; Salmon et al. 2016,
        doi:10.18637/jss.v070.i10 for the variants of the bound.
    """
    rules = control or FlexibleControl()
    table = series_of_counts(counts)
    grid = week_grid(table, dates, known=known, population=population)
    targets = grid_positions(judge, dates, grid)
    error: Error = "prior-weights" if rules.mode == "r-compatible" else "working-weights"
    return judgement(grid, targets, fits(grid, targets, rules, error=error), rules)


def farrington_classic(
    counts: npt.ArrayLike,
    dates: npt.ArrayLike,
    *,
    judge: Sequence[int] | Ints,
    control: ClassicControl | None = None,
    known: npt.ArrayLike | None = None,
    population: npt.ArrayLike | None = None,
) -> FarringtonDetection:
    """Judge weekly counts against the same weeks of earlier years.

    log mu_t = alpha + beta t on the weeks within half_window of the reference weeks; every
    Anscombe residual above 1 is weighted down; the slope is kept where p < 0.05, at least three
    years are there and the prediction is not above the largest baseline count. The bound is that
    of the two-thirds power at 1 - alpha / 2.

    Args:
        counts, dates, judge, known, population: as in `farrington_flexible`.
        control: see ClassicControl.

    Returns:
        FarringtonDetection with arrays of shape (S, len(judge)).

    Raises:
        NumericsError: as `farrington_flexible`.

    Source: Farrington et al. 1996, doi:10.2307/2983331.
    """
    rules = (control or ClassicControl()).flexible()
    grid = week_grid(series_of_counts(counts), dates, known=known, population=population)
    targets = grid_positions(judge, dates, grid)
    return judgement(grid, targets, fits(grid, targets, rules, error="working-weights"), rules)
