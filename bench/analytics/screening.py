"""CPU time of pool sizes and testing rounds; run: python -m bench.analytics.screening."""

import time

import numpy as np

from bihuan_analytics.screening import RoundPlan, best_pool, forecast_round


def cpu(call):
    call()
    start = time.process_time()
    call()
    return time.process_time() - start


def main():
    prevalence = np.geomspace(1e-5, 0.3, 2000)
    each = cpu(lambda: best_pool(prevalence)) / prevalence.size
    print(f"best_pool, 150 sizes                 {each * 1e6:8.2f} us a prevalence")
    plan = RoundPlan(
        people=3_000_000,
        arrivals=np.full(10, 0.1),
        samplers=3000,
        per_sampler=120.0,
        pool=10,
        prevalence=1e-4,
        transport_hours=2.0,
        laboratory=[20_000.0],
    )
    each = cpu(lambda: forecast_round(plan, rng=np.random.default_rng(1), rounds=200)) / 200
    print(f"forecast_round, 96 hours             {each * 1e6:8.2f} us a simulated round")


if __name__ == "__main__":
    main()
