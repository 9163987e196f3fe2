"""CPU time of R estimates per series; run: python -m bench.analytics.reproduction.

EpiEstim runs beside them on the same series where it is installed (Debian: r-cran-epiestim).
"""

import time

import numpy as np

from bench.analytics.peers import r_seconds
from bihuan_analytics.reproduction import Windows, cori, discretised_gamma, wallinga_teunis


def cpu(call):
    call()
    start = time.process_time()
    call()
    return time.process_time() - start


def main():
    cases = np.random.default_rng(1).poisson(50, (500, 365))
    weights = discretised_gamma(mean=8.4, sd=3.8, length=60)
    theirs = r_seconds("EpiEstim", cases[:20].T)
    for name, levels in (("mean and sd", ()), ("two exact quantiles", (0.025, 0.975))):
        rules = Windows(levels=levels)
        each = cpu(lambda r=rules: cori(cases, weights, windows=r)) / 500
        beside = (
            f", EpiEstim {theirs[0] * 1e3:.1f} ms: {theirs[0] / each:.0f} times" if theirs else ""
        )
        print(f"cori, 365 days, {name:20s} {each * 1e6:7.1f} us{beside}")
    each = cpu(lambda: wallinga_teunis(cases, weights)) / 500
    print(f"wallinga_teunis, 365 days, mean       {each * 1e6:7.1f} us")


if __name__ == "__main__":
    main()
