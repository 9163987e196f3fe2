"""Compiled likelihood-ratio statistic over moving windows; imported at the first call only."""

import numpy as np

from bihuan_analytics.arrays import Bools, Floats, Ints
from bihuan_analytics.compiled import compiled, part

STEPS = 50


@part
def ratio(counts: Floats, mean: Floats, used: Bools, shift: float, excess: float) -> float:
    """Log likelihood of means raised by exp(shift) against the given ones."""
    factor = np.exp(shift)
    total = 0.0
    for i in range(counts.size):
        if used[i]:
            if excess > 0:
                rise = np.log1p(excess * mean[i] * factor) - np.log1p(excess * mean[i])
                total += counts[i] * shift - (counts[i] + 1.0 / excess) * rise
            else:
                total += counts[i] * shift - mean[i] * (factor - 1.0)
    return total


@part
def likeliest(counts: Floats, mean: Floats, used: Bools, guess: float, excess: float) -> float:
    """The shift >= 0 of greatest likelihood: Newton steps on a concave function."""
    shift = guess
    for _ in range(STEPS):
        score, curve = 0.0, 0.0
        factor = np.exp(shift)
        for i in range(counts.size):
            if used[i]:
                raised = mean[i] * factor
                room = 1.0 + excess * raised
                score += (counts[i] - raised) / room
                curve += raised * (1.0 + excess * counts[i]) / (room * room)
        if curve <= 0:
            return 0.0
        step = min(max(score / curve, -1.0), 1.0)
        shift = max(shift + step, 0.0)
        if abs(step) < 1e-10 or (shift == 0.0 and score <= 0):
            break
    return shift


@part
def statistic(counts: Floats, mean: Floats, used: Bools, excess: float) -> float:
    """Greatest ratio over all windows that end at the last time."""
    best, shift = 0.0, 0.0
    cases, wanted = 0.0, 0.0
    for k in range(counts.size - 1, -1, -1):
        if not used[k]:
            continue
        cases += counts[k]
        wanted += mean[k]
        if excess > 0:
            shift = likeliest(counts[k:], mean[k:], used[k:], shift, excess)
            if shift > 0:
                best = max(best, ratio(counts[k:], mean[k:], used[k:], shift, excess))
        elif cases > wanted:  # the Poisson shift is known in closed form
            best = max(best, cases * np.log(cases / wanted) - cases + wanted)
    return best


@part
def count_for(counts: Floats, mean: Floats, used: Bools, excess: float, decision: float) -> float:
    """The smallest last count that brings the statistic to the decision."""
    last = counts.size - 1
    given = counts[last]
    low, high = -1.0, float(np.ceil(mean[last])) + 1.0
    counts[last] = high
    while statistic(counts, mean, used, excess) < decision and high < 1e12:
        low, high = high, 2.0 * high
        counts[last] = high
    while high - low > 1.0:
        middle = float(np.floor((low + high) / 2.0))
        counts[last] = middle
        if statistic(counts, mean, used, excess) < decision:
            low = middle
        else:
            high = middle
    counts[last] = given
    return high


@compiled
def judged(
    counts: Floats, mean: Floats, known: Bools, rules: Floats, first: int, age: Ints, out: Floats
) -> None:
    """Statistic and bound of the times from `first` on; `out` has shape (2, series, times).

    rules: window, excess, decision. age: times since the last restart, changed in place.
    """
    window, excess, decision = int(rules[0]), rules[1], rules[2]
    for s in range(counts.shape[0]):
        row = counts[s].copy()
        for t in range(first, counts.shape[1]):
            age[s] = min(age[s] + 1, window)
            start = max(t + 1 - age[s], 0)
            if not known[s, t]:
                continue
            seen, expected, used = (
                row[start : t + 1],
                mean[s, start : t + 1],
                known[s, start : t + 1],
            )
            value = statistic(seen, expected, used, excess)
            out[0, s, t] = value
            out[1, s, t] = count_for(seen, expected, used, excess, decision)
            if value >= decision:
                age[s] = 0
