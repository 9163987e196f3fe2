"""Sites with a dormitory: one look, counted for safety and for the epidemic (M120).

What is told of a look are its answers about the building. Nobody who sleeps there is in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from bihuan.core.clock import local_date
from bihuan.core.orgs.looks import Look, Outcome, Spot, offices_over
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.packs import registry
from bihuan.core.packs.types import Value
from bihuan.core.places.types import within
from bihuan.safety.models import Establishment, Inspection
from bihuan.safety.rules.checklists import BOTH, EPIDEMIC, SAFETY, Counted, counted, items_of

DORMITORY = Q(fields__dormitory=True, closed_at=None)
DORM = "dormitory"
MOST = 2_000


@dataclass(frozen=True, slots=True)
class Dormitory:
    """A site and its last look: the same one in both columns."""

    row: Establishment
    look: Inspection | None
    safety: Counted | None
    epidemic: Counted | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Dormitories:
    """The sites of the reader's area; how many looks count, and for whom."""

    rows: tuple[Dormitory, ...]
    days: Value
    opens: bool  # the reader may open the sites themselves

    @property
    def checked(self) -> int:
        """Sites checked within the interval, once, for both domains."""
        return sum(not one.overdue for one in self.rows)


def dormitories(*, by: Actor, at: datetime) -> Dormitories:
    """Sites with a dormitory, those never or long not checked first. Two queries.

    Besides those who see a site, the epidemiologists of the area read the result.
    """
    seen = sight(by)
    if by.role is Role.EPIDEMIOLOGY:
        seen |= within("scope", by.scope)
    found = Establishment.objects.filter(seen, DORMITORY).select_related("venue__place")
    rows = list(found.order_by("pk")[:MOST])
    last = _last_looks(rows, at).select_related("checklist", "post__org")
    known = {look.establishment_id: look for look in last}
    days = registry.value("dormitory.days", at, scope=by.scope)
    told = [_row(row, known.get(row.pk), at - timedelta(days=int(days.value))) for row in rows]
    told.sort(key=lambda one: (not one.overdue, one.look is not None, one.row.pk))
    return Dormitories(tuple(told), days, by.role is not Role.EPIDEMIOLOGY)


def _row(row: Establishment, look: Inspection | None, since: datetime) -> Dormitory:
    if look is None or look.ended_at is None:
        return Dormitory(row, None, None, None, overdue=True)
    items = items_of(look.checklist.items)
    safety, epidemic = (counted(items, look.answers, domain) for domain in (SAFETY, EPIDEMIC))
    return Dormitory(row, look, safety, epidemic, look.ended_at < since)


def _last_looks(rows: Sequence[Establishment], at: datetime) -> QuerySet[Inspection]:
    """The last look at each by a list that counts for the epidemic side."""
    looks = Inspection.objects.filter(
        Q(checklist__items__contains=[{"domain": EPIDEMIC}])
        | Q(checklist__items__contains=[{"domain": BOTH}]),
        establishment__in=[row.pk for row in rows], ended_at__lte=at,
    )  # fmt: skip
    return looks.order_by("establishment", "-ended_at").distinct("establishment")


def dormitory_looks(spots: Sequence[Spot], at: datetime) -> list[Look]:
    """The next look at each dormitory there, owed by the office of its place. Three queries."""
    venues = {spot.venue_id for spot in spots}
    rows = list(Establishment.objects.filter(DORMITORY, venue__in=venues))
    if not rows:
        return []
    last = {row.establishment_id: row.ended_at for row in _last_looks(rows, at)}
    offices = offices_over({row.scope for row in rows})
    found = []
    for row in rows:
        if row.scope not in offices:
            continue
        days = timedelta(days=int(registry.value("dormitory.days", at, scope=row.scope).value))
        code = str(registry.value("dormitory.list", at, scope=row.scope).value)
        due = _due(last.get(row.pk), row, days)
        found.append(Look(f"{DORM}:{row.pk}", offices[row.scope], due, code,
                          venue_id=row.venue_id))  # fmt: skip
    return found


def _due(last: datetime | None, row: Establishment, days: timedelta) -> date:
    """One interval after the last look; of a dormitory nobody has looked at, since it is known."""
    return local_date(row.created_at) if last is None else local_date(last) + days


def dormitory_done(key: str, outcome: Outcome, by: Actor, at: datetime) -> None:
    """Nothing more to write: the inspection itself is what both columns read."""
