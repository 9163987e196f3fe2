"""Pooled testing: tests saved, infections missed, and the best pool size."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bihuan_analytics import special
from bihuan_analytics.arrays import Floats, Ints, at_least, between, finite, first_index
from bihuan_analytics.errors import NumericsError


@dataclass(frozen=True, slots=True)
class Assay:
    """What one test of one specimen does, and how pooling dilutes it.

    sensitivity, specificity: in (0, 1]. cycles_mean, cycles_sd, cycles_limit: law of the threshold
    cycle of the infected and the last cycle read as positive; a pool of k raises the cycle by
    log2 k. cycles_sd 0: no loss by dilution.
    """

    sensitivity: float = 1.0
    specificity: float = 1.0
    cycles_mean: float = 28.0
    cycles_sd: float = 0.0
    cycles_limit: float = 40.0

    def __post_init__(self) -> None:
        for name in ("sensitivity", "specificity"):
            if not 0 < getattr(self, name) <= 1:
                raise NumericsError("assay.out_of_range", name=name, value=getattr(self, name))
        if self.cycles_sd < 0:
            raise NumericsError("assay.out_of_range", name="cycles_sd", value=self.cycles_sd)

    def diluted_sensitivity(self, pool: npt.ArrayLike) -> Floats:
        """Sensitivity for one infected specimen among `pool`, same shape.

        Se P(C + log2 k <= limit) / P(C <= limit), C normal.
        """
        size = np.asarray(pool, dtype=np.float64)
        if self.cycles_sd == 0:
            return np.full(size.shape, self.sensitivity)
        room = (self.cycles_limit - self.cycles_mean) / self.cycles_sd
        kept = special.ndtr(room - np.log2(size) / self.cycles_sd) / special.ndtr(room)
        diluted: Floats = self.sensitivity * kept
        return diluted


@dataclass(frozen=True, slots=True)
class Screening:
    """A way of testing, per person tested; all of one shape.

    tests: expected number of tests. sensitivity: share of the infected found. specificity: share
    of the others cleared. missed: infected and cleared. false_alarms: not infected and reported.
    """

    tests: Floats
    sensitivity: Floats
    specificity: Floats
    missed: Floats
    false_alarms: Floats


@dataclass(frozen=True, slots=True)
class BestPool:
    """pool: size with the fewest tests, shape of the prevalence; and what it does."""

    pool: Ints
    screening: Screening


PERFECT = Assay()


def dorfman(prevalence: npt.ArrayLike, pool: npt.ArrayLike, *, assay: Assay = PERFECT) -> Screening:
    """Test pools, then each member of a positive pool.

    A pool of k is positive with probability 1 - Sp (1 - p s_k)^k, s_k the diluted sensitivity
    (each infected specimen is found or not by itself); tests per person 1/k + that. With a perfect
    assay 1/k + 1 - (1 - p)^k. Infected persons are found with probability
    (1 - Sp (1 - s_k) (1 - p s_k)^(k-1)) Se. Pools of 1 are tested once.

    Args:
        prevalence: p, shape (...), in [0, 1]. pool: k, broadcastable, whole, >= 1.
        assay: see Assay.

    Returns:
        Screening, broadcast shape.

    Raises:
        NumericsError: "prevalence.out_of_range" with the index; "pool.not_whole" with the index.

    Source: Dorfman 1943, doi:10.1214/aoms/1177731363.
    """
    p, k = np.broadcast_arrays(_prevalence(prevalence), _pool(pool))
    s, sp = assay.diluted_sensitivity(k), assay.specificity
    others = (1.0 - p * s) ** (k - 1.0)
    single = k == 1
    tests = np.where(single, 1.0, 1.0 / k + 1.0 - sp * others * (1.0 - p * s))
    found = (1.0 - sp * (1.0 - s) * others) * assay.sensitivity
    flagged = (1.0 - sp * others) * (1.0 - sp)
    return _screening(
        p,
        tests,
        np.where(single, assay.sensitivity, found),
        np.where(single, 1.0 - sp, flagged),
    )


def array_testing(
    prevalence: npt.ArrayLike, side: npt.ArrayLike, *, assay: Assay = PERFECT
) -> Screening:
    """Test rows and columns of a square of specimens, then each where both are positive.

    2/k + P(row and column positive); for a specimen that is not infected and a perfect assay
    (1 - (1 - p)^(k-1))^2, for an infected one 1.

    Args:
        prevalence: p, shape (...), in [0, 1]. side: k, broadcastable, whole, >= 2.
        assay: see Assay; pools hold k specimens.

    Returns:
        Screening, broadcast shape.

    Raises:
        NumericsError: as `dorfman`; "pool.too_small".

    Source: Phatarfod & Sudbury 1994, doi:10.1002/sim.4780132205.
    """
    p, k = np.broadcast_arrays(_prevalence(prevalence), _pool(side))
    if (k < 2).any():
        raise NumericsError("pool.too_small", index=first_index(k < 2), low=2)
    s, sp = assay.diluted_sensitivity(k), assay.specificity
    others = (1.0 - p * s) ** (k - 1.0)
    infected = (1.0 - sp * (1.0 - s) * others) ** 2
    healthy = (1.0 - sp * others) ** 2
    tests = 2.0 / k + p * infected + (1.0 - p) * healthy
    return _screening(p, tests, infected * assay.sensitivity, healthy * (1.0 - sp))


def nested_tests(prevalence: npt.ArrayLike, sizes: npt.ArrayLike) -> Floats:
    """Tests per person when positive pools are split into smaller ones, down to persons.

    1/k_1 + sum_i (1 - (1 - p)^(k_i)) / k_(i+1), the last k being 1; perfect assay.

    Args:
        prevalence: p, shape (...), in [0, 1]. sizes: k_1 > k_2 > ... > 1, each dividing the one
            before.

    Returns:
        Tests per person, shape of prevalence.

    Raises:
        NumericsError: "pool.not_nested"; as `dorfman`.

    Source: Armendariz et al. 2020, arXiv:2005.03051.
    """
    p = _prevalence(prevalence)
    k = np.atleast_1d(_pool(sizes))
    nested = (
        k.ndim == 1 and (k > 1).all() and (k[:-1] % k[1:] == 0).all() and (np.diff(k) < 0).all()
    )
    if not nested:
        raise NumericsError("pool.not_nested", sizes=k.tolist())
    tests = np.full(p.shape, 1.0 / k[0])
    for size, part in zip(k, [*k[1:], 1.0], strict=True):
        tests = tests + (1.0 - (1.0 - p) ** size) / part
    return tests


def best_pool(
    prevalence: npt.ArrayLike,
    *,
    assay: Assay = PERFECT,
    largest: int = 150,
    least_sensitivity: float = 0.0,
) -> BestPool:
    """Pool size with the fewest expected tests among those that find enough of the infected.

    Args:
        prevalence: p, shape (...), in [0, 1].
        largest: pool size tried, >= 1; laboratories and dilution set it.
        least_sensitivity: in [0, 1]; where no pool reaches it, persons are tested singly.
        assay: see Assay.

    Returns:
        BestPool; of equal sizes the smaller.

    Raises:
        NumericsError: as `dorfman`; "argument.too_small".

    Source: `dorfman`, the least tests over 1 .. largest.
    """
    p = _prevalence(prevalence)
    sizes = np.arange(1, at_least(largest, 1, name="largest") + 1)
    each = dorfman(p[..., None], sizes, assay=assay)
    allowed = (each.sensitivity >= least_sensitivity) | (sizes == 1)
    pool = sizes[np.argmin(np.where(allowed, each.tests, np.inf), axis=-1)]
    return BestPool(pool=pool, screening=dorfman(p, pool, assay=assay))


def best_pool_for_sample(
    infected: int, tested: int, *, assay: Assay = PERFECT, largest: int = 150
) -> BestPool:
    """Pool size with the fewest tests on average over what a sample leaves open about prevalence.

    p ~ beta(infected + 1/2, tested - infected + 1/2), by 200 equally likely values.

    Args:
        infected, tested: in an earlier sample, 0 <= infected <= tested, tested >= 1.
        assay, largest: as in `best_pool`.

    Returns:
        BestPool with figures averaged over the law of p.

    Raises:
        NumericsError: "sample.infected_above_tested"; "argument.too_small".

    Source: `dorfman` averaged over a beta law of the prevalence, beta(1/2 + x, 1/2 + n - x).
    """
    at_least(tested, 1, name="tested")
    at_least(infected, 0, name="infected")
    if infected > tested:
        raise NumericsError("sample.infected_above_tested", infected=infected, tested=tested)
    share = (np.arange(200) + 0.5) / 200
    p = special.betaincinv(infected + 0.5, tested - infected + 0.5, share)
    sizes = np.arange(1, at_least(largest, 1, name="largest") + 1)
    tests = dorfman(p[:, None], sizes, assay=assay).tests.mean(axis=0)
    pool = sizes[np.argmin(tests)]
    chosen = dorfman(p, pool, assay=assay)
    infected_share, healthy_share = p.mean(), 1.0 - p.mean()
    missed, alarms = chosen.missed.mean(), chosen.false_alarms.mean()
    return BestPool(
        pool=np.asarray(pool),
        screening=Screening(
            tests=np.asarray(chosen.tests.mean()),
            sensitivity=np.asarray(1.0 - missed / infected_share),
            specificity=np.asarray(1.0 - alarms / healthy_share),
            missed=np.asarray(missed),
            false_alarms=np.asarray(alarms),
        ),
    )


def fewest_tests(prevalence: npt.ArrayLike) -> Floats:
    """Tests per person below which no scheme can go: entropy -p log2 p - (1 - p) log2(1 - p).

    Args:
        prevalence: p, shape (...), in [0, 1].

    Returns:
        Tests per person, same shape.

    Raises:
        NumericsError: "prevalence.out_of_range" with the index.

    Source: Sobel & Groll 1959, doi:10.1002/j.1538-7305.1959.tb03914.x.
    """
    p = _prevalence(prevalence)
    entropy: Floats = (special.entr(p) + special.entr(1.0 - p)) / np.log(2.0)
    return entropy


def confidence_of_freedom(
    tested: npt.ArrayLike,
    population: npt.ArrayLike,
    *,
    infected: npt.ArrayLike,
    sensitivity: float = 1.0,
) -> Floats:
    """Probability that so many infected would have been noticed, all tests being negative.

    1 - (1 - n Se / N)^D for n of N tested and D infected.

    Args:
        tested: n, shape (...), 0 <= n <= N. population: N >= 1. infected: D >= 1; broadcastable.
        sensitivity: in (0, 1).

    Returns:
        Confidence, broadcast shape.

    Raises:
        NumericsError: "sample.tested_above_population" with the index; "argument.out_of_range".

    Source: Cannon 2001, Preventive Veterinary Medicine 49:141-163.
    """
    n, total, cases = np.broadcast_arrays(
        finite(tested, name="tested"),
        finite(population, name="population"),
        finite(infected, name="infected"),
    )
    wrong = (n < 0) | (n > total) | (total < 1) | (cases < 1)
    if wrong.any():
        raise NumericsError("sample.tested_above_population", index=first_index(wrong))
    share = n * between(sensitivity, 0.0, 1.0 + 1e-12, name="sensitivity") / total
    confidence: Floats = 1.0 - (1.0 - share) ** cases
    return confidence


def _prevalence(values: npt.ArrayLike) -> Floats:
    p = finite(values, name="prevalence")
    bad = (p < 0) | (p > 1)
    if bad.any():
        raise NumericsError("prevalence.out_of_range", index=first_index(bad))
    return p


def _pool(values: npt.ArrayLike) -> Floats:
    k = finite(values, name="pool")
    bad = (k < 1) | (k != np.floor(k))
    if bad.any():
        raise NumericsError("pool.not_whole", index=first_index(bad))
    return k


def _screening(p: Floats, tests: Floats, found: Floats, flagged: Floats) -> Screening:
    return Screening(
        tests=tests,
        sensitivity=found,
        specificity=1.0 - flagged,
        missed=p * (1.0 - found),
        false_alarms=(1.0 - p) * flagged,
    )
