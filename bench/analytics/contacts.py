"""Who met 100 cases: index, Polars, DuckDB; run: python -m bench.analytics.contacts [visits].

Visits as in the study behind this package: popularity of places ~ rank^-0.7, stays lognormal with
median 45 minutes, 14 days, three visits a person and day; seed 7, cases seed 99.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from bihuan_analytics.contacts import (
    VisitStore,
    exposures,
    index_visits,
    load_index,
    meetings,
    save_index,
    visits_of,
)

try:
    import polars as pl
except ImportError:
    pl = None
try:
    import duckdb
except ImportError:
    duckdb = None


def visits(number):
    rng = np.random.default_rng(7)
    people, places = number // 42, number // 400
    weight = np.arange(1, places + 1) ** -0.7
    person = rng.integers(0, people, number).astype(np.uint32)  # each narrowed at once: memory
    place = np.searchsorted(np.cumsum(weight) / weight.sum(), rng.random(number)).astype(np.uint32)
    np.minimum(place, places - 1, out=place)
    enter = rng.integers(0, 14 * 1440, number).astype(np.int32)
    stay = np.clip(rng.lognormal(np.log(45), 0.9, number), 3, 600).astype(np.int32)
    stay += enter
    return [person, place, enter, stay]


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


def by_duckdb(visits, cases):  # noqa: ARG001 - the query names it
    chosen = ",".join(str(case) for case in cases)
    return duckdb.sql(
        "select count(*) from visits as v join visits as c using (place)"
        f" where c.person in ({chosen}) and v.person <> c.person"
        " and least(v.leave, c.leave) - greatest(v.enter, c.enter) >= 10"
    ).fetchall()[0][0]


def best(call, times):
    return min((timed(call) for _ in range(times)), key=lambda each: each[1])


def main():
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000
    columns = visits(number)
    cases = np.random.default_rng(99).choice(number // 42, 100, replace=False)
    index_visits(*(column[:1_000_000] for column in columns), overlaps="keep")  # compile
    run, wall, cpu = timed(lambda: index_visits(*columns, overlaps="keep"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{number:,} visits: index in {wall:.2f} s ({cpu:.2f} CPU-s), {peak:.2f} GiB at most")
    with tempfile.TemporaryDirectory() as folder:
        save_index(run, Path(folder))
        del run
        store = VisitStore((load_index(Path(folder)),))

        def ask():
            return meetings(store, visits_of(store, cases), least_minutes=10)

        ask()
        found, wall, own = best(ask, 9)
        people, _, rolled = best(lambda: exposures(found), 3)
    print(
        f"index query: {found.exposed.size:,} pairs in {wall * 1e3:.1f} ms ({own * 1e3:.1f} CPU);"
        f" {people.person.size:,} persons in {rolled * 1e3:.0f} ms of CPU more"
    )
    for name, peer, call in (("polars", pl, by_polars), ("duckdb", duckdb, by_duckdb)):
        if peer is None:
            print(f"{name} is not installed: no comparison")
            continue
        table = dict(zip(("person", "place", "enter", "leave"), columns, strict=True))
        data = pl.DataFrame(table) if name == "polars" else table
        call(data, cases)
        pairs, slow, cpu = best(lambda call=call, data=data: call(data, cases), 3)
        print(
            f"{name}: {pairs:,} pairs in {slow * 1e3:.0f} ms ({cpu * 1e3:.0f} CPU), {cpu / own:.0f}"
            " times the CPU"
        )


if __name__ == "__main__":
    main()
