"""Compiled search over all cylinders; imported at the first call only."""

import numpy as np

from bihuan_analytics.arrays import Floats, Ints
from bihuan_analytics.compiled import compiled, part


@part
def excess(seen: float, wanted: float, total: float) -> float:
    """Log likelihood ratio of more cases inside than expected; 0 where there are not more."""
    if seen <= wanted:
        return 0.0
    inside: float = seen * np.log(seen / wanted)
    rest = total - seen
    if rest > 0:
        inside += rest * np.log(rest / (total - wanted))
    return inside


@compiled
def best_cylinders(areas: Ints, lags: Ints, order: Ints, limits: Ints, out: Floats) -> float:
    """Greatest ratio over all cylinders; `out`, shape (centres, 3): ratio, circle, days of each.

    areas, lags: of each case, lag 0 on the last day. order: (centres, K), areas by distance, -1
    beyond the largest circle. limits: longest duration, most cases of a circle, least inside.
    """
    longest, most, least = limits[0], limits[1], limits[2]
    centres, circles = order.shape
    recent, totals = np.zeros((centres, longest)), np.zeros(centres)
    within = np.zeros(longest)
    for i in range(areas.size):
        totals[areas[i]] += 1
        for length in range(lags[i], longest):
            recent[areas[i], length] += 1
            within[length] += 1
    total = float(areas.size)
    greatest = 0.0
    seen = np.zeros(longest)
    for centre in range(centres):
        seen[:] = 0.0
        people = 0.0
        out[centre, 0] = 0.0
        for k in range(circles):
            area = order[centre, k]
            if area < 0 or people + totals[area] > most:
                break
            people += totals[area]
            for length in range(longest):
                seen[length] += recent[area, length]
                if seen[length] < least:
                    continue
                ratio = excess(seen[length], people * within[length] / total, total)
                if ratio > out[centre, 0]:
                    out[centre, 0], out[centre, 1], out[centre, 2] = ratio, k, length
        greatest = max(greatest, out[centre, 0])
    return greatest
