"""Restarts and conversions that were asked for."""

from collections.abc import Sequence

from bihuan.core.errors import NotFound
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.safety.models import Permit


def fetch_permit(*, permit_id: int, by: Actor, lock: bool = False) -> Permit:
    """The one door to a permit. Raises NotFound("permit.not_found")."""
    rows = Permit.objects.select_related("establishment__venue__place")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(sight(by), pk=permit_id).first()
    if row is None:
        raise NotFound("permit.not_found", id=permit_id)
    return row


def permits(*, establishment_id: int) -> Sequence[Permit]:
    """The permits of an establishment the caller has seen, the newest first. One query."""
    return list(Permit.objects.filter(establishment=establishment_id).order_by("-pk"))
