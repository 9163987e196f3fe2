"""Sites with a dormitory: one look, counted for safety and for the epidemic (M120).

What is told of a look are its answers about the building. Nobody who sleeps there is in it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.packs import registry
from bihuan.core.packs.types import Value
from bihuan.core.places.types import within
from bihuan.safety.models import Establishment, Inspection
from bihuan.safety.rules.checklists import BOTH, EPIDEMIC, SAFETY, Counted, counted, items_of

DORMITORY = Q(fields__dormitory=True, closed_at=None)
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
    looks = Inspection.objects.filter(
        Q(checklist__items__contains=[{"domain": EPIDEMIC}])
        | Q(checklist__items__contains=[{"domain": BOTH}]),
        establishment__in=[row.pk for row in rows], ended_at__lte=at,
    )  # fmt: skip
    last = looks.order_by("establishment", "-ended_at").distinct("establishment")
    known = {look.establishment_id: look for look in last.select_related("checklist", "post__org")}
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
