"""How unevenly cases infect others: the negative binomial offspring law and its consequences."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bihuan_analytics import special
from bihuan_analytics.arrays import Floats, at_least, between, positive, whole_counts
from bihuan_analytics.errors import NumericsError

SMALLEST, LARGEST = 1e-6, 1e6


@dataclass(frozen=True, slots=True)
class Offspring:
    """reproduction: mean R. dispersion: k; infinite where the counts are not more uneven than
    Poisson's. lower, upper: profile limits of k, upper infinite where the data cannot tell.
    """

    reproduction: float
    dispersion: float
    lower: float
    upper: float
    log_likelihood: float


def offspring_fit(counts: npt.ArrayLike, *, level: float = 0.95) -> Offspring:
    """Fit R and k of a negative binomial law to the number of secondary cases of each case.

    R = mean; k maximises sum log NB(x; R, k); the limits are where the log-likelihood has fallen
    by half the chi-square quantile.

    Args:
        counts: shape (N,), N >= 2, secondary cases, whole, >= 0, not all 0.
        level: of the interval, in (0, 1).

    Returns:
        Offspring.

    Raises:
        NumericsError: "offspring.too_few"; "offspring.all_zero"; "counts.shape"; and what
            `whole_counts` raises.

    Source: Lloyd-Smith et al. 2005, doi:10.1038/nature04153.
    """
    between(level, 0.0, 1.0, name="level")
    x = whole_counts(counts)
    if x.ndim != 1:
        raise NumericsError("counts.shape", name="counts", shape=x.shape)
    if x.size < 2:
        raise NumericsError("offspring.too_few", size=x.size)
    if not x.any():
        raise NumericsError("offspring.all_zero")
    values, times = np.unique(x, return_counts=True)
    mean = float(x.mean())

    def loss(log_k: float) -> float:
        return -_log_likelihood(values, times, mean, np.exp(log_k))

    low, high = np.log(SMALLEST), np.log(LARGEST)
    best = _minimum(loss, low, high)
    at_limit = loss(high) <= loss(best) + 1e-9
    peak = high if at_limit else best
    drop = loss(peak) + float(special.chdtri(1, 1.0 - level)) / 2.0
    lower = _crossing(lambda v: loss(v) - drop, low, peak)
    upper = (
        np.inf if loss(high) <= drop else np.exp(_crossing(lambda v: drop - loss(v), peak, high))
    )
    return Offspring(
        reproduction=mean,
        dispersion=np.inf if at_limit else float(np.exp(best)),
        lower=float(np.exp(lower)),
        upper=float(upper),
        log_likelihood=-loss(peak),
    )


def extinction_probability(
    reproduction: npt.ArrayLike, dispersion: npt.ArrayLike, *, seeds: int = 1
) -> Floats:
    """Probability that chains of transmission started by `seeds` cases die out.

    q is the smallest root of q = (1 + R (1 - q) / k)^-k; the answer is q^seeds.

    Args:
        reproduction: R, shape (...), > 0. dispersion: k, broadcastable, > 0.
        seeds: independent first cases, >= 1.

    Returns:
        Probability, broadcast shape; 1 where R <= 1.

    Raises:
        NumericsError: "array.not_positive"; "argument.too_small".

    Source: Lloyd-Smith et al. 2005, doi:10.1038/nature04153.
    """
    at_least(seeds, 1, name="seeds")
    r, k = np.broadcast_arrays(
        positive(reproduction, name="reproduction"), positive(dispersion, name="dispersion")
    )
    low, high = np.zeros(r.shape), np.ones(r.shape)
    start = np.exp(-k * np.log1p(r / k))  # probability of no offspring lies below the root
    low = np.maximum(low, start)
    high = np.where(r > 1, 1.0 - _survival_floor(r, k), 1.0)
    for _ in range(200):
        middle = (low + high) / 2
        below = np.exp(-k * np.log1p(r * (1 - middle) / k)) > middle
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    q: Floats = np.where(r > 1, (low + high) / 2, 1.0) ** seeds
    return q


def _survival_floor(r: Floats, k: Floats) -> Floats:
    """A survival probability below the true one: keeps the bisection off the root at 1."""
    return np.maximum((r - 1.0) / (r * r * (1.0 + 1.0 / k)), 0.0)


def share_of_spreaders(dispersion: npt.ArrayLike, *, transmission: float = 0.8) -> Floats:
    """Share of cases behind a given share of transmission.

    nu ~ gamma(k, R/k); x with F_(k+1)(x) = 1 - transmission; share 1 - F_k(x); independent of R.

    Args:
        dispersion: k, shape (...), > 0. transmission: in (0, 1).

    Returns:
        Share of cases, same shape.

    Raises:
        NumericsError: "array.not_positive"; "argument.out_of_range".

    Source: Lloyd-Smith et al. 2005, doi:10.1038/nature04153.
    """
    k = positive(dispersion, name="dispersion")
    x = special.gammaincinv(k + 1.0, 1.0 - between(transmission, 0.0, 1.0, name="transmission"))
    share: Floats = special.gammaincc(k, x)
    return share


def final_size(reproduction: npt.ArrayLike) -> Floats:
    """Share of a closed, well mixed population that an unchecked epidemic infects.

    z is the positive root of z = 1 - exp(-R0 z), z = 1 + W(-R0 exp(-R0)) / R0.

    Args:
        reproduction: R0, shape (...), > 0.

    Returns:
        z, same shape; 0 where R0 <= 1.

    Raises:
        NumericsError: "array.not_positive".

    Source: Kermack & McKendrick 1927, doi:10.1098/rspa.1927.0118.
    """
    r = positive(reproduction, name="reproduction")
    root = np.real(special.lambertw(-r * np.exp(-r)))
    size: Floats = np.where(r > 1, 1.0 + root / r, 0.0)
    return size


def _log_likelihood(values: Floats, times: npt.ArrayLike, mean: float, k: float) -> float:
    terms = (
        special.gammaln(values + k)
        - special.gammaln(k)
        - special.gammaln(values + 1.0)
        - k * np.log1p(mean / k)
        - special.xlogy(values, (mean + k) / mean)
    )
    return float(np.asarray(times) @ terms)


def _minimum(loss: Callable[[float], float], low: float, high: float) -> float:
    """Golden section on a coarse bracket, then until the interval is 1e-10 wide."""
    grid = np.linspace(low, high, 60)
    place = int(np.argmin([loss(v) for v in grid]))
    a, b = grid[max(place - 1, 0)], grid[min(place + 1, 59)]
    ratio = (np.sqrt(5) - 1) / 2
    while b - a > 1e-10:
        left, right = b - ratio * (b - a), a + ratio * (b - a)
        a, b = (a, right) if loss(left) < loss(right) else (left, b)
    return float((a + b) / 2)


def _crossing(excess: Callable[[float], float], low: float, high: float) -> float:
    """Where a falling function passes 0; `low` where it is never above."""
    if excess(low) <= 0:
        return low
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return (low + high) / 2
