"""Devices of the field app: whose they are, and whether they may still be served."""

import hashlib
from collections.abc import Sequence

from django.db.models import Q

from bihuan.core.errors import NotAllowed, NotFound
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import within
from bihuan.safety.models import Device


def digest_of(token: str) -> str:
    """How a device's token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def device_of(token: str) -> Device | None:
    """The device behind a token, revoked or not. One query."""
    if not token:
        return None
    rows = Device.objects.select_related("account__person", "post")
    return rows.filter(digest=digest_of(token)).first()


def serving(token: str, *, by: Actor) -> Device:
    """The device that sends, in the hands of its own account.

    Raises NotAllowed("field.no_device" | "field.revoked" | "field.others").
    """
    device = device_of(token)
    if device is None:
        raise NotAllowed("field.no_device")
    if device.revoked_at is not None:
        raise NotAllowed("field.revoked")
    if device.account_id != by.account_id:
        raise NotAllowed("field.others", name=device.account.username)
    return device


def _known(by: Actor) -> Q:
    own = Q(account=by.account_id)
    return own | Q(within("scope", by.scope)) if by.has("people.manage") else own


def devices(*, by: Actor, size: int = 100) -> Sequence[Device]:
    """One's own devices; whoever keeps the people also those of the area. One query."""
    rows = Device.objects.filter(_known(by)).select_related("account__person", "post__org")
    return list(rows.order_by("-pk")[:size])


def fetch_device(*, device_id: int, by: Actor) -> Device:
    """The one door to a device, locked. Raises NotFound("field.device_not_found")."""
    rows = Device.objects.select_for_update(of=("self",)).filter(_known(by), pk=device_id)
    row = rows.first()
    if row is None:
        raise NotFound("field.device_not_found", id=device_id)
    return row
