"""Hand a person over to another installation: never two that answer for them.

The giver answers until it sent the release, and sends it only when the taker accepted; the taker
answers from the moment it has the release. A lost message can leave the giver answering longer,
or nobody but the ledger's "released, not yet confirmed": never two.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from bihuan.core.audit.services import SYSTEM, record
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.vault import services as vault
from bihuan.core.vault.types import Identity
from bihuan.epidemic.models import Peer, Transfer
from bihuan.epidemic.selectors.questions import fetch_transfer
from bihuan.epidemic.selectors.sight import fetch_contact
from bihuan.epidemic.services import sealing
from bihuan.epidemic.services.handed import take_contact
from bihuan.epidemic.services.peers import send, site_code

FIELDS = frozenset({"name", "phone"})
EXPOSED = ("disease", "exposure", "risk", "first_exposure", "last_exposure")


def holder(row: Transfer) -> str:
    """Who answers for the person, as this side knows it: "here" or "peer"."""
    given = row.released_at is not None
    return "here" if given == row.incoming else "peer"


@transaction.atomic
def offer_contact(
    *, contact_id: int, peer_id: int, place_code: str, by: Actor, at: datetime
) -> Transfer:
    """Offer a contact who is in another installation's area. We answer until it took over.

    Raises NotAllowed, NotFound, Invalid("question.peer"), Conflict("transfer.…").
    """
    if not by.has("question.approve") or not by.has("case.write"):
        raise NotAllowed("not_allowed", duty="question.approve")
    row = fetch_contact(contact_id=contact_id, by=by, lock=True)
    peer = Peer.objects.filter(pk=peer_id, suspended_at=None).exclude(confirmed_at=None).first()
    if peer is None:
        raise Invalid("question.peer", field="peer")
    if row.release_at is None or row.release_at <= at or row.became_case_id:
        raise Conflict("transfer.over", number=row.number)
    given = Transfer.objects.filter(pseudonym=row.pseudonym, incoming=False, refused_at=None)
    if given.exists():
        raise Conflict("transfer.offered", number=row.number)
    person = vault.read(row.pseudonym, purpose="co_investigation", by=by, at=at).only(FIELDS)
    made = Transfer.objects.create(
        number=f"YJ-{site_code(at)}-{row.pk:06d}-{Transfer.objects.count() + 1}", peer=peer,
        incoming=False, pseudonym=row.pseudonym, place=row.place, scope=row.scope, offered_at=at,
        offered_by=by.name, expires_at=row.expires_at,
    )  # fmt: skip
    body = {"number": made.number, "place": place_code, "by": by.post_title,
            "people": sealing.for_peer([person], peer), "release": row.release_at.isoformat(),
            "last_exposure": row.last_exposure.isoformat(), "disease": row.event.disease,
            "first_exposure": row.first_exposure.isoformat(), "exposure": row.exposure,
            "risk": row.risk}  # fmt: skip
    send(peer=peer, kind="offer", body=body, at=at)
    record(action="transfer.offer", subject=f"transfer:{made.pk}", by=by, at=at, scope=row.scope,
           facts={"peer": peer.code})  # fmt: skip
    return made


def take_offer(peer: Peer, body: dict[str, Any], at: datetime) -> None:
    """A peer offers somebody; nobody here answers for them before somebody accepted."""
    place = sealing.place_of(str(body["place"]))
    keep = timedelta(days=int(registry.value("keep.contact_days", at).value))
    expires = datetime.fromisoformat(body["release"]) + keep
    (pseudonym,) = sealing.enrolled(
        body["people"], name=f"transfer:{body['number']}", place=place,
        expires_at=max(expires, at + timedelta(days=1)), at=at,
    )  # fmt: skip
    made = Transfer.objects.create(
        number=str(body["number"])[:40], peer=peer, incoming=True, pseudonym=pseudonym, place=place,
        scope=place.path, offered_at=at, offered_by=f"{peer.title}:{body['by']}"[:200],
        expires_at=max(expires, at + timedelta(days=1)),
        exposed={name: str(body[name])[:24] for name in EXPOSED if name in body},
    )  # fmt: skip
    record(action="transfer.offered", subject=f"transfer:{made.pk}", by=SYSTEM, at=at,
           scope=made.scope)  # fmt: skip


@transaction.atomic
def decide_transfer(*, transfer_id: int, accept: bool, by: Actor, at: datetime) -> Transfer:
    """Accept or decline somebody a peer offers. Locks it. Raises NotAllowed, Conflict."""
    if not by.has("case.write"):
        raise NotAllowed("not_allowed", duty="case.write")
    row = fetch_transfer(transfer_id=transfer_id, by=by, lock=True)
    if not row.incoming or row.accepted_at or row.refused_at:
        raise Conflict("transfer.decided", number=row.number)
    if accept:
        row.accepted_at, row.accepted_by = at, by.name
    else:
        row.refused_at = at
    row.save(update_fields=["accepted_at", "accepted_by", "refused_at"])
    body = {"number": row.number, "by": by.post_title}
    send(peer=row.peer, kind="accept" if accept else "decline", body=body, at=at)
    record(action="transfer.accept" if accept else "transfer.decline",
           subject=f"transfer:{row.pk}", by=by, at=at, scope=row.scope)  # fmt: skip
    return row


def person_of(*, transfer_id: int, by: Actor, at: datetime) -> Identity:
    """Whom a peer offers or gave us: to decide about, and to call. The reading is audited.

    Raises NotAllowed, NotFound("transfer.not_found").
    """
    row = fetch_transfer(transfer_id=transfer_id, by=by)
    if not row.incoming or row.refused_at is not None:
        raise NotFound("transfer.not_found", id=transfer_id)
    return vault.read(row.pseudonym, purpose="contact_call", by=by, at=at).only(FIELDS)


def _ours(peer: Peer, body: dict[str, Any], *, incoming: bool) -> Transfer:
    rows = Transfer.objects.select_for_update().filter(peer=peer, incoming=incoming)
    row = rows.filter(number=body["number"], released_at=None, refused_at=None).first()
    if row is None:
        raise Conflict("transfer.decided", number=str(body["number"]))
    return row


def take_accept(peer: Peer, body: dict[str, Any], at: datetime) -> None:
    """The peer takes over: let go, and say so, in one transaction."""
    row = _ours(peer, body, incoming=False)
    row.accepted_at, row.accepted_by = at, f"{peer.title}:{body['by']}"[:200]
    row.released_at = at
    row.save(update_fields=["accepted_at", "accepted_by", "released_at"])
    send(peer=peer, kind="release", body={"number": row.number, "at": at.isoformat()}, at=at)
    record(action="transfer.release", subject=f"transfer:{row.pk}", by=SYSTEM, at=at,
           scope=row.scope)  # fmt: skip


def take_decline(peer: Peer, body: dict[str, Any], at: datetime) -> None:
    """The peer does not take over: we go on answering."""
    row = _ours(peer, body, incoming=False)
    row.refused_at = at
    row.save(update_fields=["refused_at"])


def take_release(peer: Peer, body: dict[str, Any], at: datetime) -> None:
    """The giver let go: from now on we answer, and whoever answers for the place checks daily."""
    row = _ours(peer, body, incoming=True)
    if row.accepted_at is None:
        raise Conflict("transfer.decided", number=row.number)
    row.released_at = at
    row.save(update_fields=["released_at"])
    take_contact(row, at)
    record(action="transfer.take", subject=f"transfer:{row.pk}", by=SYSTEM, at=at,
           scope=row.scope)  # fmt: skip
