"""Enrol a device for the field app, hand it the key of its store, revoke a lost one."""

import secrets
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.crypto import salted_hmac

from bihuan.core.audit.services import record
from bihuan.core.errors import Conflict, Invalid
from bihuan.core.orgs.types import Actor
from bihuan.safety.models import Device
from bihuan.safety.selectors.devices import digest_of, fetch_device, serving

SALT = "bihuan.field"


@transaction.atomic
def enrol_device(*, name: str, session: str, by: Actor, at: datetime) -> tuple[Device, str]:
    """Enrol the browser the actor holds; the second value is its token, shown this once.

    Raises Invalid("field.name").
    """
    if not name.strip():
        raise Invalid("field.name", field="name")
    token = secrets.token_urlsafe(32)
    row = Device.objects.create(
        account_id=by.account_id, post_id=by.post_id, scope=by.scope, name=name.strip()[:80],
        digest=digest_of(token), session=session[:40], enrolled_at=at, seen_at=at,
    )  # fmt: skip
    record(action="device.enrol", subject=f"device:{row.pk}", by=by, at=at, scope=row.scope,
           facts={"name": row.name})  # fmt: skip
    return row, token


@transaction.atomic
def unlock_device(*, token: str, session: str, by: Actor, at: datetime) -> tuple[Device, bytes]:
    """The key of the device's store, for its own account alone; never again once revoked.

    Raises NotAllowed("field.…").
    """
    row = serving(token, by=by)
    row.seen_at, row.session, row.post_id = at, session[:40], by.post_id
    row.save(update_fields=["seen_at", "session", "post"])
    return row, salted_hmac(SALT, str(row.seed), algorithm="sha256").digest()


@transaction.atomic
def revoke_device(*, device_id: int, by: Actor, at: datetime) -> Device:
    """Revoke a lost device: its session ends, its seed goes, and with it the key of its store.

    It empties itself at its next contact. Locks the device. Raises NotFound,
    Conflict("field.device_revoked").
    """
    row = fetch_device(device_id=device_id, by=by)
    if row.revoked_at is not None:
        raise Conflict("field.device_revoked", name=row.name)
    if row.session:
        Session.objects.filter(session_key=row.session).delete()
    row.revoked_at, row.revoked_by, row.seed, row.session = at, by.name, None, ""
    row.save(update_fields=["revoked_at", "revoked_by", "seed", "session"])
    record(action="device.revoke", subject=f"device:{row.pk}", by=by, at=at, scope=row.scope,
           facts={"name": row.name})  # fmt: skip
    return row
