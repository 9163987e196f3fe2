"""Events that happened but are not reported yet."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Bools, Floats, at_least, between
from bihuan_analytics.count_laws import count_quantile
from bihuan_analytics.errors import NumericsError
from bihuan_analytics.nowcast.triangle import checked_triangle, known_cells


@dataclass(frozen=True, slots=True)
class Nowcast:
    """Events of S series on T days, complete reporting put in place of the present one.

    reported: known so far (S, T). expected: in the end. quantiles: (S, T, levels), of the number
    in the end. share: expected share reported so far. defined: False (and NaN) where no earlier
    day tells how much is missing.
    """

    reported: Floats
    expected: Floats
    quantiles: Floats
    share: Floats
    defined: Bools


@dataclass(frozen=True, slots=True)
class Delays:
    """Reports at delay d (hits) among those with delay <= d (trials), shape (S, D + 1), over the
    days on which both are known.
    """

    hits: Floats
    trials: Floats


def lawless(
    triangle: npt.ArrayLike,
    *,
    levels: tuple[float, ...] = (0.025, 0.5, 0.975),
    recent_days: int | None = None,
) -> Nowcast:
    """Nowcast by reverse hazards of the reporting delay.

    g(d) = sum_t n_(t,d) / sum_t N_(t,<=d) over the days t known up to delay d,
    F(x) = prod_(d > x) (1 - g(d)), nowcast N_t / F(T - t). Quantiles are those of a negative
    binomial law for the missing number with mean (N + 1) (1 - F) / F and the variance of binomial
    reporting plus that of log F, sum_(d > x) g / ((1 - g) trials).

    Args:
        triangle: shape (S, T, D + 1) or (T, D + 1), whole, >= 0, 0 where not known yet.
        levels: quantiles wanted, in (0, 1).
        recent_days: estimate delays from the last so many days; None: from all.

    Returns:
        Nowcast.

    Raises:
        NumericsError: "argument.too_small"; "argument.out_of_range"; and what `checked_triangle`
            raises.

    Source: Lawless 1994, doi:10.2307/3315820.
    """
    table = checked_triangle(triangle)
    checked = [between(level, 0.0, 1.0, name="levels") for level in levels]
    delays = _delays(table, recent_days)
    hazard = np.divide(
        delays.hits, delays.trials, out=np.zeros_like(delays.hits), where=delays.trials > 0
    )
    log_share = _beyond(np.log1p(-np.minimum(hazard, 1.0 - 1e-12)), table.shape[1])
    spread = np.divide(
        hazard,
        (1.0 - hazard) * delays.trials,
        out=np.zeros_like(hazard),
        where=(hazard < 1) & (delays.trials > 0),
    )
    variance = _beyond(spread, table.shape[1])
    defined = _defined(delays, hazard, table.shape[1])
    share = np.where(defined, np.exp(log_share), 1.0)
    reported = table.sum(axis=2)
    missing = (reported + 1.0) * (1.0 - share) / share
    total = missing / share + ((reported + 1.0) / share) ** 2 * variance
    ratio = np.divide(total, missing, out=np.ones_like(missing), where=missing > 0)
    dispersion = np.maximum(ratio, 1.0)
    quantiles = [
        reported
        + np.where(missing > 0, count_quantile(missing, dispersion, alpha=1.0 - level), 0.0)
        for level in checked
    ]
    return _nowcast(reported, reported / share, np.stack(quantiles, axis=2), share, defined)


def bayes_truncation(
    triangle: npt.ArrayLike,
    *,
    rng: np.random.Generator,
    draws: int = 2000,
    levels: tuple[float, ...] = (0.025, 0.5, 0.975),
    recent_days: int | None = None,
    usual: tuple[float, float] | None = None,
) -> Nowcast:
    """Nowcast from the posterior of the delay law.

    g(d) ~ beta(1/2 + hits, 1/2 + trials - hits), independent (a generalised Dirichlet law of the
    delay); F as in `lawless`; events of a day ~ Poisson(lambda), lambda ~ gamma(a, b), so
    lambda | N ~ gamma(a + N, b + F) and missing ~ Poisson(lambda (1 - F)).

    Args:
        triangle, levels, recent_days: as in `lawless`.
        rng: source of the draws. draws: >= 100.
        usual: mean and standard deviation of lambda before anything is reported, > 0; None: flat
            (a = 1, b = 0), which leaves days with few reports almost open upwards.

    Returns:
        Nowcast; expected is the mean of the draws.

    Raises:
        NumericsError: "prior.not_positive"; and as `lawless`.

    Source: Hoehle & an der Heiden 2014, doi:10.1111/biom.12194.
    """
    table = checked_triangle(triangle)
    at_least(draws, 100, name="draws")
    checked = [between(level, 0.0, 1.0, name="levels") for level in levels]
    delays = _delays(table, recent_days)
    hazard = rng.beta(
        0.5 + delays.hits, 0.5 + delays.trials - delays.hits, size=(draws, *delays.hits.shape)
    )
    share = np.exp(_beyond(np.log1p(-hazard), table.shape[1]))
    complete = np.arange(table.shape[1]) <= table.shape[1] - table.shape[2]
    share = np.where(complete, 1.0, share)
    reported = table.sum(axis=2)
    start, weight = (1.0, 0.0) if usual is None else _gamma(*usual)
    rate = rng.gamma(reported + start, (1.0 - share) / np.maximum(weight + share, 1e-300))
    missing = rng.poisson(np.minimum(rate, 1e15))
    defined = _defined(delays, np.zeros_like(delays.hits), table.shape[1])
    quantiles = np.moveaxis(np.quantile(reported + missing, checked, axis=0), 0, -1)
    expected = reported + missing.mean(axis=0)
    return _nowcast(reported, expected, quantiles, share.mean(axis=0), defined)


def _gamma(mean: float, sd: float) -> tuple[float, float]:
    """Shape and rate of a gamma law."""
    if not (mean > 0 and sd > 0):
        raise NumericsError("prior.not_positive", mean=mean, sd=sd)
    return (mean / sd) ** 2, mean / sd**2


def _delays(table: Floats, recent_days: int | None) -> Delays:
    days, delays = table.shape[1:]
    known = known_cells(days, delays)
    if recent_days is not None:
        at_least(recent_days, delays, name="recent_days")
        known[: max(days - recent_days, 0)] = False
    up_to = np.cumsum(table, axis=2)
    return Delays(hits=(table * known).sum(axis=1), trials=(up_to * known).sum(axis=1))


def _beyond(values: Floats, days: int) -> Floats:
    """Sum over the delays that are still to come for each day: (..., D + 1) to (..., T)."""
    reverse = np.cumsum(values[..., ::-1], axis=-1)[..., ::-1]
    beyond = np.concatenate([reverse[..., 1:], np.zeros((*values.shape[:-1], 1))], axis=-1)
    age = np.minimum(np.arange(days)[::-1], values.shape[-1] - 1)
    still: Floats = beyond[..., age]
    return still


def _defined(delays: Delays, hazard: Floats, days: int) -> Bools:
    """False where a delay still to come was never observed, or always ended everything."""
    unknown = ((delays.trials == 0) | (hazard >= 1.0)).astype(np.float64)
    defined: Bools = _beyond(unknown, days) == 0
    return defined


def _nowcast(
    reported: Floats, expected: Floats, quantiles: Floats, share: Floats, defined: Bools
) -> Nowcast:
    return Nowcast(
        reported=reported,
        expected=np.where(defined, expected, np.nan),
        quantiles=np.where(defined[:, :, None], quantiles, np.nan),
        share=np.where(defined, share, np.nan),
        defined=defined,
    )
