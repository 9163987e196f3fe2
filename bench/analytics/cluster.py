"""What two workers of a cluster cost over one process, and a policy search over two local
processes; run: python -m bench.analytics.cluster.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import resource
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np

from bench.analytics.ground import province_of
from bench.analytics.policy import twenty_one_cities
from bihuan_analytics.cluster import on_cluster, simulate_in_batches
from bihuan_analytics.scenario import Disease, Measures, Start, plan_front

AREAS, DAYS, RUNS = 60, 120, 800
TRIED = 300  # policies of a search: a tenth of what bench.analytics.policy tries


def ensemble(run):
    """Seconds by the clock, and the sum of all infections."""
    province = province_of(AREAS, np.random.default_rng(20261122))
    disease = Disease(2.5, 3.0, 5.0, severe=0.02, critical=0.2, icu_death=0.3)
    start = Start(np.r_[50, np.zeros(AREAS - 1)], DAYS, RUNS)
    given = province, disease, Measures(detection=0.1), start
    begun = time.perf_counter()
    found = simulate_in_batches(*given, rng=np.random.default_rng(1), run=run)
    return time.perf_counter() - begun, found.infections.sum()


def search(run, most_tried):
    """Seconds by the clock, and the policies of the front."""
    problem = twenty_one_cities()
    begun = time.perf_counter()
    found = plan_front(problem, rng=np.random.default_rng(2), most_tried=most_tried, run=run)
    return time.perf_counter() - begun, found.policies


def search_in_a_pool():
    """The search in two processes of this machine, and the processor time of these."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Begun anew, as a fork of a process that has threads may wait for ever.
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        search(pool.map, 5)  # loads what the loops need
        seconds, plans = search(pool.map, TRIED)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = sum(getattr(after, part) - getattr(before, part) for part in ("ru_utime", "ru_stime"))
    return seconds, plans, spent


def search_on_a_cluster(client):
    """The same on the workers, and their processor time since they began."""
    own = time.process_time()
    search(on_cluster(client), 5)
    seconds, plans = search(on_cluster(client), TRIED)
    spent = sum(client.run(time.process_time).values())
    return seconds, plans, spent, time.process_time() - own


def main():
    from distributed import Client, LocalCluster

    ensemble(map)
    alone, total = ensemble(map)
    local, plans, spent = search_in_a_pool()
    begun = time.perf_counter()
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster,
        Client(cluster) as client,
    ):
        started = time.perf_counter() - begun
        away, again, worked, steered = search_on_a_cluster(client)
        ensemble(on_cluster(client))
        spread, same = ensemble(on_cluster(client))
        begun = time.perf_counter()
        client.gather(client.map(abs, range(500), pure=False))
        task = (time.perf_counter() - begun) / 500
    equal = all(np.array_equal(one, two) for one, two in zip(plans, again, strict=True))
    print(f"one process {alone:.2f} s; two workers {spread:.2f} s, same total: {total == same}")
    print(f"start of the cluster {started:.1f} s; an empty task {task * 1e3:.2f} ms")
    print(
        f"policy search, 21 cities, {TRIED} policies a search: two processes {local:.1f} s"
        f" ({spent:.1f} CPU-s), two workers {away:.1f} s ({worked:.1f} CPU-s and {steered:.1f}"
        f" of the scheduler); same plans: {equal}"
    )


if __name__ == "__main__":
    main()
