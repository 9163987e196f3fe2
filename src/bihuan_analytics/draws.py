"""Random numbers by position: a draw depends on its key alone, never on the draws before it.

A key is made of a seed, who draws and when. Two scenarios with the same seed so share the luck of
everything that happens in both, and neither the order of the work nor the number of workers
changes a result. Mixer: the finaliser of SplitMix64 (doi:10.1145/2660193.2660195).
"""

import numpy as np

from bihuan_analytics.arrays import Floats
from bihuan_analytics.compiled import part

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
S11, S27, S30, S31 = np.uint64(11), np.uint64(27), np.uint64(30), np.uint64(31)
UNIT, SIGNED = 2.0**-53, 2.0**-52
MASK = np.uint64(255)
LAYERS, TAIL, AREA = 256, 3.6541528853610088, 0.00492867323399


def _ziggurat() -> tuple[Floats, Floats]:
    """Right edges of the layers of equal area under exp(-x^2 / 2), and the heights there."""
    edges = np.empty(LAYERS + 1)
    edges[0], edges[1] = AREA / np.exp(-0.5 * TAIL * TAIL), TAIL
    for layer in range(2, LAYERS):
        below = edges[layer - 1]
        edges[layer] = np.sqrt(-2.0 * np.log(AREA / below + np.exp(-0.5 * below * below)))
    edges[LAYERS] = 0.0
    return edges, np.exp(-0.5 * edges * edges)


EDGES, HEIGHTS = _ziggurat()


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
def unit_of(word: np.uint64) -> float:
    """A number in (0, 1) from the upper bits of a mixed word."""
    return float((np.float64(word >> S11) + 0.5) * UNIT)


@part
def normal(word: np.uint64) -> float:
    """Standard normal number by the ziggurat, exact; word: a mixed key, which settles 99 of 100.

    Source: Marsaglia and Tsang 2000, doi:10.18637/jss.v005.i08.
    """
    layer = int(word & MASK)
    number = float(np.int64(word) >> 11) * SIGNED * EDGES[layer]
    if abs(number) < EDGES[layer + 1]:
        return float(number)
    return outside(word, layer, number)


@part
def outside(word: np.uint64, layer: int, number: float) -> float:
    """The rest of the ziggurat: a number outside the box of its layer, taken or drawn anew."""
    while abs(number) >= EDGES[layer + 1]:
        word = mixed(word + GOLDEN)
        other = unit_of(word)
        word = mixed(word + GOLDEN)
        if layer == 0:
            beyond = -np.log(unit_of(word)) / TAIL
            if -2.0 * np.log(other) > beyond * beyond:
                return float(TAIL + beyond if number > 0.0 else -TAIL - beyond)
        elif HEIGHTS[layer] + other * (HEIGHTS[layer + 1] - HEIGHTS[layer]) < np.exp(
            -0.5 * number * number
        ):
            return number
        word = mixed(word + GOLDEN)
        layer = int(word & MASK)
        number = float(np.int64(word) >> 11) * SIGNED * EDGES[layer]
    return number


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
