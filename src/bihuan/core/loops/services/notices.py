"""Notices are read by the post they went to."""

from datetime import datetime

from bihuan.core.loops.models import Notice
from bihuan.core.orgs.types import Actor


def read_notices(*, by: Actor, at: datetime, notice_id: int | None = None) -> int:
    """Mark one notice of the post, or all it has by `at`, as read; how many were new."""
    rows = Notice.objects.filter(post=by.post_id, read_at=None, at__lte=at)
    if notice_id is not None:
        rows = rows.filter(pk=notice_id)
    return rows.update(read_at=at)
