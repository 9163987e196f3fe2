"""CPU time of nowcasts for many areas; run: python -m bench.analytics.nowcast."""

import time

import numpy as np

from bihuan_analytics.nowcast import bayes_truncation, lawless

DELAY = np.array([0.1, 0.2, 0.2, 0.15, 0.1, 0.08, 0.07, 0.05, 0.03, 0.02])


def cpu(call):
    call()
    start = time.process_time()
    call()
    return time.process_time() - start


def main():
    areas, days = 500, 60
    counts = np.random.default_rng(1).poisson(20 * DELAY, (areas, days, DELAY.size))
    counts *= np.add.outer(np.arange(days), np.arange(DELAY.size)) <= days - 1
    each = cpu(lambda: lawless(counts)) / areas
    print(f"lawless, 60 days, 3 quantiles           {each * 1e6:8.1f} us an area")
    few = counts[:50]
    each = cpu(lambda: bayes_truncation(few, rng=np.random.default_rng(1), draws=1000)) / 50
    print(f"bayes_truncation, 60 days, 1000 draws   {each * 1e6:8.1f} us an area")


if __name__ == "__main__":
    main()
