"""The worker process: jobs from the queue, and the outbox sender beside them."""

import asyncio
import os
import threading

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from bihuan.jobs import outbox
from bihuan.jobs.schedule import retry_stalled

GRACE = 8.0  # seconds for running jobs to end after a signal
FAILED = 70


def run() -> None:
    """Work until SIGINT or SIGTERM; then finish what is at hand."""
    stop = threading.Event()
    sender = threading.Thread(target=_send, args=(stop,), name="outbox")
    sender.start()
    try:
        assert isinstance(app.connector, DjangoConnector)
        with app.replace_connector(app.connector.get_worker_connector()):
            asyncio.run(_work())
    finally:
        stop.set()
        sender.join()
        connection.close()


async def _work() -> None:
    async with app.open_async():
        await retry_stalled()
        await app.run_worker_async(
            concurrency=2, delete_jobs="successful", shutdown_graceful_timeout=GRACE
        )


def _send(stop: threading.Event) -> None:
    """A sender that fails takes the process with it, for the supervisor to start anew."""
    try:
        outbox.send_until(stop)
    except Exception:  # noqa: BLE001 - logged, and the process ends
        outbox.log.exception("the outbox sender failed")
        os._exit(FAILED)
