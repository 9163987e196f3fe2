"""Our keys, the installations we have agreements with, and messages on their way to them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from django.db.models import F

from bihuan.core.audit.services import record
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound, Refused
from bihuan.core.orgs.types import Actor
from bihuan.epidemic.models import OutMessage, Peer, SiteKey
from bihuan.epidemic.rules import envelopes

CODE = 12  # signs of the first public key that name an installation
NONCE = b"\0" * 12  # one text for each key
LONGEST_WAIT = timedelta(hours=1)
Post = Callable[[str, dict[str, Any]], dict[str, Any]]  # address, envelope → acknowledgement


@dataclass(frozen=True, slots=True)
class NewPeer:
    """Another installation: its invitation, and the agreement that lets it in."""

    invitation: str
    title: str
    address: str
    agreement: str


def _lock_of(public: str) -> AESGCM:
    derived = HKDF(SHA256(), 32, salt=None, info=b"bihuan.peers." + public.encode())
    return AESGCM(derived.derive(settings.VAULT_KEY.encode()))


@transaction.atomic
def site_key(at: datetime) -> SiteKey:
    """The key in use, made at first."""
    held = SiteKey.objects.filter(ends_at=None).first()
    return held or _new_key(at)


def _new_key(at: datetime) -> SiteKey:
    signing, box = envelopes.new_pair()
    public, opener = envelopes.public_of(signing, box)
    private = _lock_of(public).encrypt(NONCE, signing + box, b"")
    return SiteKey.objects.create(public=public, box=opener, private=private, starts_at=at)


def secrets_of(key: SiteKey) -> tuple[bytes, bytes]:
    """Both secrets of a key. Raises Conflict("peer.key_lost")."""
    try:
        held = _lock_of(key.public).decrypt(NONCE, bytes(key.private), b"")
    except InvalidTag as fault:
        raise Conflict("peer.key_lost") from fault
    return held[:32], held[32:]


def site_code(at: datetime) -> str:
    """How this installation names itself: it outlives a change of key."""
    site_key(at)
    first = SiteKey.objects.order_by("pk")[0]
    return first.public[:CODE].upper()


def invitation(at: datetime) -> str:
    """What another installation needs to know of us."""
    key = site_key(at)
    return json.dumps({"code": site_code(at), "public": key.public, "box": key.box})


@transaction.atomic
def add_peer(*, given: NewPeer, by: Actor, at: datetime) -> Peer:
    """Enter another installation. Nothing is sent or taken until a second person confirmed it.

    Raises NotAllowed, Invalid("peer.…"), Conflict("peer.known").
    """
    if not by.has("peer.manage"):
        raise NotAllowed("not_allowed", duty="peer.manage")
    try:
        said = json.loads(given.invitation)
        code, public, box = (str(said[name]) for name in ("code", "public", "box"))
        whole = (len(code), len(bytes.fromhex(public)), len(bytes.fromhex(box))) == (CODE, 32, 32)
    except (ValueError, KeyError, TypeError) as fault:
        raise Invalid("peer.invitation", field="invitation") from fault
    if not whole or code == site_code(at):
        raise Invalid("peer.invitation", field="invitation")
    if len(given.agreement.strip()) < 2:
        raise Invalid("peer.agreement", field="agreement")
    if Peer.objects.filter(code=code).exists():
        raise Conflict("peer.known", code=code)
    row = Peer.objects.create(
        code=code, title=given.title.strip(), address=given.address,
        agreement=given.agreement.strip(), public=public, box=box, added_at=at,
        added_by_id=by.person_id,
    )  # fmt: skip
    record(action="peer.add", subject=f"peer:{row.pk}", by=by, at=at, facts={"code": code})
    return row


def _fetch(peer_id: int, by: Actor) -> Peer:
    if not by.has("peer.manage"):
        raise NotAllowed("not_allowed", duty="peer.manage")
    row = Peer.objects.select_for_update().filter(pk=peer_id).first()
    if row is None:
        raise NotFound("peer.not_found", id=peer_id)
    return row


@transaction.atomic
def confirm_peer(*, peer_id: int, by: Actor, at: datetime) -> Peer:
    """The second person, who compared the fingerprint by telephone. Locks the peer.

    Raises NotAllowed, NotFound, Conflict("peer.confirmed"), MoveBlocked("peer.same_person").
    """
    row = _fetch(peer_id, by)
    if row.confirmed_at is not None and row.suspended_at is None:
        raise Conflict("peer.confirmed")
    if row.added_by_id == by.person_id:
        raise MoveBlocked("peer.same_person")
    row.confirmed_at, row.confirmed_by_id, row.suspended_at = at, by.person_id, None
    row.save(update_fields=["confirmed_at", "confirmed_by_id", "suspended_at"])
    record(action="peer.confirm", subject=f"peer:{row.pk}", by=by, at=at, after="active")
    return row


@transaction.atomic
def suspend_peer(*, peer_id: int, by: Actor, at: datetime) -> Peer:
    """Send it nothing and take nothing from it, at once. Raises NotAllowed, NotFound."""
    row = _fetch(peer_id, by)
    row.suspended_at = at
    row.save(update_fields=["suspended_at"])
    record(action="peer.suspend", subject=f"peer:{row.pk}", by=by, at=at, after="suspended")
    return row


@transaction.atomic
def change_key(*, by: Actor, at: datetime) -> SiteKey:
    """Take a new key; the old one tells every peer which. Raises NotAllowed."""
    if not by.has("peer.manage"):
        raise NotAllowed("not_allowed", duty="peer.manage")
    old = SiteKey.objects.select_for_update().get(pk=site_key(at).pk)
    SiteKey.objects.filter(pk=old.pk).update(ends_at=at)
    new = _new_key(at)
    for peer in active_peers():
        send(peer=peer, kind="key", body={"public": new.public, "box": new.box}, at=at, key=old)
    record(action="peer.change_key", subject=f"sitekey:{new.pk}", by=by, at=at)
    return new


def active_peers() -> list[Peer]:
    """Installations we speak with. One query."""
    rows = Peer.objects.exclude(confirmed_at=None).filter(suspended_at=None)
    return list(rows.order_by("code"))


@transaction.atomic
def send(
    *, peer: Peer, kind: str, body: dict[str, Any], at: datetime, key: SiteKey | None = None
) -> OutMessage:
    """Put a message on its way: numbered, signed now, sent until it is acknowledged. Locks the peer."""
    Peer.objects.filter(pk=peer.pk).update(sent=F("sent") + 1)
    seq = Peer.objects.values_list("sent", flat=True).get(pk=peer.pk)
    used = key or site_key(at)
    said = {"from": site_code(at), "to": peer.code, "seq": seq, "kind": kind,
            "key": used.public, "at": at.isoformat(), "body": body}  # fmt: skip
    return OutMessage.objects.create(
        peer=peer, seq=seq, kind=kind, envelope=envelopes.signed(said, secrets_of(used)[0]), at=at,
        next_at=at,
    )  # fmt: skip


def deliver(*, at: datetime, post: Post) -> int:
    """Send what waits, in order for each peer; how many were acknowledged. Safe to repeat."""
    return sum(_deliver_to(peer, at, post) for peer in active_peers())


def _deliver_to(peer: Peer, at: datetime, post: Post) -> int:
    rows = OutMessage.objects.filter(peer=peer, acknowledged_at=None).order_by("seq")
    done = 0
    for row in rows:
        if row.next_at > at or not _sent(row, at, post):
            break
        done += 1
    return done


def _sent(row: OutMessage, at: datetime, post: Post) -> bool:
    """Whether the peer acknowledged the message; otherwise it is tried again, later each time."""
    try:
        ack = post(row.peer.address, row.envelope)
    except (OSError, ValueError, Refused):
        ack = {}
    current = Peer.objects.get(pk=row.peer_id)  # its key may have changed meanwhile
    good = envelopes.verifies(ack, current.public)
    if good and isinstance(ack.get("ack"), int) and ack["ack"] >= row.seq:
        OutMessage.objects.filter(pk=row.pk).update(acknowledged_at=at, tries=F("tries") + 1)
        return True
    wait = min(timedelta(minutes=2 ** min(row.tries, 6)), LONGEST_WAIT)
    OutMessage.objects.filter(pk=row.pk).update(tries=F("tries") + 1, next_at=at + wait)
    return False


def fingerprint(at: datetime) -> str:
    """Our key as it is read out over the telephone."""
    return Peer(public=site_key(at).public).fingerprint
