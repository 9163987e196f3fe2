"""Reports from the public, as whoever answers them sees them: never who sent them."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F

from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.safety.models import Establishment, Tip


def place_of_token(token: str) -> str:
    """What the establishment with a QR code is called; "" for a code that leads nowhere.

    One query.
    """
    try:
        key = UUID(token)
    except ValueError:
        return ""
    names = Establishment.objects.filter(token=key, closed_at=None)
    return names.values_list("venue__name", flat=True).first() or ""


def tips(*, by: Actor, size: int = 100) -> Sequence[Tip]:
    """Reports whose tasks the post may see, those without answer first. One query."""
    seen = Obligation.objects.filter(sight(by), origin="tip")
    rows = Tip.objects.filter(task__in=seen).select_related("task__place", "establishment__venue")
    return list(rows.order_by(F("answered_at").asc(nulls_first=True), "-pk")[:size])
