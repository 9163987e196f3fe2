"""The same answers from a real scheduler with two worker processes, even when one is killed."""

import os
from dataclasses import fields
from functools import partial

import numpy as np
import pytest

from bihuan_analytics import NumericsError
from bihuan_analytics.cluster import (
    detect_in_batches,
    meetings_in_shards,
    on_cluster,
    save_shards,
    shards_in,
    simulate_in_batches,
)
from bihuan_analytics.contacts import (
    VisitStore,
    checked_visits,
    index_visits,
    meetings,
    visits_of,
)
from bihuan_analytics.early_warning import farrington_flexible
from bihuan_analytics.scenario import Disease, Measures, Province, Start, plan_front
from tests.analytics.scenario.policy_problem import PROBLEM

distributed = pytest.importorskip("distributed")

PROVINCE = Province(people=[[50_000.0], [20_000.0]], mobility=[[0.95, 0.05], [0.1, 0.9]])
DISEASE = Disease(2.2, 3.0, 5.0, severe=0.02, critical=0.2, icu_death=0.3)
START = Start([10, 0], days=40, runs=30)


@pytest.fixture(scope="module")
def client():
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as asked,
    ):
        yield asked


def ensemble(run, seed=1):
    return simulate_in_batches(
        PROVINCE,
        DISEASE,
        Measures(detection=0.1),
        START,
        rng=np.random.default_rng(seed),
        batch=7,
        run=run,
    )


def visits():
    rng = np.random.default_rng(2)
    enter = rng.integers(0, 14 * 1440, 4_000)
    return checked_visits(
        rng.integers(0, 200, 4_000),
        rng.integers(0, 60, 4_000),
        enter,
        enter + rng.integers(5, 300, 4_000),
    )


def counts():
    return np.random.default_rng(3).poisson(5, (40, 330))


DATES = np.datetime64("2015-01-05") + 7 * np.arange(330)


def same(one, other):
    for field in fields(one):
        ours, theirs = getattr(one, field.name), getattr(other, field.name)
        if hasattr(ours, "__dataclass_fields__"):
            same(ours, theirs)
        else:
            np.testing.assert_array_equal(ours, theirs)


def test_an_ensemble_is_the_same_in_this_process_and_on_two_workers(client):
    found = ensemble(on_cluster(client))
    same(found, ensemble(map))
    assert found.infections.shape == (30, 40, 2)
    assert (found.infections != ensemble(map, seed=2).infections).any()


def test_one_worker_gives_what_two_give(client):
    first = next(iter(client.scheduler_info(n_workers=-1)["workers"]))

    class OneWorker:
        def map(self, work, tasks, *, pure):
            return client.map(work, tasks, pure=pure, workers=[first])

    same(ensemble(on_cluster(OneWorker())), ensemble(on_cluster(client)))


def test_the_work_of_a_killed_worker_is_done_again(client, tmp_path):
    def dying_once(work, mark):
        def work_or_die(task):
            if task[0] == 2 and not mark.exists():  # the last batch of 30 by 7 has two runs
                mark.touch()
                os.kill(os.getpid(), 9)
            return work(task)

        return work_or_die

    before = set(client.scheduler_info(n_workers=-1)["workers"])
    mark = tmp_path / "killed"
    found = ensemble(lambda work, tasks: on_cluster(client)(dying_once(work, mark), tasks))
    assert mark.exists()
    same(found, ensemble(map))
    client.wait_for_workers(2, timeout=30)
    assert set(client.scheduler_info(n_workers=-1)["workers"]) != before


def test_detection_over_the_nation_is_that_of_one_call(client):
    whole = farrington_flexible(counts(), DATES, judge=[-2, -1])
    for run, batch in ((on_cluster(client), 9), (map, 40)):
        same(detect_in_batches(counts(), DATES, judge=[-2, -1], batch=batch, run=run), whole)


def test_a_policy_search_finds_the_same_front(client):
    search = partial(plan_front, PROBLEM, runs=4, most_tried=300, trades=((1, 1, 1), (3, 1, 1)))
    here = search(rng=np.random.default_rng(4))
    there = search(rng=np.random.default_rng(4), run=on_cluster(client))
    assert here.names == there.names
    np.testing.assert_array_equal(here.policies, there.policies)
    np.testing.assert_array_equal(here.overload, there.overload)


def test_shards_by_place_find_who_one_index_finds(client, tmp_path):
    everything = visits()
    save_shards(everything, tmp_path, shards=5, run=on_cluster(client))
    assert shards_in(tmp_path) == 5
    cases = np.arange(8)
    found = meetings_in_shards(tmp_path, cases, least_minutes=10, run=on_cluster(client))
    store = VisitStore(
        (
            index_visits(
                *(getattr(everything, name) for name in ("person", "place", "enter", "leave")),
                overlaps="keep",
            ),
        )
    )
    whole = meetings(store, visits_of(store, cases), least_minutes=10)
    order = np.lexsort((whole.start, whole.place, whole.exposed, whole.source))
    assert found.exposed.size == whole.exposed.size > 50
    for name in ("exposed", "source", "place", "start"):
        np.testing.assert_array_equal(getattr(found, name), getattr(whole, name)[order])
    np.testing.assert_array_equal(np.sort(found.minutes), np.sort(whole.minutes))


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (shards_in, "index.incomplete"),
        (lambda folder: meetings_in_shards(folder, [1], least_minutes=0), "argument.too_small"),
        (lambda folder: meetings_in_shards(folder, [1.5], least_minutes=5), "array.not_whole"),
        (lambda folder: save_shards(visits(), folder, shards=0), "argument.too_small"),
        (
            lambda folder: detect_in_batches([[1, 2]], DATES[:2], judge=[-1], batch=0),
            "argument.too_small",
        ),
        (
            lambda folder: detect_in_batches([[1, -2]], DATES[:2], judge=[-1]),
            "array.negative",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, code, tmp_path):
    with pytest.raises(NumericsError) as refusal:
        call(tmp_path)
    assert refusal.value.code == code
