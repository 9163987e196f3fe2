"""Read evidence: through the loop it belongs to, or by its scope where it belongs to none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bihuan.core.errors import NotFound
from bihuan.core.evidence.models import Item
from bihuan.core.loops.services.moves import fetch
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor

LOOP = "obligation:"


@dataclass(frozen=True, slots=True)
class ProofRow:
    """One proof as a loop's page shows it."""

    id: int
    kind: str
    file_name: str
    is_photo: bool
    has_file: bool
    text: str
    quantity: float | None
    measure: str
    made_at: datetime
    recorded_at: datetime
    maker: str
    lon: float | None
    lat: float | None
    twin_loop_id: int | None  # the loop that used the very same file before
    twin: bool
    early: bool  # recorded before the present assignment: it does not count


def proof_rows(items: Sequence[Item], *, assigned_at: datetime) -> tuple[ProofRow, ...]:
    """Proofs with what is known of their twins. One query, none without twins."""
    twins = [item.twin_of_id for item in items if item.twin_of_id is not None]
    subjects = dict(Item.objects.filter(pk__in=twins).values_list("pk", "subject")) if twins else {}
    return tuple(_row(item, subjects.get(item.twin_of_id or 0, ""), assigned_at) for item in items)


def _row(item: Item, twin: str, assigned_at: datetime) -> ProofRow:
    serial = twin.removeprefix(LOOP)
    return ProofRow(
        id=item.pk, kind=item.kind, file_name=item.file_name,
        is_photo=item.kind == "photo" and item.blob_id is not None,
        has_file=item.blob_id is not None, text=item.text, quantity=item.quantity,
        measure=item.measure, made_at=item.made_at, recorded_at=item.recorded_at,
        maker=item.maker, lon=item.lon, lat=item.lat,
        twin_loop_id=int(serial) if twin.startswith(LOOP) and serial.isdigit() else None,
        twin=item.twin_of_id is not None, early=item.recorded_at < assigned_at,
    )  # fmt: skip


def proof_file(*, item_id: int, by: Actor) -> Item:
    """The one door to a file of evidence, with its blob. Two queries.

    Raises NotFound("evidence.not_found").
    """
    item = Item.objects.filter(pk=item_id, blob__isnull=False).select_related("blob").first()
    if item is None:
        raise NotFound("evidence.not_found", id=item_id)
    try:
        if item.subject.startswith(LOOP):
            fetch(obligation_id=int(item.subject.removeprefix(LOOP)), by=by)
        elif not Item.objects.filter(sight(by, owned=False, sectors=False), pk=item.pk).exists():
            raise NotFound
    except NotFound:
        raise NotFound("evidence.not_found", id=item_id) from None
    return item
