"""CPU time of the detectors per series and week; run: python bench/analytics/early_warning.py.

R's figures, measured once on the same kind of machine (surveillance 1.20.3): farringtonFlexible
20.6 ms, EARS 21-55 us per series and week.
"""

import time

import numpy as np

from bihuan_analytics.early_warning import FlexibleControl, ears, farrington_flexible

R_FARRINGTON = 20.6e-3
R_EARS = 38e-6


def series(number, weeks=624):
    rng = np.random.default_rng(20261122)
    season = np.exp(0.6 * np.sin(2 * np.pi * np.arange(weeks) / 52))
    level = rng.choice([0.5, 1.1, 4.5, 12.0, 45.0, 150.0], size=(number, 1))
    return rng.poisson(level * season), np.datetime64("2000-01-03") + 7 * np.arange(weeks)


def cpu(call):
    call()
    start = time.process_time()
    call()
    return time.process_time() - start


def main():
    counts, dates = series(2000)
    for mode in ("corrected", "r-compatible"):
        control = FlexibleControl(mode=mode)
        spent = cpu(lambda c=control: farrington_flexible(counts, dates, judge=[-1], control=c))
        each = spent / counts.shape[0]
        print(
            f"farrington_flexible {mode:12s} {each * 1e6:7.1f} us a series-week,"
            f" R {R_FARRINGTON / each:6.0f} times as long"
        )
    for method in ("C1", "C2", "C3"):
        each = cpu(lambda m=method: ears(counts, method=m)) / counts.size
        print(
            f"ears {method}                         {each * 1e9:7.0f} ns a series-step,"
            f" R {R_EARS / each:6.0f} times as long"
        )


if __name__ == "__main__":
    main()
