"""CPU time of R estimates per series; run: python bench/analytics/reproduction.py.

R's figures, measured once on the same kind of machine (EpiEstim 2.2-4): 85 ms for 365 days,
862 ms with an uncertain interval, 4.1 s for Wallinga-Teunis with its simulated limits.
"""

import time

import numpy as np

from bihuan_analytics.reproduction import Windows, cori, discretised_gamma, wallinga_teunis

R_CORI = 85e-3


def cpu(call):
    call()
    start = time.process_time()
    call()
    return time.process_time() - start


def main():
    cases = np.random.default_rng(1).poisson(50, (500, 365))
    weights = discretised_gamma(mean=8.4, sd=3.8, length=60)
    for name, levels in (("mean and sd", ()), ("two exact quantiles", (0.025, 0.975))):
        rules = Windows(levels=levels)
        each = cpu(lambda r=rules: cori(cases, weights, windows=r)) / 500
        print(
            f"cori, 365 days, {name:20s} {each * 1e6:7.1f} us, R {R_CORI / each:6.0f} times as long"
        )
    each = cpu(lambda: wallinga_teunis(cases, weights)) / 500
    print(f"wallinga_teunis, 365 days, mean       {each * 1e6:7.1f} us")


if __name__ == "__main__":
    main()
