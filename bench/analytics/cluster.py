"""What two workers of a cluster cost over one process; run: python -m bench.analytics.cluster."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import time

import numpy as np

from bench.analytics.ground import province_of
from bihuan_analytics.cluster import on_cluster, simulate_in_batches
from bihuan_analytics.scenario import Disease, Measures, Start

AREAS, DAYS, RUNS = 60, 120, 800


def main():
    from distributed import Client, LocalCluster

    rng = np.random.default_rng(20261122)
    province = province_of(AREAS, rng)
    disease = Disease(2.5, 3.0, 5.0, severe=0.02, critical=0.2, icu_death=0.3)
    exposed = np.zeros(AREAS)
    exposed[0] = 50

    def ensemble(run):
        begun = time.perf_counter()
        found = simulate_in_batches(
            province,
            disease,
            Measures(detection=0.1),
            Start(exposed, DAYS, RUNS),
            rng=np.random.default_rng(1),
            run=run,
        )
        return time.perf_counter() - begun, found.infections.sum()

    ensemble(map)
    alone, total = ensemble(map)
    begun = time.perf_counter()
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster,
        Client(cluster) as client,
    ):
        started = time.perf_counter() - begun
        ensemble(on_cluster(client))
        spread, again = ensemble(on_cluster(client))
        begun = time.perf_counter()
        client.gather(client.map(abs, range(500), pure=False))
        task = (time.perf_counter() - begun) / 500
    print(f"one process {alone:.2f} s; two workers {spread:.2f} s, same total: {total == again}")
    print(f"start of the cluster {started:.1f} s; an empty task {task * 1e3:.2f} ms")


if __name__ == "__main__":
    main()
