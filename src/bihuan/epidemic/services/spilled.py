"""Notices outward on the line: what peers tell us, and what they answer. Counts and times alone."""

from datetime import date, datetime
from typing import Any

from bihuan.core.audit.services import SYSTEM, record
from bihuan.core.errors import Conflict, Invalid
from bihuan.epidemic.models import ExportedCase, Peer, Spill
from bihuan.epidemic.services import sealing


def take_spill(peer: Peer, body: dict[str, Any], at: datetime) -> None:
    """A peer tells that exposed people came here, or that there are more. Raises Invalid."""
    place = sealing.place_of(str(body["place"]))
    exposed = int(body["exposed"])
    detected = datetime.fromisoformat(body["detected"])
    if not 0 <= exposed < 1_000_000 or detected > at:
        raise Invalid("spill.exposed", field="exposed")
    said = {
        "title": str(body["title"])[:120], "disease": str(body["disease"])[:24],
        "exposed": exposed, "told": exposed, "told_at": at, "advice": str(body["advice"])[:200],
        "last_exposure": date.fromisoformat(body["last"]) if body["last"] else None,
    }  # fmt: skip
    row, fresh = Spill.objects.update_or_create(
        peer=peer, incoming=True, wire=str(body["number"])[:40], defaults=said,
        create_defaults={
            **said, "place": place, "scope": place.path, "detected_at": detected,
            "due_at": datetime.fromisoformat(body["due"]), "due_rule": str(body["rule"])[:120],
            "sender": f"{peer.title}:{body['from']}"[:200], "sent_at": at,
            "sent_by": f"{peer.title}:{body['by']}"[:200],
        },
    )  # fmt: skip
    record(action="spill.take", subject=f"spill:{row.pk}", by=SYSTEM, at=at, scope=row.scope,
           after="sent" if fresh else "more", facts={"peer": peer.code})  # fmt: skip


def _ours(peer: Peer, body: dict[str, Any]) -> Spill:
    rows = Spill.objects.select_for_update().filter(peer=peer, incoming=False)
    row = rows.filter(wire=str(body["number"])).first()
    if row is None or row.sent_at is None:
        raise Conflict("spill.not_sent", number=str(body["number"])[:40])
    return row


def take_ack(peer: Peer, body: dict[str, Any], at: datetime) -> None:
    """The peer signed for a notice of ours. Raises Conflict("spill.not_sent")."""
    row = _ours(peer, body)
    assert row.told_at is not None  # it was sent
    signed = min(datetime.fromisoformat(body["at"]), at)
    of_last = int(body["told"]) >= row.told  # not of the notice before it
    row.acknowledged_at = max(signed, row.told_at) if of_last else signed
    row.acknowledged_by = f"{peer.title}:{body['by']}"[:200]
    row.save(update_fields=["acknowledged_at", "acknowledged_by"])
    record(action="spill.acknowledge", subject=f"spill:{row.pk}", by=SYSTEM, at=at,
           scope=row.sender_scope, after="received")  # fmt: skip


def take_case(peer: Peer, body: dict[str, Any], at: datetime) -> None:
    """The peer found a case that came from our event. Raises Conflict("spill.not_sent")."""
    row = _ours(peer, body)
    ExportedCase.objects.create(
        spill=row, found_at=min(datetime.fromisoformat(body["found"]), at), linked_at=at,
        linked_by=peer.title,
    )  # fmt: skip
    record(action="spill.case", subject=f"spill:{row.pk}", by=SYSTEM, at=at,
           scope=row.sender_scope)  # fmt: skip
