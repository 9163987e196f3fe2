"""What the machine does by itself: named, safe to repeat, and given back when a worker dies."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from procrastinate import testing
from procrastinate.contrib.django import app

from bihuan.jobs import schedule


def test_every_periodic_job_waits_at_most_once():
    periodic = app.periodic_registry.periodic_tasks.values()
    ours = {one.task.name: one for one in periodic if not one.task.name.startswith("builtin")}
    assert set(ours) == {
        "care.clocks", "checks.owe", "clocks.tick", "clusters.open", "directives.figures", "jobs.recover",
        "events.close", "line.deliver", "morning.figures", "nightly.check", "nightly.forget", "nightly.tidy",
        "periods.turn", "places.fold", "questions.expire", "rounds.owe", "screening.assign", "sensing.detect", "sentinels.ask",
        "spills.watch", "weekly.attention",
    }  # fmt: skip
    assert all(one.task.queueing_lock == name for name, one in ours.items())
    assert all(one.task.lock is None for one in ours.values())  # a dead job must not hold others


@pytest.mark.django_db
@pytest.mark.parametrize(
    "job",
    [
        schedule.tick_clocks,
        schedule.check_nightly,
        schedule.tidy_nightly,
        schedule.detect_signals,
        schedule.forget_nightly,
        schedule.assign_screening,
        schedule.close_events,
        schedule.ask_sentinels,
        schedule.owe_checks,
        schedule.owe_rounds,
        schedule.turn_periods,
        schedule.watch_spills,
    ],
)
def test_a_job_may_run_twice(job):
    job(timestamp=0)
    job(timestamp=0)


def test_the_jobs_of_a_dead_worker_are_given_back():
    memory = testing.InMemoryConnector()
    with app.replace_connector(memory):

        async def story() -> int:
            worker = await app.job_manager.register_worker()
            await schedule.tick_clocks.defer_async(timestamp=0)
            job = await app.job_manager.fetch_job(queues=None, worker_id=worker)
            assert job is not None
            memory.workers[worker] = memory.workers[worker].replace(year=2000)
            return await schedule.retry_stalled()

        # A thread of its own: a browser test that ran before may have left its loop running here.
        with ThreadPoolExecutor(1) as thread:
            assert thread.submit(asyncio.run, story()).result() == 1
    (job,) = memory.jobs.values()
    assert job["status"] == "todo"
