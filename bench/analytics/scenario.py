"""Time of the province model; run: python -m bench.analytics.scenario (one BLAS thread).

Peers measured once on the same kind of machine: a plain NumPy prototype of the same shape 17 ms a
stochastic and 2.2 ms a deterministic run.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from bench.analytics.ground import province_of
from bihuan_analytics.cluster import simulate_in_batches
from bihuan_analytics.scenario import (
    Disease,
    Measures,
    Start,
    expected_course,
    simulate,
)

AREAS, DAYS, RUNS = 340, 120, 40


def best(call, clock, times=5):
    """Seconds of the fastest of some calls, after one that compiles."""
    call()
    found = []
    for _ in range(times):
        begun = clock()
        call()
        found.append(clock() - begun)
    return min(found)


def main():
    rng = np.random.default_rng(20261122)
    province = province_of(AREAS, rng)
    disease = Disease(2.5, 3.0, 5.0, severe=0.02, critical=0.2, icu_death=0.3)
    seeds = np.zeros(AREAS)
    seeds[0] = 20
    for name, measures in (
        ("no measures", Measures()),
        ("detection and tracing", Measures(detection=0.1, traced_share=0.3)),
    ):
        given = province, disease, measures
        drawn = best(
            lambda given=given: simulate(*given, Start(seeds, DAYS, RUNS), rng=rng),
            time.process_time,
        )
        mean = best(
            lambda given=given: expected_course(*given, Start(seeds, DAYS)), time.process_time
        )
        with ThreadPoolExecutor(2) as pool:
            wall = best(
                lambda given=given, pool=pool: simulate_in_batches(
                    *given, Start(seeds, DAYS, 2 * RUNS), rng=rng, run=pool.map
                ),
                time.perf_counter,
            )
        print(
            f"{AREAS} areas, {DAYS} days, {name:22s} stochastic {drawn / RUNS * 1e3:5.2f} CPU-ms"
            f" a run, {wall / RUNS / 2 * 1e3:5.2f} ms by the clock in two threads;"
            f" deterministic {mean * 1e3:5.1f} CPU-ms"
        )


if __name__ == "__main__":
    main()
