"""What peers send: checked, taken in its order and once, acknowledged with our signature."""

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from bihuan.core.audit.services import SYSTEM, record
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from bihuan.epidemic.models import InMessage, Peer
from bihuan.epidemic.rules import envelopes
from bihuan.epidemic.services import questions, spilled, transfers
from bihuan.epidemic.services.peers import secrets_of, site_code, site_key

log = logging.getLogger("bihuan.line")
PARTS = {"from": str, "to": str, "seq": int, "kind": str, "key": str, "body": dict,
         "signature": str}  # fmt: skip


def _take_key(peer: Peer, body: dict[str, Any], at: datetime) -> None:
    """The old key said which is the new one."""
    public, box = str(body["public"]), str(body["box"])
    if len(bytes.fromhex(public)) != 32 or len(bytes.fromhex(box)) != 32:
        raise Invalid("line.malformed", part="key")
    peer.public, peer.box = public, box
    record(action="peer.new_key", subject=f"peer:{peer.pk}", by=SYSTEM, at=at,
           facts={"fingerprint": peer.fingerprint})  # fmt: skip


KINDS: dict[str, Callable[[Peer, dict[str, Any], datetime], None]] = {
    "key": _take_key,
    "ask": questions.take_ask,
    "answer": questions.take_answer,
    "offer": transfers.take_offer,
    "accept": transfers.take_accept,
    "decline": transfers.take_decline,
    "release": transfers.take_release,
    "spill": spilled.take_spill,
    "spill_ack": spilled.take_ack,
    "spill_case": spilled.take_case,
}


@transaction.atomic
def receive(*, envelope: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Take a message; the acknowledgement names the last one taken. Locks the peer.

    A repeat changes nothing, a message ahead of its turn waits at the sender. Raises
    Invalid("line.malformed"), NotFound("line.unknown"), NotAllowed("line.signature"),
    Conflict("line.changed") for another content under a number already taken.
    """
    for name, kind in PARTS.items():
        if not isinstance(envelope.get(name), kind):
            raise Invalid("line.malformed", part=name)
    rows = Peer.objects.select_for_update().exclude(confirmed_at=None)
    peer = rows.filter(code=envelope["from"], suspended_at=None).first()
    if peer is None or envelope["to"] != site_code(at):
        raise NotFound("line.unknown")
    digest = hashlib.sha256(envelopes.canonical(envelope)).hexdigest()
    if 0 < envelope["seq"] <= peer.taken:
        if not InMessage.objects.filter(peer=peer, seq=envelope["seq"], digest=digest).exists():
            raise Conflict("line.changed", seq=envelope["seq"])
        return _acknowledged(peer, at)
    if envelope["key"] != peer.public or not envelopes.verifies(envelope, peer.public):
        raise NotAllowed("line.signature")
    if envelope["seq"] == peer.taken + 1:
        _apply(peer, envelope, digest, at)
    return _acknowledged(peer, at)


def _apply(peer: Peer, envelope: dict[str, Any], digest: str, at: datetime) -> None:
    """One message in its turn. What we must refuse is taken all the same: the line goes on."""
    kind = envelope["kind"]
    try:
        with transaction.atomic():
            if kind not in KINDS:
                raise Invalid("line.malformed", part="kind")
            KINDS[kind](peer, envelope["body"], at)
    except (Refused, KeyError, TypeError, ValueError) as fault:
        log.warning("message %s %d of %s refused: %s", kind, envelope["seq"], peer.code, fault)
        record(action="line.refuse", subject=f"peer:{peer.pk}", by=SYSTEM, at=at,
               facts={"kind": kind, "seq": envelope["seq"], "why": type(fault).__name__})  # fmt: skip
    peer.taken = envelope["seq"]
    peer.save(update_fields=["taken", "public", "box"])
    InMessage.objects.create(
        peer=peer, seq=envelope["seq"], kind=kind[:12], digest=digest, applied_at=at
    )


def _acknowledged(peer: Peer, at: datetime) -> dict[str, Any]:
    key = site_key(at)
    said = {"from": site_code(at), "to": peer.code, "ack": peer.taken, "key": key.public}
    return envelopes.signed(said, secrets_of(key)[0])
