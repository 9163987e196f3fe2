"""Areas an order could cover, with what each costs; what is stricter than above; past lists."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, Sum

from bihuan.core.clock import day_start, local_date
from bihuan.core.orgs.models import Venue
from bihuan.core.packs import registry
from bihuan.core.packs.types import Pack
from bihuan.core.places.models import Place
from bihuan.core.places.rules import upper_paths
from bihuan.core.places.types import COUNTY, within
from bihuan.epidemic.models import Case, ControlOrder, Event
from bihuan.epidemic.rules.areas import holds, smallest
from bihuan.epidemic.selectors.orders import in_force, order_row
from bihuan.epidemic.types import OrderRow

TREE = {"community": "village", "township": "township", "county": "county", "grid": "compound"}


@dataclass(frozen=True, slots=True)
class Cost:
    """What an area restricts."""

    households: int
    people: int
    enterprises: int

    def person_days(self, days: int) -> int:
        """What it costs them over some days."""
        return self.people * days


@dataclass(frozen=True, slots=True)
class AreaOption:
    """One area with its cost; the smallest that holds the exposure is proposed."""

    place: Place
    unit: str
    cost: Cost
    days: int
    proposed: bool
    level: str  # the grade of the edition that allows the unit; "": none does

    @property
    def person_days(self) -> int:
        """People times days."""
        return self.cost.person_days(self.days)


def exposures(event: Event, at: datetime, pack: Pack) -> list[Case]:
    """Cases of the event whose place still counts as exposed by the edition. One query."""
    back = timedelta(days=int(pack.value_of("incubation.max_days", 14)))
    rows = Case.objects.filter(event=event, merged_into=None, reported_at__lte=at,
                               diagnosed_at__gte=at - back)  # fmt: skip
    return list(rows.exclude(kind="excluded").select_related("place"))


def area_options(*, event: Event, pack: Pack, at: datetime) -> tuple[AreaOption, ...]:
    """From the smallest place that holds every exposure up to the county. Three queries a level."""
    held = smallest(case.scope for case in exposures(event, at, pack))
    if held is None:
        return ()
    # no option is larger than a county
    paths = [path for path in [*upper_paths(held), held] if len(path) >= COUNTY]
    places = {p.path: p for p in Place.objects.filter(path__in=paths, valid_to=None)}
    days = max((int(row["lift_days"]) for row in pack.tables.get("zone", ())), default=0)
    found: list[AreaOption] = []
    for path in sorted(paths, key=len, reverse=True):
        if path in places:
            place = places[path]
            unit = TREE.get(place.level, place.level)
            level = next((k for k, row in pack.rows("zone").items() if unit in row["units"]), "")
            cost = cost_of(path, at)
            found.append(AreaOption(place, unit, cost, days, not found, level))
    return tuple(found)


def _size(at: datetime) -> float:
    return float(registry.value("order.household_size", at).value)


def cost_of(path: str, at: datetime) -> Cost:
    """People, households and enterprises of a place. Two queries."""
    rows = Place.objects.filter(within("path", path), valid_to=None)
    for level in ("community", "grid", "township"):
        n = rows.filter(level=level).aggregate(n=Sum("households"))["n"]
        if n:
            break
    households = n or 0
    venues = Venue.objects.filter(within("scope", path)).count()
    return Cost(households, round(households * _size(at)), venues)


def cost_inside(outline: Mapping[str, Any], scope: str, at: datetime) -> Cost:
    """The same of an outline: places and venues whose point lies in it. Two queries."""
    rows = Place.objects.filter(within("path", scope), valid_to=None, level="community")
    points = rows.values_list("lon", "lat", "households")
    households = sum(n or 0 for lon, lat, n in points if _inside(outline, lon, lat))
    venues = Venue.objects.filter(within("scope", scope)).values_list("lon", "lat")
    inside = sum(1 for lon, lat in venues if _inside(outline, lon, lat))
    return Cost(households, round(households * _size(at)), inside)


def _inside(outline: Mapping[str, Any], lon: float | None, lat: float | None) -> bool:
    return lon is not None and lat is not None and holds(outline, lon, lat)


def outside(outline: Mapping[str, Any], cases: Iterable[Case]) -> list[str]:
    """Names of exposed places that an outline leaves out; those without a point are not judged."""
    places = {case.place_id: case.place for case in cases}
    return [
        p.name for p in places.values()
        if p.lon is not None and p.lat is not None and not holds(outline, p.lon, p.lat)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stricter:
    """What an order asks beyond what stands above it, both texts, and the consent it waits for."""

    measures: tuple[str, ...]  # beyond the text above
    days: int  # beyond the rule's
    above: OrderRow | None  # an order of a level above
    rule_measures: tuple[str, ...]
    rule_days: int
    consent_by: datetime | None  # silence until then is consent

    @property
    def any(self) -> bool:
        """Whether there is something beyond."""
        return bool(self.measures) or self.days > 0


def stricter_than_above(order: ControlOrder, pack: Pack, at: datetime) -> Stricter:
    """An order beside the edition's grade and the order in force above it (2.14 I1). One query."""
    zone = pack.rows("zone").get(order.level, {})
    rule = tuple(str(key) for key in zone.get("measures", ()))
    rule_days = int(zone.get("lift_days", 0))
    uppers = ControlOrder.objects.filter(
        in_force(at), scope__in=upper_paths(order.scope), event__disease=order.event.disease
    ).exclude(pk=order.pk)
    upper = uppers.select_related("place", "event").order_by("-scope").first()
    allowed = set(upper.measures) if upper else set(rule)
    menu = registry.edition("response", at, scope=order.scope).rows("measure")
    beyond = tuple(
        m for m in order.measures if m not in allowed and menu.get(m, {}).get("restricts")
    )
    days = (local_date(order.ends_at) - local_date(order.drafted_at)).days - 1
    due = None
    if order.signed_at is not None:
        due = registry.due("order.consent", order.signed_at, scope=order.scope)[0]
    row = order_row(upper, at) if upper else None
    return Stricter(beyond, max(days - rule_days, 0), row, rule, rule_days, due)


def judged_on(*, path: str, day: date) -> tuple[OrderRow, ...]:
    """What was in force over a place, or inside it, on a day: the list of its own day. One query.

    A place that was graded later is not judged by that: the moment is the end of the day before.
    """
    rows = ControlOrder.objects.filter(
        in_force(day_start(day)),
        Q(scope__in=[*upper_paths(path), path]) | within("scope", path),
    )
    return tuple(order_row(row, day_start(day)) for row in rows.select_related("place", "event"))
