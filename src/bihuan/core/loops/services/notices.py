"""News that a post has taken note of."""

from datetime import datetime

from django.db import transaction

from bihuan.core.loops.models import Notice
from bihuan.core.orgs.types import Actor


@transaction.atomic
def read_notices(*, newest_id: int, by: Actor, at: datetime) -> int:
    """Mark the post's news up to and including `newest_id` as read; how many were not yet."""
    unread = Notice.objects.filter(post=by.post_id, pk__lte=newest_id, read_at__isnull=True)
    return unread.update(read_at=at)
