"""Read and write an uploaded table within a request, or hand a large one to the worker."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from bihuan.core.errors import Invalid
from bihuan.core.orgs.types import Actor
from bihuan.safety.services.importing import (
    Outcome,
    confirm_import,
    fetch_upload,
    import_rows,
    outcome_of,
    preview_import,
)

AT_ONCE = 1_000_000  # bytes that a request reads and writes itself; more are the worker's


def read_or_hand_over(*, upload_id: int, by: Actor, at: datetime) -> Outcome | None:
    """The preview; None while the worker reads. Raises NotFound, Invalid("table.…")."""
    upload = fetch_upload(upload_id=upload_id, by=by)
    if upload.fault:
        raise Invalid(upload.fault, file=upload.file_name, limit="")
    if upload.read_at is not None:
        return outcome_of(upload)
    if upload.size <= AT_ONCE:
        return preview_import(upload_id=upload_id, by=by, at=at)
    _hand_over("uploads.read", upload_id, by)
    return None


def write_or_hand_over(*, upload_id: int, by: Actor, at: datetime) -> Outcome | None:
    """What was written; None when the worker writes. Raises NotFound, Conflict."""
    if fetch_upload(upload_id=upload_id, by=by).size <= AT_ONCE:
        return import_rows(upload_id=upload_id, by=by, at=at)
    confirm_import(upload_id=upload_id, by=by, at=at)
    _hand_over("uploads.write", upload_id, by)
    return None


def _hand_over(task: str, upload_id: int, by: Actor) -> None:
    """At most one job waits for a file; a job that was cut short is run again."""
    lock = f"upload:{upload_id}"
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(task, lock=lock, queueing_lock=lock).defer(
            upload_id=upload_id, account_id=by.account_id, post_id=by.post_id
        )
