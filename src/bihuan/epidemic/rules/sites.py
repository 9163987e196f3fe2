"""Isolation sites: when one is ready, who may share a room, and which to raise today. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

# From → the steps a site may take next.
STEPS: dict[str, tuple[str, ...]] = {
    "": ("reserved",),
    "reserved": ("ready",),
    "ready": ("active", "reserved"),
    "active": ("draining",),
    "draining": ("cleaned", "active"),
    "cleaned": ("ready", "reserved"),
}
NEEDS_PROOFS = frozenset({"ready", "active"})


def lacking(
    asked: Iterable[tuple[str, int]], held: Iterable[tuple[str, date]], *, on: date
) -> tuple[str, ...]:
    """Proofs that are missing or too old on a day: asked (kind, most days), held (kind, day).

    A check made `most` days ago still counts; one a day older does not.
    """
    latest: dict[str, date] = {}
    for kind, day in held:
        if day <= on:
            latest[kind] = max(day, latest.get(kind, day))
    return tuple(
        kind for kind, most in asked
        if kind not in latest or on - latest[kind] > timedelta(days=most)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody in a room or on the way into it, as far as placing looks at them."""

    id: int
    chain: int  # root case of the chain: different chains never share
    age_band: str
    carer_id: int | None = None


def room_refusal(
    newcomer: Guest, inside: Sequence[Guest], *, beds: int, child_bands: Collection[str]
) -> str | None:
    """Why somebody may not go into a room; None when they may.

    Chains apart; nobody beyond the beds; a child only into the room of its carer.
    """
    if len(inside) >= beds:
        return "room.full"
    if any(guest.chain != newcomer.chain for guest in inside):
        return "room.other_chain"
    if newcomer.age_band in child_bands:
        if newcomer.carer_id is None:
            return "room.child_alone"
        if all(guest.id != newcomer.carer_id for guest in inside):
            return "room.carer_elsewhere"
    return None


@dataclass(frozen=True, slots=True)
class Reserve:
    """A site that could be raised."""

    id: int
    name: str
    rooms: int
    hours: int  # from the order to the first guest


@dataclass(frozen=True, slots=True)
class Raise:
    """A site to be raised, and the last moment to begin: hours from now, 0 is now."""

    id: int
    name: str
    rooms: int
    begin_within: int

    @property
    def today(self) -> bool:
        """Whether the raising must begin within a day."""
        return self.begin_within < 24


@dataclass(frozen=True, slots=True)
class Supply:
    """Demand against ready rooms, day by day, and what to do about it."""

    demand: tuple[int, ...]  # day 1, 2, …
    ready: int
    short_on: int  # first day of shortage, 0: none
    raised: tuple[Raise, ...]
    still_short: int  # rooms nobody can raise in time


def rooms_needed(
    *, waiting: int, inside: int, per_day: float, leaving: Sequence[int]
) -> tuple[int, ...]:
    """Rooms in use at the end of each coming day, when everybody who should be in is in."""
    total, found = float(waiting + inside), []
    for gone in leaving:
        total = max(total + per_day - gone, 0.0)
        found.append(round(total))
    return tuple(found)


def plan_supply(
    demand: Sequence[int], *, ready: int, reserves: Sequence[Reserve]
) -> Supply:  # fmt: skip
    """Which reserved sites to raise so that no day is short: the quickest first, the fewest.

    A site serves a day only if its hours fit before the end of that day.
    """
    have, raised, short_on = ready, [], 0
    left = sorted(reserves, key=lambda s: (s.hours, -s.rooms))
    for number, need in enumerate(demand, start=1):
        if need > have and not short_on:
            short_on = number
        while need > have:
            fitting = next((s for s in left if s.hours <= 24 * number), None)
            if fitting is None:
                break
            left.remove(fitting)
            raised.append(Raise(fitting.id, fitting.name, fitting.rooms,
                                24 * number - fitting.hours))  # fmt: skip
            have += fitting.rooms
    still = max(max(demand, default=0) - have, 0)
    return Supply(tuple(demand), ready, short_on, tuple(raised), still)


@dataclass(frozen=True, slots=True)
class Load:
    """Beds of all open hospitals: now, in some days, and which reserve hospitals to raise."""

    beds: int
    occupied: int
    forecast: int
    raised: tuple[Raise, ...] = ()
    still_short: int = 0

    @property
    def now(self) -> float | None:
        """Share in use."""
        return self.occupied / self.beds if self.beds else None

    @property
    def then(self) -> float | None:
        """Share in use at the end of the forecast."""
        return self.forecast / self.beds if self.beds else None


def raise_hospitals(load: Load, *, days: int, reserves: Sequence[Reserve]) -> Load:
    """Which reserve hospitals to raise before the open ones are full: the quickest first.

    The flow is even, so the hour at which the last bed goes is known; a conversion must begin
    its own hours before that. One that comes too late is raised at once.
    """
    short, raised = load.forecast - load.beds, []
    if short <= 0:
        return load
    growth = load.forecast - load.occupied
    full = max(load.beds - load.occupied, 0) / growth * days * 24 if growth > 0 else 0.0
    for reserve in sorted(reserves, key=lambda r: (r.hours, -r.rooms)):
        if short <= 0:
            break
        begin = max(ceil(full) - reserve.hours, 0)
        raised.append(Raise(reserve.id, reserve.name, reserve.rooms, begin))
        short -= reserve.rooms
    return Load(load.beds, load.occupied, load.forecast, tuple(raised), max(short, 0))
