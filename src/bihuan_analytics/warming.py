"""Compilation ahead of time, so that nobody waits for it at work."""

import numpy as np

from bihuan_analytics.agents import Contacts, Illness, Response, simulate_city, synthetic_city
from bihuan_analytics.contacts import VisitStore, index_visits, meetings, visits_of
from bihuan_analytics.early_warning import (
    ScanControl,
    farrington_flexible,
    likelihood_ratio,
    space_time_scan,
)
from bihuan_analytics.scenario import Disease, Measures, Province, Start, simulate


def compile_loops() -> None:
    """Call each compiled loop once; its machine code stays on disk for later processes.

    Takes half a minute the first time and about one afterwards. Run it when an installation is
    made: `python -m bihuan_analytics.warming`.
    """
    dates = np.datetime64("2015-01-05") + 7 * np.arange(330)
    farrington_flexible(np.arange(330) % 7, dates, judge=[-1])
    likelihood_ratio([1, 2], 1.0, excess=0.5)
    few = ScanControl(days=3, longest=2, replicates=9)
    space_time_scan([0, 0], [1, 2], [[0.0, 0.0]], now=2, rng=np.random.default_rng(1), control=few)
    store = VisitStore((index_visits([1, 2], [1, 1], [0, 5], [20, 30]),))
    meetings(store, visits_of(store, [1]), least_minutes=10)
    rng, flu, start = np.random.default_rng(1), Disease(2.0, 2.0, 4.0), Start([1], 2)
    simulate(Province([[99.0]], [[1.0]]), flu, Measures(), start, rng=rng)
    city = synthetic_city(99, rng=rng)
    simulate_city(city, Illness(flu), Contacts(), Response(), start, rng=rng)


if __name__ == "__main__":
    compile_loops()
