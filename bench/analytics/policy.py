"""Plans for 21 cities over 26 weeks, two processes; run: python -m bench.analytics.policy.

What is believed is uncertain (five beliefs). The plan of the front that is cheapest and keeps the
beds with 95 % is held against nothing, everything at once, a fixed rule, and random search with
ten times the budget of a search.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import resource
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np

from bihuan_analytics.scenario import (
    Disease,
    Level,
    Option,
    Problem,
    Province,
    Start,
    cheapest_safe,
    compare,
    draw_beliefs,
    outcomes,
    plan_front,
)

CITIES, WEEKS, BUDGET = 21, 26, 3_000
MENU = (
    Level("nothing"),
    Level("tests", detection=0.08, cost=0.5, hardship=0.02),
    Level("masks and tests", contact_reduction=0.25, detection=0.08, cost=1.0, hardship=0.1),
    Level("closure", 0.6, 0.5, 0.1, cost=10.0, hardship=0.6, longest=4),
)


def twenty_one_cities():
    rng = np.random.default_rng(1)
    away = rng.random((CITIES, CITIES)) ** 3
    np.fill_diagonal(away, 0.0)
    people = np.floor(rng.lognormal(15, 0.5, (CITIES, 1)))
    exposed = np.zeros(CITIES)
    exposed[0] = 200
    disease = Disease(2.2, 3.0, 5.0, severe=0.03, critical=0.2, icu_death=0.3)
    return Problem(
        Province(people, 0.05 * away / away.sum(axis=1, keepdims=True) + 0.95 * np.eye(CITIES)),
        disease,
        Start(exposed, days=7 * WEEKS),
        MENU,
        beds=people[:, 0] * 1e-4,
        price=(0.0, 2e5, 2e4, 1.0),
        beliefs=draw_beliefs(disease, rng=rng, number=5),
    )


def best_of_random(problem, number, seed):
    """The policy with the lowest loss among random ones: weeks and cities alike, or in blocks."""
    rng = np.random.default_rng(seed)
    best, least = None, np.inf
    for _ in range(number // 100):
        blocks = int(rng.integers(1, WEEKS + 1))
        levels = rng.integers(0, 3, (100, -(-WEEKS // blocks), CITIES))
        some = np.repeat(levels, blocks, axis=1)[:, :WEEKS]
        loss = outcomes(problem, some).loss
        if loss.min() < least:
            best, least = some[np.argmin(loss)], loss.min()
    return best, least


def main():
    problem = twenty_one_cities()
    start = time.perf_counter()
    with ProcessPoolExecutor(2) as pool:
        found = plan_front(
            problem,
            rng=np.random.default_rng(2),
            most_tried=BUDGET,
            run=pool.map,
            progress=lambda done, of: print(
                f"  {done} of {of}, {time.perf_counter() - start:.0f} s"
            ),
        )
    wall, own = time.perf_counter() - start, time.process_time()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime
    chosen = cheapest_safe(found, risk=0.05)
    print(
        f"front of {len(found.names)} options in {wall:.0f} s, {cpu + own:.0f} CPU-s;"
        f" chosen: {found.names[chosen]}"
    )
    with ProcessPoolExecutor(2) as pool:
        number = 10 * BUDGET // len(problem.beliefs) // 2
        lucky = min(
            pool.map(partial(best_of_random, problem, number), (3, 4)), key=lambda each: each[1]
        )[0]
    options = [
        *(Option(name, policy) for name, policy in zip(found.names, found.policies, strict=True)),
        Option("best of random", lucky),
    ]
    table = compare(problem, options, rng=np.random.default_rng(5))
    print("| option | cost | infections | deaths | restricted | overload | loss | beaten by |")
    print("|---|---|---|---|---|---|---|---|")
    for place, name in enumerate(table.names):
        each = table.outcome
        print(
            f"| {name} | {each.cost[place] / 1e9:.2f} | {each.infections[place] / 1e6:.2f}"
            f" | {each.deaths[place]:,.0f} | {each.restricted[place] / 1e6:,.0f}"
            f" | {table.overload[place]:.0%} | {each.loss[place] / 1e9:.2f}"
            f" | {table.dominated_by[place]} |"
        )


if __name__ == "__main__":
    main()
