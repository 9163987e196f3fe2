"""The installations at the other end of the line."""

from django.db.models import Count, Q

from bihuan.epidemic.models import Peer


def peer_rows() -> list[Peer]:
    """Every peer with the number of messages that wait for it (`waiting`). One query."""
    waiting = Count("outbox", filter=Q(outbox__acknowledged_at=None))
    return list(Peer.objects.annotate(waiting=waiting).order_by("title"))
