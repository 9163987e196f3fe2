"""The worker process: jobs from the queue; beside them the outbox sender and the sensor watch."""

import asyncio
import logging
import os
import threading
from collections.abc import Callable

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from bihuan.jobs import outbox, sensors
from bihuan.jobs.schedule import retry_stalled

log = logging.getLogger("bihuan.worker")

GRACE = 8.0  # seconds for running jobs to end after a signal
FAILED = 70


def run() -> None:
    """Work until SIGINT or SIGTERM; then finish what is at hand."""
    stop = threading.Event()
    beside = [
        threading.Thread(target=_keep, args=(task, stop), name=name)
        for name, task in (("outbox", outbox.send_until), ("sensors", sensors.watch_until))
    ]
    for thread in beside:
        thread.start()
    try:
        assert isinstance(app.connector, DjangoConnector)
        with app.replace_connector(app.connector.get_worker_connector()):
            asyncio.run(_work())
    finally:
        stop.set()
        for thread in beside:
            thread.join()
        connection.close()


async def _work() -> None:
    async with app.open_async():
        await retry_stalled()
        await app.run_worker_async(
            concurrency=2, delete_jobs="successful", shutdown_graceful_timeout=GRACE
        )


def _keep(task: Callable[[threading.Event], None], stop: threading.Event) -> None:
    """A task that fails takes the process with it, for the supervisor to start anew."""
    try:
        task(stop)
    except Exception:
        log.exception("%s failed", threading.current_thread().name)
        os._exit(FAILED)
