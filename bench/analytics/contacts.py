"""Who met 100 cases: index against Polars; run: python bench/analytics/contacts.py [visits].

Visits as in the study behind this package: popularity of places ~ rank^-0.7, stays lognormal with
median 45 minutes, 14 days, three visits a person and day; seed 7, cases seed 99.
"""

import sys
import time

import numpy as np

from bihuan_analytics.contacts import VisitStore, exposures, index_visits, meetings, visits_of

try:
    import polars as pl
except ImportError:
    pl = None


def visits(number):
    rng = np.random.default_rng(7)
    people, places = number // 42, number // 400
    weight = np.arange(1, places + 1) ** -0.7
    person = rng.integers(0, people, number)
    place = np.searchsorted(np.cumsum(weight) / weight.sum(), rng.random(number))
    enter = rng.integers(0, 14 * 1440, number)
    stay = np.clip(rng.lognormal(np.log(45), 0.9, number), 3, 600).astype(np.int64)
    return person, np.minimum(place, places - 1), enter, enter + stay


def timed(call):
    wall, cpu = time.perf_counter(), time.process_time()
    answer = call()
    return answer, time.perf_counter() - wall, time.process_time() - cpu


def by_polars(table, cases):
    own = table.filter(pl.col("person").is_in(cases)).rename(
        {"person": "case", "enter": "from", "leave": "until"}
    )
    pairs = table.join(own, on="place").filter(
        (pl.col("person") != pl.col("case"))
        & (pl.min_horizontal("leave", "until") - pl.max_horizontal("enter", "from") >= 10)
    )
    return pairs.height


def main():
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000
    columns = visits(number)
    cases = np.random.default_rng(99).choice(number // 42, 100, replace=False)
    index_visits(*(column[:100] for column in columns), overlaps="keep")  # compile
    run, wall, cpu = timed(lambda: index_visits(*columns, overlaps="keep"))
    print(f"{number:,} visits: index built in {wall:.2f} s ({cpu:.2f} CPU-s)")
    store = VisitStore((run,))

    def ask():
        return meetings(store, visits_of(store, cases), least_minutes=10)

    ask()
    found, wall, cpu = min((timed(ask) for _ in range(7)), key=lambda each: each[1])
    print(f"index query: {found.exposed.size:,} pairs in {wall * 1e3:.1f} ms ({cpu * 1e3:.1f} CPU)")
    print(f"  of {exposures(found).person.size:,} persons")
    if pl is None:
        print("polars is not installed: no comparison")
        return
    names = ("person", "place", "enter", "leave")
    table = pl.DataFrame(dict(zip(names, columns, strict=True)))
    by_polars(table, cases)
    pairs, peer, cpu = min(
        (timed(lambda: by_polars(table, cases)) for _ in range(3)), key=lambda e: e[1]
    )
    print(
        f"polars join: {pairs:,} pairs in {peer * 1e3:.0f} ms ({cpu * 1e3:.0f} CPU),"
        f" {peer / wall:.0f} times as long"
    )


if __name__ == "__main__":
    main()
