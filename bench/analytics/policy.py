"""Cheapest plan of 21 cities over 26 weeks; run: python bench/analytics/policy.py."""

import time

import numpy as np

from bihuan_analytics.scenario import Disease, Level, Problem, Province, Start, cheapest_plan

CITIES, WEEKS = 21, 26
MENU = (
    Level("nothing"),
    Level("tests", detection=0.08, cost=0.5, hardship=0.02),
    Level("masks and tests", contact_reduction=0.25, detection=0.08, cost=1.0, hardship=0.1),
    Level("closure", 0.6, 0.5, 0.1, cost=10.0, hardship=0.6, longest=4),
)


def main():
    rng = np.random.default_rng(1)
    away = rng.random((CITIES, CITIES)) ** 3
    np.fill_diagonal(away, 0.0)
    people = np.floor(rng.lognormal(15, 0.5, (CITIES, 1)))
    exposed = np.zeros(CITIES)
    exposed[0] = 200
    problem = Problem(
        Province(people, 0.05 * away / away.sum(axis=1, keepdims=True) + 0.95 * np.eye(CITIES)),
        Disease(2.2, 3.0, 5.0, severe=0.03, critical=0.2, icu_death=0.3),
        Start(exposed, days=7 * WEEKS),
        MENU,
        beds=people[:, 0] * 1e-4,
        price=(0.0, 2e5, 2e4, 0.0),
    )
    start = time.process_time()
    plan = cheapest_plan(problem, most_steps=60)
    spent = time.process_time() - start
    print(
        f"{CITIES} cities, {WEEKS} weeks: {len(plan.steps)} steps, {plan.tried:,} policies played"
        f" in {spent:.0f} CPU-s; loss {plan.outcome.loss[0]:.3g}"
    )


if __name__ == "__main__":
    main()
