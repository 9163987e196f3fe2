"""Random numbers by position: a draw depends on its key alone, never on the draws before it.

A key is made of a seed, who draws and when. Two scenarios with the same seed so share the luck of
everything that happens in both, and neither the order of the work nor the number of workers
changes a result. Mixer: the finaliser of SplitMix64 (doi:10.1145/2714064.2660195).
"""

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Floats
from bihuan_analytics.compiled import part

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
S11, S27, S30, S31 = np.uint64(11), np.uint64(27), np.uint64(30), np.uint64(31)
UNIT = 2.0**-53


@part
def mixed(key: np.uint64) -> np.uint64:
    """A key whose bits all depend on all bits of the given one."""
    key = (key ^ (key >> S30)) * FIRST
    key = (key ^ (key >> S27)) * SECOND
    return key ^ (key >> S31)


@part
def keyed(seed: np.uint64, who: int, when: int) -> np.uint64:
    """Key of one actor at one time under a seed."""
    return mixed(mixed(seed + np.uint64(who) * GOLDEN) + np.uint64(when) * SECOND)


@part
def uniform(key: np.uint64, turn: int) -> float:
    """The turn-th number in (0, 1) of a key."""
    word = mixed(key + np.uint64(turn + 1) * GOLDEN)
    return float((np.float64(word >> S11) + 0.5) * UNIT)


@part
def poisson(mean: float, chance: float) -> int:
    """Poisson number by inversion of one uniform; means up to 700."""
    term = np.exp(-min(mean, 700.0))
    total = term
    number = 0
    while chance > total and term > 0.0:
        number += 1
        term *= mean / number
        total += term
    return number


@part
def stay_of(chance: float, within: Floats) -> int:
    """Whole days by inversion; within[d] is the chance to have left after d + 1 days."""
    days = 0
    while days < within.size - 1 and chance > within[days]:
        days += 1
    return days + 1


def seeds_of(rng: np.random.Generator, number: int) -> npt.NDArray[np.uint64]:
    """One seed for each run, drawn before the runs are shared out."""
    return rng.integers(0, 2**64, size=number, dtype=np.uint64)
