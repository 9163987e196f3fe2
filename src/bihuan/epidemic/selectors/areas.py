"""Areas an order could cover, with what each costs; what is stricter than above; past lists."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, Sum

from bihuan.core.clock import day_start, local_date
from bihuan.core.orgs.models import Venue
from bihuan.core.packs import registry
from bihuan.core.packs.types import Pack
from bihuan.core.places.models import Boundary, Place
from bihuan.core.places.rules import upper_paths
from bihuan.core.places.types import COUNTY, under, within
from bihuan.epidemic.models import Case, ControlOrder, Event
from bihuan.epidemic.rules.areas import Frame, drawn, frame_of, holds, read_outline, smallest
from bihuan.epidemic.selectors.orders import in_force, order_row
from bihuan.epidemic.selectors.sight import apart
from bihuan.epidemic.types import OrderRow

TREE = {"community": "village", "township": "township", "county": "county", "grid": "compound"}
MOST_SPOTS, MOST_CHOSEN = 300, 40


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
    rows = Case.objects.filter(apart(at), event=event, reported_at__lte=at,
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


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the drawing, and in the list beside it."""

    code: str
    name: str
    households: int
    exposed: bool
    x: float | None  # None: no point is known
    y: float | None


@dataclass(frozen=True, slots=True)
class Land:
    """What an outline is drawn over: outlines that are known, places with their exposure."""

    frame: Frame | None  # None: no place has a point, nothing can be drawn
    shapes: tuple[str, ...]
    spots: tuple[Spot, ...]


def land(*, path: str, cases: Iterable[Case]) -> Land:
    """The communities and grids below a place. Two queries."""
    exposed = {case.place_id for case in cases}
    rows = Place.objects.filter(
        within("path", path), valid_to=None, level__in=("community", "grid")
    )
    places = list(rows.order_by("path")[:MOST_SPOTS])
    points = [(p.lon, p.lat) for p in places if p.lon is not None and p.lat is not None]
    frame = frame_of(points, size=600, margin=0.15) if points else None
    spots = []
    for p in places:
        at = frame.spot(p.lon, p.lat) if frame and p.lon is not None and p.lat is not None else None
        spots.append(
            Spot(p.code, p.name, p.households or 0, p.pk in exposed, *(at or (None, None)))
        )
    around = [one for one in [*upper_paths(path), path] if len(one) >= COUNTY]
    known = Boundary.objects.filter(place__path__in=around).values_list("geojson", flat=True)
    shapes = [drawn(shape, frame) for shape in known] if frame else []
    return Land(frame, tuple(shapes), tuple(spots))


@dataclass(frozen=True, slots=True)
class OwnArea:
    """An area that somebody chose place by place, or drew."""

    area: str
    place: Place
    unit: str
    level: str
    cost: Cost
    days: int
    missed: tuple[str, ...]  # exposed places it leaves out
    outline: str = ""  # GeoJSON, where it was drawn

    @property
    def person_days(self) -> int:
        """People times days."""
        return self.cost.person_days(self.days)


def chosen_area(
    *, codes: Iterable[str], within_path: str, cases: Iterable[Case], pack: Pack, at: datetime
) -> OwnArea | None:
    """Places chosen from the list, as one area. None when none of them is one. Two queries each."""
    rows = Place.objects.filter(within("path", within_path), valid_to=None, code__in=list(codes))
    places = list(rows.order_by("path")[:MOST_CHOSEN])
    held = smallest([p.path for p in places])
    if held is None:
        return None
    costs = [cost_of(p.path, at) for p in places]
    whole = Cost(*(sum(parts) for parts in zip(*map(astuple, costs), strict=True)))
    missed = {c.place.name for c in cases if not any(under(c.scope, p.path) for p in places)}
    unit = TREE.get(min(places, key=lambda p: len(p.path)).level, "")
    level, days = _grade(pack, unit)
    place = Place.objects.get(path=held, valid_to=None)
    named = "、".join(p.name for p in places)
    return OwnArea(named[:200], place, unit, level, whole, days, tuple(sorted(missed)))


def drawn_area(
    *, text: str, within_path: str, cases: Iterable[Case], pack: Pack, at: datetime
) -> OwnArea | None:
    """An outline that was drawn, with whom it restricts. None when it is no polygon. Four queries."""
    shape = read_outline(text)
    if shape is None:
        return None
    rows = Place.objects.filter(within("path", within_path), valid_to=None, level="community")
    inside = [p for p in rows if _inside(shape, p.lon, p.lat)]
    held = smallest([p.path for p in inside]) or within_path
    unit = TREE["community"] if len(inside) <= 1 else TREE["township"]
    level, days = _grade(pack, unit)
    if not level and len(inside) <= 1:  # part of a community: the drafter says which unit it is
        unit = next((str(row["units"][0]) for row in pack.tables.get("zone", ())), unit)
        level, days = _grade(pack, unit)
    named = "、".join(p.name for p in inside)
    place = Place.objects.get(path=held, valid_to=None)
    return OwnArea(named[:200], place, unit, level, cost_inside(shape, within_path, at), days,
                   tuple(outside(shape, cases)), json.dumps(shape, separators=(",", ":")))  # fmt: skip


def _grade(pack: Pack, unit: str) -> tuple[str, int]:
    """The first grade of the edition that allows a unit, and its days; "" where none does."""
    zones = pack.rows("zone")
    for key, row in zones.items():
        if unit in row["units"]:
            return key, int(row["lift_days"])
    return "", max((int(row["lift_days"]) for row in zones.values()), default=0)


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
