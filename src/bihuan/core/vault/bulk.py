"""The doors for many people at once: a line list costs a few statements, not a few for each row."""

from collections.abc import Sequence
from datetime import datetime

from bihuan.core.audit.services import record
from bihuan.core.errors import Invalid, NotAllowed
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import under
from bihuan.core.vault import sealing
from bihuan.core.vault.models import Reading, Sealed
from bihuan.core.vault.rules import POSSIBLE, keys, plain, similarity
from bihuan.core.vault.services import collection_of, opened, unsealed
from bihuan.core.vault.types import Identity, Twin

MOST_CANDIDATES = 5_000
Person = tuple[Identity, str]  # who, and the scope of the place they live in


def nameless() -> str:
    """A pseudonym of somebody of whom nothing is known that identifies: nothing is kept here."""
    return sealing.new_pseudonym()


def mark_of(text: str) -> str:
    """A keyed hash: equal texts meet, nothing else can be learnt of what they say."""
    return sealing.mark(f"text:{text}")


def enrol_many(
    people: Sequence[Person], *, collection: str, expires_at: datetime, by: Actor, at: datetime
) -> list[str]:
    """Put people into the vault together; their pseudonyms in the same order. One audit entry.

    Raises NotAllowed, Invalid("vault.no_name"), Conflict("vault.key_destroyed").
    """
    if not by.has("case.report") and not by.has("case.write"):
        raise NotAllowed("not_allowed", duty="case.write")
    if any(not plain(person.name) for person, _scope in people):
        raise Invalid("vault.no_name", field="name")
    names = [sealing.new_pseudonym() for _ in people]
    with opened():
        held = collection_of(collection, at)
        Sealed.objects.bulk_create(
            Sealed(
                pseudonym=name, collection=held, scope=scope, created_at=at, expires_at=expires_at,
                content=sealing.seal(
                    person, wrapped_key=bytes(held.wrapped_key), collection=held.name,
                    pseudonym=name,
                ),
                marks=sealing.marks(keys(person)),
            )
            for name, (person, scope) in zip(names, people, strict=True)
        )  # fmt: skip
    if names:
        record(action="vault.enrol", subject=f"vault:{collection}"[:60], by=by, at=at,
               facts={"people": len(names)})  # fmt: skip
    return names


def twins_many(people: Sequence[Identity], *, scope: str, at: datetime) -> list[list[Twin]]:
    """For each of the people whoever of the place may be the same one. One index look-up for all.

    People are compared with those alone who share a mark with them.
    """
    wanted = [sealing.marks(keys(person)) for person in people]
    every = sorted({mark for marks in wanted for mark in marks})
    with opened():
        rows = list(
            Sealed.objects.select_related("collection")
            .filter(marks__overlap=every, expires_at__gt=at)
            .exclude(collection__wrapped_key=b"")[:MOST_CANDIDATES]
        )
    near = [row for row in rows if under(row.scope, scope)]
    known = {row.pseudonym: unsealed(row) for row in near}
    by_mark: dict[str, set[str]] = {}
    for row in near:
        for mark in row.marks:
            by_mark.setdefault(mark, set()).add(row.pseudonym)
    return [
        _ranked(person, {p for mark in marks for p in by_mark.get(mark, ())}, known)
        for person, marks in zip(people, wanted, strict=True)
    ]


def _ranked(person: Identity, names: set[str], known: dict[str, Identity]) -> list[Twin]:
    found = [Twin(name, *similarity(person, known[name])) for name in names]
    worth = [twin for twin in found if twin.score >= POSSIBLE]
    return sorted(worth, key=lambda twin: (-twin.score, twin.pseudonym))


def keep_until(pseudonym: str, until: datetime) -> None:
    """Keep somebody longer because another record now needs them; never shorter."""
    with opened():
        Sealed.objects.filter(pseudonym=pseudonym, expires_at__lt=until).update(expires_at=until)


def withdraw(pseudonyms: Sequence[str], *, by: Actor, at: datetime) -> int:
    """Take people out again whose entry was a mistake, with what was read of them; how many."""
    with opened():
        Reading.objects.filter(pseudonym__in=pseudonyms).delete()
        gone, _ = Sealed.objects.filter(pseudonym__in=pseudonyms).delete()
    if gone:
        record(action="vault.withdraw", subject="vault", by=by, at=at, facts={"people": gone})
    return gone


def seal_paper(data: bytes, *, collection: str, at: datetime) -> bytes:
    """A file that names people, as only the collection's key opens it."""
    with opened():
        held = collection_of(collection, at)
    return sealing.seal_paper(data, wrapped_key=bytes(held.wrapped_key), collection=held.name)


def open_paper(content: bytes, *, collection: str, at: datetime) -> bytes:
    """The file again. Raises Conflict("vault.key_destroyed"), Invalid("vault.unreadable")."""
    with opened():
        held = collection_of(collection, at)
    return sealing.unseal_paper(content, wrapped_key=bytes(held.wrapped_key), collection=held.name)
