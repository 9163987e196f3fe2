"""A nation's night: 3,000 counties x 42 diseases weekly, and a daily fever stream for each county.

    python -m bench.sensing

Judges the last week of six years and the last day of sixty; prints the processor seconds of each
part, the making of the counts included.
"""

import time
from datetime import date, timedelta

import numpy as np

from bihuan.sensing.analysis import judge, strongest

COUNTIES, DISEASES, YEARS, DAYS = 3000, 42, 6, 60
LIMIT = 60  # seconds of processor
WEEKLY = {"method": "percentile", "percentile": 0.8, "min_cases": 3}
DAILY = {"method": "C1", "threshold": 3.0, "min_cases": 6}


def main() -> None:
    rng = np.random.default_rng(42)
    weeks = [date(2026, 3, 9) - timedelta(days=7 * back) for back in range(52 * YEARS, -1, -1)]
    days = [date(2026, 3, 9) - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    paths = [f"{n // 100:02}.{n % 100:02}.01." for n in range(COUNTIES)]
    began = time.process_time()
    found = 0
    for _ in range(DISEASES):
        counts = rng.poisson(rng.gamma(0.6, 3.0, (COUNTIES, 1)), (COUNTIES, len(weeks)))
        known = np.ones(counts.shape, dtype=np.bool_)
        raised = judge(WEEKLY, paths, counts, known, weeks)
        found += len(strongest(raised, [one.path[:9] for one in raised], budget=6))
    weekly = time.process_time() - began
    fever = rng.poisson(8.0, (COUNTIES, DAYS))
    fever[7, -1] = 60
    began = time.process_time()
    daily = judge(DAILY, paths, fever, np.ones(fever.shape, dtype=np.bool_), days)
    seconds = time.process_time() - began
    assert paths[7] in {one.path for one in daily}
    assert weekly + seconds <= LIMIT, f"{weekly + seconds:.0f} s of {LIMIT}"
    print(f"weekly {COUNTIES} x {DISEASES}: {weekly:.1f} s, {found} findings kept")
    print(f"daily fever {COUNTIES}: {seconds:.2f} s, {len(daily)} findings")
