"""Screening lists of a place: coverage counted in one query, lines by pages."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from bihuan.core.errors import NotFound
from bihuan.core.orgs.types import Actor
from bihuan.core.places.rules import upper_paths
from bihuan.core.places.types import within
from bihuan.epidemic.models import ScreeningLine, ScreeningList
from bihuan.epidemic.rules.screening import OPEN, Coverage, coverage
from bihuan.epidemic.selectors.sight import NOTHING

MOST = 100
PAGE = 50


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list with how much of it is done in the reader's place."""

    screening: ScreeningList
    done: Coverage


def lists_seen(by: Actor) -> Q:
    """Lists of the place and those of the levels above: their lines in the place are its own work."""
    if not by.has("contact.do"):
        return NOTHING
    return within("scope", by.scope) | Q(scope__in=upper_paths(by.scope))


def list_rows(*, by: Actor, at: datetime) -> tuple[ListRow, ...]:
    """The newest lists. Two queries."""
    held = list(
        ScreeningList.objects.filter(lists_seen(by), opened_at__lte=at)
        .select_related("place")
        .order_by("-pk")[:MOST]
    )
    told = _counted(by, [row.pk for row in held])
    return tuple(ListRow(row, coverage(told[row.pk], late=row.due_at < at)) for row in held)


def coverage_of(*, screening: ScreeningList, by: Actor, at: datetime) -> Coverage:
    """Of one list in the reader's place. One query."""
    return coverage(_counted(by, [screening.pk])[screening.pk], late=screening.due_at < at)


def _counted(by: Actor, lists: list[int]) -> dict[int, dict[str, int]]:
    told: dict[int, dict[str, int]] = {pk: {} for pk in lists}
    rows = ScreeningLine.objects.filter(within("scope", by.scope), screening__in=lists)
    for pk, state, n in rows.values_list("screening", "state").annotate(n=Count("pk")):
        told[pk][state] = n
    return told


def fetch_list(*, screening_id: int, by: Actor) -> ScreeningList:
    """Raises NotFound("screening.not_found")."""
    rows = ScreeningList.objects.select_related("place").filter(lists_seen(by))
    row = rows.filter(pk=screening_id).first()
    if row is None:
        raise NotFound("screening.not_found", id=screening_id)
    return row


def line_page(
    *, screening: ScreeningList, by: Actor, open_only: bool, after: str = ""
) -> tuple[tuple[ScreeningLine, ...], str]:
    """Lines in the reader's place, by their number, and the key that goes on. One query."""
    rows = ScreeningLine.objects.filter(within("scope", by.scope), screening=screening)
    if open_only:
        rows = rows.filter(state__in=OPEN)
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__gt=int(after))
    held = list(rows.select_related("place").order_by("pk")[: PAGE + 1])
    return tuple(held[:PAGE]), str(held[PAGE - 1].pk) if len(held) > PAGE else ""
