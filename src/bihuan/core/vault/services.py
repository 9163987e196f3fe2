"""The doors of the vault: enrol, read for a purpose, break the glass, review, forget.

With BIHUAN_VAULT_ROLE the door steps into that database role for the length of its statement,
so that the role of the pages needs no right on the schema.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from bihuan.core.audit.services import System, record
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.types import under
from bihuan.core.vault import sealing
from bihuan.core.vault.models import Collection, Reading, Sealed
from bihuan.core.vault.rules import POSSIBLE, keys, plain, similarity
from bihuan.core.vault.types import Identity, Twin

MOST_TWINS = 200
FINDINGS = ("justified", "misuse")


@contextmanager
def opened() -> Iterator[None]:
    """One transaction inside the vault, in the vault's own role where the site has one."""
    with transaction.atomic(), connection.cursor() as cursor:
        role = settings.VAULT_ROLE
        if role:
            cursor.execute(f"SET LOCAL ROLE {connection.ops.quote_name(role)}")
        yield
        if role:
            cursor.execute("RESET ROLE")


def collection_of(name: str, at: datetime) -> Collection:
    """The people of one purpose, made at first. Raises Conflict("vault.key_destroyed")."""
    found, _ = Collection.objects.get_or_create(
        name=name, defaults={"wrapped_key": sealing.wrap_new_key(name), "created_at": at}
    )
    if found.destroyed_at is not None:
        raise Conflict("vault.key_destroyed", collection=name)
    return found


def enrol(
    person: Identity, *, collection: str, scope: str, expires_at: datetime, by: Actor, at: datetime
) -> str:
    """Put a person into the vault; the pseudonym that stands for them outside.

    Raises NotAllowed, Invalid("vault.no_name" | "vault.expiry"), Conflict("vault.key_destroyed").
    """
    if not by.has("case.report") and not by.has("case.write"):
        raise NotAllowed("not_allowed", duty="case.write")
    if not plain(person.name):
        raise Invalid("vault.no_name", field="name")
    if expires_at <= at:
        raise Invalid("vault.expiry", until=expires_at.isoformat())
    pseudonym = sealing.new_pseudonym()
    with opened():
        held = collection_of(collection, at)
        content = sealing.seal(
            person, wrapped_key=bytes(held.wrapped_key), collection=held.name, pseudonym=pseudonym
        )
        Sealed.objects.create(
            pseudonym=pseudonym, collection=held, content=content, scope=scope,
            marks=sealing.marks(keys(person)), created_at=at, expires_at=expires_at,
        )  # fmt: skip
    record(action="vault.enrol", subject=f"vault:{pseudonym}", by=by, at=at, scope=scope)
    return pseudonym


def _purpose(key: str, at: datetime) -> dict[str, Any]:
    for row in registry.table("purpose", at):
        if row["key"] == key:
            return row
    raise Invalid("vault.no_purpose", field="purpose", purpose=key)


def read(pseudonym: str, *, purpose: str, by: Actor, at: datetime) -> Identity:
    """What a purpose allows to know of a person; the reading is kept and audited.

    Raises Invalid("vault.no_purpose"), NotAllowed, NotFound("vault.not_found") for whoever lies
    outside the reader's place, Conflict("vault.key_destroyed").
    """
    asked = _purpose(purpose, at)
    if not by.has(asked["duty"]):
        raise NotAllowed("not_allowed", duty=asked["duty"])
    return _read(pseudonym, asked, by=by, at=at)


@transaction.atomic
def _read(
    pseudonym: str, asked: dict[str, Any], *, by: Actor, at: datetime, reason: str = ""
) -> Identity:
    due = registry.due("vault.review", at)[0] if reason else None
    with opened():
        row = Sealed.objects.select_related("collection").filter(pseudonym=pseudonym).first()
        if row is None or row.expires_at <= at or not under(row.scope, by.scope):
            raise NotFound("vault.not_found", pseudonym=pseudonym)
        person = unsealed(row).only(frozenset(asked["fields"]))
        Reading.objects.create(
            pseudonym=pseudonym, at=at, reader=by.name, reader_person_id=by.person_id,
            reader_post_id=by.post_id, scope=row.scope, purpose=asked["key"], reason=reason[:400],
            review_due_at=due,
        )  # fmt: skip
    record(
        action="vault.break_glass" if reason else "vault.read", subject=f"vault:{pseudonym}",
        by=by, at=at, scope=row.scope, facts={"purpose": asked["key"]},
    )  # fmt: skip
    return person


def unsealed(row: Sealed) -> Identity:
    """The person of a row, in clear: within the vault alone."""
    return sealing.unseal(
        bytes(row.content), wrapped_key=bytes(row.collection.wrapped_key),
        collection=row.collection.name, pseudonym=row.pseudonym,
    )  # fmt: skip


def break_glass(pseudonym: str, *, reason: str, by: Actor, at: datetime) -> Identity:
    """Read one record at once in danger to life; reviewed by somebody else within the limit.

    Raises NotAllowed, Invalid("vault.no_reason"), NotFound.
    """
    if not by.has("vault.break_glass"):
        raise NotAllowed("not_allowed", duty="vault.break_glass")
    if len(reason.strip()) < 4:
        raise Invalid("vault.no_reason", field="reason")
    return _read(pseudonym, _purpose("danger_to_life", at), by=by, at=at, reason=reason.strip())


@transaction.atomic
def review_glass(*, reading_id: int, finding: str, by: Actor, at: datetime) -> None:
    """Judge an emergency reading. Raises NotAllowed, NotFound, Conflict("vault.own_reading")."""
    if not by.has("vault.review"):
        raise NotAllowed("not_allowed", duty="vault.review")
    if finding not in FINDINGS:
        raise Invalid("vault.finding", field="finding")
    with opened():
        rows = Reading.objects.select_for_update().exclude(review_due_at=None)
        row = rows.filter(pk=reading_id, reviewed_at=None).first()
        if row is None or not under(row.scope, by.scope):
            raise NotFound("vault.no_reading", id=reading_id)
        if row.reader_person_id == by.person_id:
            raise Conflict("vault.own_reading")
        row.reviewed_at, row.reviewed_by, row.finding = at, by.name, finding
        row.save(update_fields=["reviewed_at", "reviewed_by", "finding"])
    record(
        action="vault.review", subject=f"vault:{row.pseudonym}", by=by, at=at, scope=row.scope,
        after=finding,
    )  # fmt: skip


def twins(person: Identity, *, scope: str, at: datetime) -> list[Twin]:
    """People of a place who may be this one, the likeliest first; nothing of them is told.

    Costs one index look-up, whatever the number of people.
    """
    with opened():
        rows = list(
            Sealed.objects.select_related("collection")
            .filter(marks__overlap=sealing.marks(keys(person)), expires_at__gt=at)
            .exclude(collection__wrapped_key=b"")[:MOST_TWINS]
        )
    near = [row for row in rows if under(row.scope, scope)]
    found = [Twin(row.pseudonym, *similarity(person, unsealed(row))) for row in near]
    worth = [twin for twin in found if twin.score >= POSSIBLE]
    return sorted(worth, key=lambda twin: (-twin.score, twin.pseudonym))


def find(*, text: str, by: Actor, at: datetime) -> list[str]:
    """Pseudonyms of a name, number or telephone; the search is audited, the text is not kept.

    Raises NotAllowed.
    """
    if not by.has("vault.read"):
        raise NotAllowed("not_allowed", duty="vault.read")
    wanted = [sealing.mark(f"{kind}:{plain(text)}") for kind in ("name", "id", "tel")]
    with opened():
        rows = Sealed.objects.filter(marks__overlap=wanted, expires_at__gt=at)
        found = [row.pseudonym for row in rows[:MOST_TWINS] if under(row.scope, by.scope)]
    record(action="vault.find", subject="vault", by=by, at=at, facts={"found": len(found)})
    return sorted(found)


def knows(pseudonym: str, *, phone: str, at: datetime) -> bool:
    """Whether a telephone belongs to a person: how somebody proves to be the one concerned."""
    wanted = sealing.mark(f"tel:{plain(phone)}")
    with opened():
        rows = Sealed.objects.filter(pseudonym=pseudonym, expires_at__gt=at)
        return rows.filter(marks__contains=[wanted]).exists()


@transaction.atomic
def forget(*, at: datetime) -> int:
    """Delete everybody whose time has come, with the readings; how many. Safe to repeat."""
    with opened():
        gone = list(Sealed.objects.filter(expires_at__lte=at).values_list("pseudonym", flat=True))
        Sealed.objects.filter(pseudonym__in=gone).delete()
        Reading.objects.filter(pseudonym__in=gone).delete()
    if gone:
        record(action="vault.forget", subject="vault", by=System(), at=at,
               facts={"people": len(gone)})  # fmt: skip
    return len(gone)


@transaction.atomic
def destroy_collection(name: str, *, by: Actor | System, at: datetime) -> int:
    """Sunset: destroy a collection's key and its people; statistics outside stay. How many."""
    with opened():
        rows = Collection.objects.select_for_update().filter(name=name, destroyed_at=None)
        held = rows.first()
        if held is None:
            return 0
        pseudonyms = list(held.sealed_set.values_list("pseudonym", flat=True))
        Reading.objects.filter(pseudonym__in=pseudonyms).delete()
        held.sealed_set.all().delete()
        held.wrapped_key, held.destroyed_at = b"", at
        held.save(update_fields=["wrapped_key", "destroyed_at"])
    record(action="vault.destroy", subject=name, by=by, at=at, facts={"people": len(pseudonyms)})
    return len(pseudonyms)
