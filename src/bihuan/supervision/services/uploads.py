"""Keep an uploaded table between its preview and its act."""

import hashlib
from datetime import datetime
from typing import Any

from django.db.models import Q

from bihuan.core.errors import Conflict, NotFound
from bihuan.core.evidence.rules import safe_name
from bihuan.core.evidence.tables import read_tables
from bihuan.core.orgs.types import Actor
from bihuan.supervision.models import Upload


def stage(
    *, kind: str, file_name: str, data: bytes, given: dict[str, Any], by: Actor, at: datetime
) -> Upload:
    """Keep a table that can be read. Raises Invalid("table.…") for one that cannot."""
    read_tables(data, safe_name(file_name))
    return Upload.objects.create(
        kind=kind, given=given, post_id=by.post_id, org_id=by.org_id, scope=by.scope,
        file_name=safe_name(file_name), sha256=hashlib.sha256(data).hexdigest(), data=data,
        created_at=at,
    )  # fmt: skip


def fetch_upload(*, upload_id: int, kind: str, by: Actor, lock: bool = False) -> Upload:
    """The one door to an upload: whoever uploaded it. Raises NotFound("upload.not_found")."""
    rows = Upload.objects.select_for_update() if lock else Upload.objects.all()
    row = rows.filter(pk=upload_id, kind=kind, post_id=by.post_id).first()
    if row is None:
        raise NotFound("upload.not_found", id=upload_id)
    return row


def finish(upload: Upload, *, at: datetime) -> None:
    """Mark an upload as acted on.

    Raises Conflict("upload.acted") the second time, and for a file that was acted on before.
    The three lists are compared row by row, so the same file may come again.
    """
    twins = Upload.objects.filter(acted_at__isnull=False, org_id=upload.org_id, kind=upload.kind)
    again = Q(pk=upload.pk) if upload.kind == "lists" else Q(sha256=upload.sha256)
    twin = twins.filter(again).first()
    if twin is not None:
        raise Conflict("upload.acted", file=twin.file_name, on=f"{twin.acted_at:%F}")
    Upload.objects.filter(pk=upload.pk).update(acted_at=at)
    upload.acted_at = at
