"""How good quantile forecasts were."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Floats, finite
from bihuan_analytics.errors import NumericsError


@dataclass(frozen=True, slots=True)
class IntervalScore:
    """total = spread + under + over, in the unit of the observations, shape (...): the width of
    the intervals, the penalty for forecasts too low and for those too high. Lower is better.
    """

    total: Floats
    spread: Floats
    under: Floats
    over: Floats


def weighted_interval_score(
    observed: npt.ArrayLike, quantiles: npt.ArrayLike, levels: npt.ArrayLike
) -> IntervalScore:
    """Weighted interval score of forecasts given as quantiles.

    WIS = (1 / (K + 1/2)) (|y - m| / 2 + sum_k (a_k / 2) IS_k),
    IS = (u - l) + (2 / a) (l - y)+ + (2 / a) (y - u)+, K central intervals of level 1 - a_k.

    Args:
        observed: y, shape (...).
        quantiles: shape (..., Q), not falling over the last axis.
        levels: shape (Q,), rising, symmetric around 1/2 and holding it, in (0, 1).

    Returns:
        IntervalScore.

    Raises:
        NumericsError: "levels.not_symmetric"; "quantiles.shape"; "quantiles.crossing" with the
            index; and what `finite` raises.

    Source: Bracher et al. 2021, doi:10.1371/journal.pcbi.1008618.
    """
    y, forecast, level = _checked(observed, quantiles, levels)
    middle = level.size // 2
    median = forecast[..., middle]
    low, high = forecast[..., :middle], forecast[..., :middle:-1]
    half = level[:middle]  # a / 2
    weight = middle + 0.5
    spread = ((high - low) * half).sum(axis=-1)
    over = np.maximum(low - y[..., None], 0.0).sum(axis=-1) + np.maximum(median - y, 0.0) / 2
    under = np.maximum(y[..., None] - high, 0.0).sum(axis=-1) + np.maximum(y - median, 0.0) / 2
    return IntervalScore(
        total=(spread + under + over) / weight,
        spread=spread / weight,
        under=under / weight,
        over=over / weight,
    )


def coverage(observed: npt.ArrayLike, quantiles: npt.ArrayLike, levels: npt.ArrayLike) -> Floats:
    """Share of observations inside each central interval, widest first.

    Args:
        observed, quantiles, levels: as in `weighted_interval_score`.

    Returns:
        Shape (K,), to be compared with 1 - a_k = level_(Q-k) - level_k.

    Raises:
        NumericsError: as `weighted_interval_score`.

    Source: own definition: share of observations between symmetric quantiles.
    """
    y, forecast, level = _checked(observed, quantiles, levels)
    middle = level.size // 2
    low, high = forecast[..., :middle], forecast[..., :middle:-1]
    inside = (low <= y[..., None]) & (y[..., None] <= high)
    share: Floats = inside.reshape(-1, middle).mean(axis=0)
    return share


def _checked(
    observed: npt.ArrayLike, quantiles: npt.ArrayLike, levels: npt.ArrayLike
) -> tuple[Floats, Floats, Floats]:
    y = finite(observed, name="observed")
    forecast = finite(quantiles, name="quantiles")
    level = finite(levels, name="levels")
    symmetric = level.ndim == 1 and np.allclose(level + level[::-1], 1.0)
    if not (symmetric and level.size % 2 == 1 and (np.diff(level) > 0).all() and level[0] > 0):
        raise NumericsError("levels.not_symmetric", levels=level.tolist())
    if forecast.shape != (*y.shape, level.size):
        raise NumericsError(
            "quantiles.shape", expected=(*y.shape, level.size), shape=forecast.shape
        )
    falling = np.diff(forecast, axis=-1) < 0
    if falling.any():
        raise NumericsError(
            "quantiles.crossing", index=tuple(int(i) for i in np.argwhere(falling)[0])
        )
    return y, forecast, level
