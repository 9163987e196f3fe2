"""What the product itself looks for in the files of cases, every few minutes."""

from datetime import datetime

from bihuan.core.audit.services import SYSTEM
from bihuan.epidemic.analysis.chains import clusters_of
from bihuan.epidemic.models import Event
from bihuan.epidemic.services.clusters import Found, open_missing


def open_clusters(*, at: datetime) -> int:
    """Open a file for every cluster of an open event that has none (M058); how many. Repeatable."""
    opened = 0
    events = Event.objects.filter(closed_at=None, cases__places__isnull=False).distinct()
    for event in events.select_related("place").order_by("pk"):
        found = clusters_of(event=event, by=SYSTEM, at=at)
        opened += open_missing(event=event, found=[Found(c.place, c.first) for c in found], at=at)
    return opened
