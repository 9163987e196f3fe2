"""What may be asked of the vault without opening anybody: readings and their reviews."""

from datetime import datetime

from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import within
from bihuan.core.vault.models import Reading
from bihuan.core.vault.services import opened
from bihuan.core.vault.types import GlassRow, ReadRow


def readings_of(pseudonym: str) -> tuple[ReadRow, ...]:
    """Everybody who read one person, latest first. The caller has proven to be that person."""
    with opened():
        rows = list(Reading.objects.filter(pseudonym=pseudonym).order_by("-at", "-pk"))
    return tuple(
        ReadRow(row.at, row.reader, row.purpose, row.review_due_at is not None, row.reason)
        for row in rows
    )


def emergencies(*, by: Actor, since: datetime) -> tuple[GlassRow, ...]:
    """Emergency readings in the reviewer's place: the unreviewed first, then the latest."""
    with opened():
        rows = list(
            Reading.objects.filter(within("scope", by.scope), at__gte=since)
            .exclude(review_due_at=None)
            .order_by("-at")[:200]
        )
    told = [
        GlassRow(r.pk, r.pseudonym, r.reader, r.reason, r.at, r.review_due_at, r.reviewed_at,
                 r.finding)
        for r in rows if r.review_due_at is not None
    ]  # fmt: skip
    return tuple(sorted(told, key=lambda row: row.reviewed_at is not None))


def unusual(*, by: Actor, since: datetime, limit: int) -> tuple[tuple[str, int], ...]:
    """Readers of the place with more readings than the limit, most first."""
    counted: dict[str, int] = {}
    with opened():
        rows = Reading.objects.filter(within("scope", by.scope), at__gte=since)
        for reader in rows.values_list("reader", flat=True):
            counted[reader] = counted.get(reader, 0) + 1
    many = [(reader, n) for reader, n in counted.items() if n > limit]
    return tuple(sorted(many, key=lambda pair: -pair[1]))
