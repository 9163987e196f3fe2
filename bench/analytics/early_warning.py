"""CPU time of the detectors per series and week; run: python -m bench.analytics.early_warning.

R's surveillance runs beside them on the same series where it is installed (Debian:
r-cran-surveillance). With --million one million series are judged for one week.
"""

import argparse
import time

import numpy as np

from bench.analytics.peers import r_seconds
from bihuan_analytics.early_warning import (
    FlexibleControl,
    ScanControl,
    ears,
    farrington_flexible,
    likelihood_ratio,
    space_time_scan,
)


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


def line(name, each, unit, theirs):
    beside = "" if theirs is None else f", R {theirs * 1e6:.0f} us: {theirs / each:.0f} times"
    print(f"{name:34s} {each * 1e6:8.2f} us a {unit}{beside}")


def million():
    """Chunks as a nightly run would take them: 624 weeks of 50,000 series at a time."""
    spent, alarms = 0.0, 0
    counts, dates = series(50_000)
    judge = {"judge": [-1], "control": FlexibleControl()}
    farrington_flexible(counts[:10], dates, **judge)
    for chunk in range(20):
        rolled = np.roll(counts, 7 * chunk, axis=1)
        start = time.process_time()
        alarms += int(farrington_flexible(rolled, dates, **judge).alarm.sum())
        spent += time.process_time() - start
    print(f"1,000,000 series, one week: {spent:.1f} CPU-s, {alarms} alarms")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--million", action="store_true")
    if options.parse_args().million:
        million()
        return
    counts, dates = series(2000)
    theirs = r_seconds("surveillance", counts[:20].T) or (None, None)
    for mode in ("corrected", "r-compatible"):
        control = FlexibleControl(mode=mode)
        spent = cpu(lambda c=control: farrington_flexible(counts, dates, judge=[-1], control=c))
        line(f"farrington_flexible {mode}", spent / counts.shape[0], "series-week", theirs[0])
    for method in ("C1", "C2", "C3"):
        each = cpu(lambda m=method: ears(counts, method=m)) / counts.size
        line(f"ears {method}", each, "series-step", theirs[1] if method == "C1" else None)
    few = counts[:200, :52]
    for excess in (0.0, 0.1):
        each = cpu(lambda a=excess: likelihood_ratio(few, 10.0, excess=a)) / few.size
        line(f"likelihood_ratio, excess {excess}", each, "series-step", None)
    rng = np.random.default_rng(1)
    places = rng.random((340, 2)) * 300
    control = ScanControl(replicates=999)
    spent = cpu(
        lambda: space_time_scan(
            rng.integers(0, 340, 2000), rng.integers(0, 60, 2000), places, now=59, rng=rng,
            control=control,
        )
    )  # fmt: skip
    print(f"space_time_scan, 340 areas, 2,000 cases, 999 permutations: {spent:.2f} CPU-s")


if __name__ == "__main__":
    main()
