"""People on the line: out of the vault for one reader, and into the reader's vault."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bihuan.core.audit.services import SYSTEM
from bihuan.core.errors import Invalid
from bihuan.core.places.models import Place
from bihuan.core.vault import services as vault
from bihuan.core.vault.types import FIELDS, Identity
from bihuan.epidemic.models import Peer, SiteKey
from bihuan.epidemic.rules import envelopes
from bihuan.epidemic.services.peers import secrets_of

MOST = 100


def for_peer(people: Iterable[Identity], peer: Peer) -> dict[str, str]:
    """People sealed for a peer alone: not even we can open it again."""
    said = [{k: v for k, v in asdict(person).items() if v} for person in people]
    return envelopes.sealed(json.dumps(said, ensure_ascii=False).encode(), peer.box)


def enrolled(said: dict[str, Any], *, name: str, place: Place, expires_at: datetime,
             at: datetime) -> list[str]:  # fmt: skip
    """The pseudonyms of the people in a sealed part, now in our vault until `expires_at`.

    Raises Invalid("line.sealed").
    """
    key = SiteKey.objects.filter(box=str(said.get("box", ""))).first()
    held = envelopes.opened(said, secrets_of(key)[1]) if key else None
    if held is None:
        raise Invalid("line.sealed")
    people = json.loads(held)
    if not isinstance(people, list) or len(people) > MOST:
        raise Invalid("line.sealed")
    found = []
    for person in people:
        told = {k: str(v)[:200] for k, v in person.items() if k in FIELDS}
        told.setdefault("name", "—")  # some questions travel without a name
        found.append(
            vault.enrol(Identity(**told), collection=name, scope=place.path,
                        expires_at=expires_at, by=SYSTEM, at=at)  # type: ignore[arg-type]
        )  # fmt: skip
    return found


def place_of(code: str) -> Place:
    """A place a peer names; what it does not know goes to the top. Raises Invalid("line.place")."""
    rows = Place.objects.filter(valid_to=None)
    row = rows.filter(code=code).first() or rows.filter(parent=None).order_by("path").first()
    if row is None:
        raise Invalid("line.place")
    return row
