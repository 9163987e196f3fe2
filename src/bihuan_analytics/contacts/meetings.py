"""Who was how long where with whom."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Floats, Ints, at_least, not_negative, whole_numbers
from bihuan_analytics.contacts.index import (
    TIME_LIMIT,
    VisitIndex,
    Visits,
    index_visits,
)
from bihuan_analytics.errors import NumericsError

ROOM, ROOM_AT_ONCE = 1024, 2**20  # meetings a search begins with room for; doubled when needed


@dataclass(frozen=True, slots=True)
class Meetings:
    """Pairs of visits that share time at a place, all of shape (N,).

    exposed and source: persons; place; start and end of the shared time, minutes.
    """

    exposed: Ints
    source: Ints
    place: Ints
    start: Ints
    end: Ints

    @property
    def minutes(self) -> Ints:
        """Length of each meeting."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Exposure:
    """What each exposed person met, shape (P,), persons rising: meetings, minutes in total,
    distinct sources, first and last minute of contact.
    """

    person: Ints
    meetings: Ints
    minutes: Ints
    sources: Ints
    first: Ints
    last: Ints


@dataclass(frozen=True, slots=True)
class PlaceRisk:
    """Places by falling person-minutes of contact, shape (P,): distinct sources and exposed."""

    place: Ints
    minutes: Ints
    sources: Ints
    exposed: Ints


@dataclass(frozen=True, slots=True)
class VisitStore:
    """Runs of visits, each indexed by itself: one for each delivery of data.

    Adding a delivery leaves the others as they are; what has expired is dropped with its run.
    """

    runs: tuple[VisitIndex, ...] = ()

    def with_run(self, run: VisitIndex) -> "VisitStore":
        """A store that also holds this run."""
        return VisitStore((*self.runs, run))

    def expired_before(self, minute: int) -> "VisitStore":
        """A store without the visits that ended before a minute; mixed runs are built anew."""
        kept = []
        for run in self.runs:
            stays = run.stays[:, 3] >= minute
            if stays.all():
                kept.append(run)
            elif stays.any():
                kept.append(_rebuilt(run, stays))
        return VisitStore(tuple(kept))


def _rebuilt(run: VisitIndex, stays: npt.NDArray[np.bool_]) -> VisitIndex:
    kept = run.visits_at(np.flatnonzero(stays))
    return index_visits(kept.person, kept.place, kept.enter, kept.leave, overlaps="keep")


def visits_of(
    store: VisitStore, persons: npt.ArrayLike, *, since: npt.ArrayLike | None = None
) -> Visits:
    """Visits of some persons in all runs.

    Args:
        persons: shape (P,), pseudonyms; those without visits are passed over.
        since: shape (P,), minutes; a visit counts from then on (one that began earlier is cut).
            None: all.
        store: see VisitStore.

    Returns:
        Visits of these persons, by person and time.

    Raises:
        NumericsError: "since.shape"; "array.not_whole".

    Source: none.
    """
    wanted = np.atleast_1d(whole_numbers(persons, name="persons"))
    floor = np.full(wanted.size, -TIME_LIMIT, dtype=np.int64)
    if since is not None:
        floor = np.atleast_1d(whole_numbers(since, name="since"))
        if floor.shape != wanted.shape:
            raise NumericsError("since.shape", expected=wanted.shape, shape=floor.shape)
    parts = [_visits_in(run, wanted, floor) for run in store.runs]
    if not parts:
        none = np.zeros(0, dtype=np.int64)
        return Visits(none, none, none, none)
    return Visits(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _visits_in(run: VisitIndex, wanted: Ints, floor: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    code, there = _positions(run.persons, wanted)
    spans = [run.person_rows[run.person_start[c] : run.person_start[c + 1]] for c in code[there]]
    number = np.array([span.size for span in spans], dtype=np.int64)
    rows = np.concatenate([*spans, np.zeros(0, dtype=np.uint32)]).astype(np.int64)
    own = run.visits_at(rows)
    enter = np.maximum(own.enter, np.repeat(floor[there], number))
    keep = own.leave >= enter
    return own.person[keep], own.place[keep], enter[keep], own.leave[keep]


def _positions(sorted_values: Ints, wanted: Ints) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Position of each wanted value among rising ones, and whether it is there."""
    if sorted_values.size == 0:
        return np.zeros(wanted.size, dtype=np.int64), np.zeros(wanted.size, dtype=np.bool_)
    place = np.minimum(np.searchsorted(sorted_values, wanted), sorted_values.size - 1)
    return place, sorted_values[place] == wanted


def meetings(store: VisitStore, sources: Visits, *, least_minutes: int) -> Meetings:
    """All visits that share at least so many minutes with one of the source visits.

    overlap = min(leave, leave') - max(enter, enter') >= least_minutes, same place, another person.

    Args:
        store: indexed visits.
        sources: visits of the infectious, from `visits_of` or `checked_visits`.
        least_minutes: >= 1.

    Returns:
        Meetings; a person may be exposed by several visits.

    Raises:
        NumericsError: "argument.too_small".

    Source: own definition, the formula above.
    """
    at_least(least_minutes, 1, name="least_minutes")
    parts = [_met(run, sources, least_minutes) for run in store.runs]
    if len(parts) == 1:
        return Meetings(*parts[0])
    none = np.zeros((5, 0), dtype=np.int64)
    return Meetings(*np.concatenate([none, *parts], axis=1))


def _met(run: VisitIndex, sources: Visits, least_minutes: int) -> Ints:
    """Exposed, source, place, start and end of the meetings in one run."""
    from bihuan_analytics.contacts import searching as compiled

    person, known = _positions(run.persons, sources.person)
    place, there = _positions(run.places, sources.place)
    asked = compiled.Sources(
        person=np.where(known, person, -1),
        place=np.where(there, place, -1),
        enter=sources.enter,
        leave=sources.leave,
    )
    searched = compiled.Run(run.span, run.group_start, run.longest, run.stays)
    shared = np.empty((5, ROOM + min(128 * asked.place.size, ROOM_AT_ONCE)), dtype=np.int64)
    visit, found = compiled.company(asked, searched, least_minutes, (0, 0), shared)
    while visit < asked.place.size:
        shared = np.concatenate([shared, np.empty_like(shared)], axis=1)
        visit, found = compiled.company(asked, searched, least_minutes, (visit, found), shared)
    compiled.name(found, run.persons, sources.person, sources.place, shared)
    return shared[:, :found]


def exposures(found: Meetings) -> Exposure:
    """Roll meetings up into one row for each exposed person.

    Args:
        found: from `meetings` or `second_order`.

    Returns:
        Exposure, shape (P,); minutes = sum of the lengths of a person's meetings.

    Raises:
        Nothing: what is given was checked.

    Source: own definition.
    """
    from bihuan_analytics.contacts import searching as compiled

    order = _by_person(found.exposed)
    columns = found.exposed, _in_runs(found.source), found.start, found.end
    return Exposure(*compiled.rolled(*(column[order] for column in columns)))


def _in_runs(values: Ints) -> Ints:
    """Values numbered from 0; quick where equal ones stand side by side."""
    first = np.flatnonzero(np.r_[True, values[1:] != values[:-1]][: values.size])
    number = np.unique(values[first], return_inverse=True)[1]
    return np.repeat(number, np.diff(np.r_[first, values.size]))


def _by_person(person: Ints) -> Ints:
    """Order of the meetings by person: person and position in one number where they fit."""
    bits = person.size.bit_length()
    if person.size == 0 or (int(person.max()) - int(person.min())).bit_length() + bits > 63:
        return np.argsort(person, kind="stable")
    both = ((person - person.min()) << bits) | np.arange(person.size)
    both.sort()
    order: Ints = both & ((1 << bits) - 1)
    return order


def second_order(
    store: VisitStore, found: Meetings, *, least_minutes: int, incubation_minutes: int
) -> Meetings:
    """Who met the exposed after they may have become infectious themselves.

    Args:
        store, least_minutes: as in `meetings`.
        found: first-order meetings.
        incubation_minutes: from the first exposure until a person may infect, >= 0.

    Returns:
        Meetings whose sources are the exposed; the first sources are left out.

    Raises:
        NumericsError: "argument.too_small".

    Source: own definition: a source is infectious from first contact + incubation_minutes on.
    """
    at_least(incubation_minutes, 0, name="incubation_minutes")
    exposed = exposures(found)
    sources = visits_of(store, exposed.person, since=exposed.first + incubation_minutes)
    onward = meetings(store, sources, least_minutes=least_minutes)
    fresh = ~np.isin(onward.exposed, np.unique(found.source))
    return Meetings(
        exposed=onward.exposed[fresh],
        source=onward.source[fresh],
        place=onward.place[fresh],
        start=onward.start[fresh],
        end=onward.end[fresh],
    )


def place_risks(found: Meetings, *, weight: npt.ArrayLike | None = None) -> PlaceRisk:
    """Rank places by person-minutes of contact.

    Args:
        found: meetings.
        weight: shape (N,), >= 0, of each meeting (ventilation, masks); None: 1. Weighted minutes
            are rounded to whole ones.

    Returns:
        PlaceRisk; equal places in order of their number.

    Raises:
        NumericsError: "weight.shape"; what `not_negative` raises.

    Source: own definition: minutes = sum of the lengths of the meetings there, times the weights.
    """
    factor: Floats = np.ones(found.place.size)
    if weight is not None:
        factor = np.atleast_1d(not_negative(weight, name="weight"))
        if factor.shape != found.place.shape:
            raise NumericsError("weight.shape", expected=found.place.shape, shape=factor.shape)
    place, code = np.unique(found.place, return_inverse=True)
    minutes = np.rint(np.bincount(code, weights=found.minutes * factor, minlength=place.size))
    order = np.argsort(-minutes, kind="stable")
    return PlaceRisk(
        place=place[order],
        minutes=minutes[order].astype(np.int64),
        sources=_distinct(code, found.source, place.size)[order],
        exposed=_distinct(code, found.exposed, place.size)[order],
    )


def _distinct(code: Ints, values: Ints, size: int) -> Ints:
    """Number of distinct values for each code."""
    pairs = np.unique(np.stack([code, values]), axis=1)
    return np.bincount(pairs[0], minlength=size)
