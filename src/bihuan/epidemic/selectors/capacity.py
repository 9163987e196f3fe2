"""Beds line by line: in use, in some days, where to transfer; and what each age needs."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Count, Q

from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import under
from bihuan.epidemic.models import Room, Stay
from bihuan.epidemic.rules.care import beds_forecast
from bihuan.epidemic.rules.sites import Load, Reserve, raise_hospitals
from bihuan.epidemic.selectors.care import FacilityRow, facility_rows, usable
from bihuan.epidemic.selectors.flows import open_charges, span_of
from bihuan.epidemic.types import AGES

RESERVED = frozenset({"reserved", "ready", "cleaned"})


@dataclass(frozen=True, slots=True)
class Line:
    """The beds of one kind in one hospital; the partner is named where they will not do."""

    facility: FacilityRow
    kind: str
    beds: int  # usable now
    occupied: int
    forecast: int
    days: int
    partner: FacilityRow | None = None

    @property
    def short(self) -> int:
        """Beds that lack in some days."""
        return max(self.forecast - self.beds, 0)

    @property
    def spare(self) -> int:
        """Beds that others could have: neither used now nor by the forecast."""
        return self.beds - max(self.occupied, self.forecast) if self.facility.open else 0


def bed_lines(*, by: Actor, at: datetime) -> tuple[Line, ...]:
    """Every line of the hospitals a post sees, those that will lack beds first. Seven queries.

    A partner has spare beds of the same kind: in the place first, then at the levels above.
    """
    hospitals = facility_rows(by=by, at=at, kind="hospital", upper=True)
    lines = _lines(hospitals, at)
    mine = [line for line in lines if under(line.facility.scope, by.scope)]
    told = [replace(line, partner=_partner(line, lines, by)) for line in mine]
    return tuple(sorted(told, key=lambda line: -line.short))


def _lines(hospitals: tuple[FacilityRow, ...], at: datetime) -> list[Line]:
    window, days = span_of(at)
    since, ids = at - timedelta(days=window), [row.id for row in hospitals]
    beds: Counter[tuple[int, str]] = Counter()
    for room in Room.objects.filter(facility__in=ids).order_by("pk"):
        beds[room.facility_id, room.kind] += room.beds if usable(room, at) else 0
    used, into, out = (
        Counter[tuple[int, str]](),
        Counter[tuple[int, str]](),
        Counter[tuple[int, str]](),
    )
    stays = Stay.objects.filter(Q(ends_at=None) | Q(ends_at__gt=since), facility__in=ids)
    told = stays.filter(starts_at__lte=at).values_list(
        "facility_id", "room__kind", "starts_at", "ends_at"
    )
    for facility, kind, starts, ends in told:
        used[facility, kind] += ends is None or ends > at
        into[facility, kind] += starts > since
        out[facility, kind] += ends is not None and ends <= at
    return [
        Line(row, kind, n, used[row.id, kind],
             beds_forecast(occupied=used[row.id, kind], admissions=into[row.id, kind],
                           departures=out[row.id, kind], window=window, days=days), days)
        for row in hospitals for (facility, kind), n in beds.items() if facility == row.id
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Forecast:
    """A hospital in some days when the flows of the last days go on."""

    facility: FacilityRow
    days: int
    beds: int  # in use then
    convert: bool  # begin the conversion now

    @property
    def load(self) -> float:
        """Share of the usable beds then."""
        return self.beds / self.facility.beds if self.facility.beds else 0.0


def bed_forecasts(*, by: Actor, at: datetime) -> tuple[Forecast, ...]:
    """Each hospital's beds in some days, the sum of its lines, and whether to convert now.

    Seven queries.
    """
    hospitals = facility_rows(by=by, at=at, kind="hospital")
    beds: Counter[int] = Counter()
    for line in _lines(hospitals, at):
        beds[line.facility.id] += line.forecast
    _window, days = span_of(at)
    return tuple(
        Forecast(row, days, beds[row.id], beds[row.id] > row.beds and row.convertible > 0)
        for row in hospitals
    )


def _partner(line: Line, lines: list[Line], by: Actor) -> FacilityRow | None:
    if not line.short:
        return None
    fitting = [
        o for o in lines if o.kind == line.kind and o.facility != line.facility and o.spare > 0
    ]
    near = sorted(fitting, key=lambda o: (not under(o.facility.scope, by.scope),
                                          -len(o.facility.scope), -o.spare))  # fmt: skip
    return near[0].facility if near else None


@dataclass(frozen=True, slots=True)
class Age:
    """People of one age in care, by what they should have."""

    band: str
    isolation: int
    bed: int
    icu: int


def demand_by_age(*, by: Actor, at: datetime) -> tuple[Age, ...]:
    """What each age group needs now, whether it has it or waits. One query."""
    rows = open_charges(by, at).values_list("age_band", "need").annotate(n=Count("pk"))
    told = {(band, need): n for band, need, n in rows.order_by()}
    wanted = ("isolation", "bed", "icu")
    return tuple(Age(band, *(told.get((band, need), 0) for need in wanted)) for band in AGES)


def load_of_hospitals(forecasts: tuple[Forecast, ...]) -> Load:
    """The open hospitals together, and the reserve hospitals to raise. No query."""
    rows = [f for f in forecasts if f.facility.step == "active"]
    load = Load(sum(f.facility.beds for f in rows), sum(f.facility.occupied for f in rows),
                sum(f.beds for f in rows))  # fmt: skip
    reserves = [
        Reserve(f.facility.id, f.facility.name, f.facility.beds + f.facility.convertible,
                f.facility.activation_hours)
        for f in forecasts if f.facility.step in RESERVED
    ]  # fmt: skip
    return raise_hospitals(load, days=forecasts[0].days if forecasts else 0,
                           reserves=[r for r in reserves if r.rooms])  # fmt: skip
