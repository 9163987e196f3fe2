"""From weekly series to fitted models, and from models to bounds and alarms."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from bihuan_analytics import special
from bihuan_analytics.arrays import Bools, Floats, Ints
from bihuan_analytics.count_laws import count_quantile, count_tail
from bihuan_analytics.early_warning import bounds
from bihuan_analytics.early_warning.control import FlexibleControl
from bihuan_analytics.early_warning.result import FarringtonDetection, Reason, exceedance
from bihuan_analytics.early_warning.weeks import WeekGrid, checked_positions, seasonal_design

Error = Literal["working-weights", "prior-weights"]


def grid_positions(judge: Sequence[int] | Ints, dates: npt.ArrayLike, grid: WeekGrid) -> Ints:
    """Positions of the judged dates in the full calendar; raises as `checked_positions`."""
    days = np.asarray(dates, dtype="datetime64[D]")
    judged = days[checked_positions(judge, length=days.size)]
    places: Ints = (judged - grid.weeks[0]).astype(np.int64) // 7
    return places


def fits(grid: WeekGrid, targets: Ints, rules: FlexibleControl, *, error: Error) -> Floats:
    """Fitted models, shape (S, judged weeks, 6); columns as in quasi_poisson."""
    from bihuan_analytics.early_warning import quasi_poisson as compiled

    free = np.arange(1, grid.weeks.size + 1)
    critical = np.concatenate([[np.inf], special.stdtrit(free, 1.0 - rules.trend_below / 2.0)])
    fit_rules = compiled.Rules(
        reweight_above=float(rules.reweight_above),
        may_trend=rules.years >= 3,
        critical=critical,
        solver=compiled.IRLS if rules.mode == "r-compatible" else compiled.PROFILE,
        prior_error=error == "prior-weights",
    )
    answer = np.zeros((targets.size, grid.counts.shape[0], 6))
    for place, target in enumerate(targets):
        design = seasonal_design(
            grid.weeks,
            int(target),
            years=rules.years,
            half_window=rules.half_window,
            seasons=rules.seasons,
            excluded=rules.excluded_weeks,
        )
        if design is None:
            answer[place, :, compiled.STATUS] = Reason.SHORT_BASELINE
            continue
        compiled.judge_week(
            grid.counts, grid.known, grid.population, design, fit_rules, answer[place]
        )
    return np.ascontiguousarray(answer.transpose(1, 0, 2))


def _reasons(
    grid: WeekGrid, targets: Ints, status: Floats, rules: FlexibleControl
) -> npt.NDArray[np.int8]:
    """Why a point has no judgement: not reported first, then the fit, then too few cases."""
    reason = status.astype(np.int8)
    known = np.broadcast_to(grid.known, grid.counts.shape)
    first = np.maximum(targets + 1 - rules.least_weeks, 0)
    start = int(first.min())
    seen = grid.counts[:, start:] * known[:, start:]
    total = np.cumsum(np.pad(seen, ((0, 0), (1, 0))), axis=1)
    recent = total[:, targets + 1 - start] - total[:, first - start]
    reason[(reason == Reason.JUDGED) & (recent < rules.least_cases)] = Reason.TOO_FEW_CASES
    reason[~known[:, targets]] = Reason.NOT_REPORTED
    return reason


def judgement(
    grid: WeekGrid, targets: Ints, answer: Floats, rules: FlexibleControl
) -> FarringtonDetection:
    """Bounds, scores and alarms of the fitted models."""
    log_mean, log_variance, phi, trend, kept, status = np.moveaxis(answer, -1, 0)
    reason = _reasons(grid, targets, status, rules)
    phi = np.maximum(phi, 1.0)
    observed = grid.counts[:, targets]
    mean = np.exp(log_mean)
    bound, tail = _bound(observed, mean, log_variance, phi, rules)
    reason[(reason == Reason.JUDGED) & ~np.isfinite(bound)] = Reason.NO_FIT
    judged: Bools = reason == Reason.JUDGED
    score = exceedance(observed, mean, bound)
    if rules.mode == "r-compatible" and rules.bound != "delta":
        with np.errstate(divide="ignore", invalid="ignore"):
            score = (observed - log_mean) / (bound - log_mean)  # R takes the mean's logarithm here
    return FarringtonDetection(
        weeks=grid.weeks[targets],
        observed=observed,
        expected=np.where(judged, mean, np.nan),
        bound=np.where(judged, bound, np.nan),
        score=np.where(judged, score, np.nan),
        p_value=np.where(judged, tail, np.nan),
        alarm=judged & (observed > bound) & (observed > 0),
        reason=reason,
        dispersion=phi,
        trend=trend,
        trend_kept=kept.astype(np.bool_),
    )


def _bound(
    observed: Floats, mean: Floats, log_variance: Floats, phi: Floats, rules: FlexibleControl
) -> tuple[Floats, Floats]:
    """Upper bound and p value of each point."""
    if rules.bound == "delta":
        spread = bounds.power_spread(mean, log_variance, phi)
        return (
            bounds.power_bound(mean, spread, alpha=rules.alpha),
            bounds.power_tail(observed, mean, spread),
        )
    centre = mean
    if rules.bound == "muan":
        with np.errstate(over="ignore"):  # R's error of an empty season is boundless
            centre = mean * np.exp(bounds.normal_quantile(rules.alpha) * np.sqrt(log_variance))
    return (
        count_quantile(centre, phi, alpha=rules.alpha),
        count_tail(observed - 1.0, centre, phi),
    )
